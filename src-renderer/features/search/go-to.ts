// From anywhere to a document or folder, shown and selected in its place.

import { sentence } from '../../bridge/bridge.ts';
import { useFolders } from '../../stores/folder-store.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';

/** `path` is relative to the documents folder. */
export function goToPath(path: string): void {
  const moved = navigate('documents');
  useFolders
    .getState()
    .goTo(path, !moved)
    .catch((error: unknown) => warn(t('search.label'), sentence(error)));
}
