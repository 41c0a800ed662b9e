// A change that a person makes in the settings: it is told where it does not come about.

import { sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

/** Answers whether it came about. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    warn(t('settings.notChanged'), sentence(error));
    return false;
  }
}
