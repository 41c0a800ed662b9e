import { Button } from '@mantine/core';
import type { Task } from '../../../src-shared/ipc/sync.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { goToPath } from '../search/go-to.ts';
import type { Fix } from './failure-help.ts';

/** The way to what ends the failure. */
export function FixButton({ task, fix }: { task: Task; fix: Fix }) {
  const run = (): void => {
    if (fix === 'show') goToPath(task.path);
    else if (fix === 'accounts') navigate('settings', { part: 'accounts' });
    else if (fix === 'dashboard') navigate('dashboard');
    else if (fix === 'freeHere') navigate('settings', { part: 'sync' });
    else call('app.showDocuments', {}).catch((error: unknown) => warn(t(`queue.fix.${fix}`), sentence(error)));
  };
  return (
    <Button variant="default" size="compact-xs" aria-label={`${t(`queue.fix.${fix}`)}: ${task.path}`} onClick={run}>
      {t(`queue.fix.${fix}`)}
    </Button>
  );
}
