import { Button } from '@mantine/core';
import { create } from 'zustand';
import { allActions, useActionsStore, type Action } from '../stores/actions-store.ts';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { KeyHint } from '../ui/KeyHint.tsx';
import { t } from '../ui/words.ts';
import styles from './ShortcutSheet.module.css';

const useSheet = create<{ readonly opened: boolean }>()(() => ({ opened: false }));

export function openShortcuts(): void {
  useSheet.setState({ opened: true });
}

/** Keys of tables and lists, which are no actions of their own. */
const LISTS: readonly (readonly [string, string])[] = [
  ['ArrowDown', 'shortcuts.move'],
  ['shift+ArrowDown', 'shortcuts.extend'],
  ['space', 'shortcuts.toggle'],
  ['mod+a', 'shortcuts.all'],
  ['Enter', 'shortcuts.open'],
  ['shift+F10', 'shortcuts.menu'],
];

/** All shortcuts that work now, by group. */
export function ShortcutSheet() {
  const close = (): void => useSheet.setState({ opened: false });
  const opened = useSheet((store) => store.opened);
  const owners = useActionsStore((store) => store.owners);
  const groups = Map.groupBy(
    allActions(owners).filter((action) => action.shortcut !== undefined),
    (action) => action.group,
  );
  return (
    <Dialog opened={opened} close={close} title={t('actions.shortcuts')} wide>
      <div className={styles.groups}>
        {[...groups].map(([group, actions]) => (
          <Group key={group} title={t(group)} lines={unique(actions)} />
        ))}
        <Group title={t('shortcuts.lists')} lines={LISTS.map(([shortcut, words]) => ({ shortcut, words }))} />
      </div>
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.close')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

interface Line {
  readonly shortcut?: string;
  readonly words: string;
}

function Group({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <section className={styles.group}>
      <h3>{title}</h3>
      <dl>
        {lines.map(({ shortcut, words }) => (
          <div key={words} className={styles.line}>
            <dt>{t(words)}</dt>
            <dd>{shortcut !== undefined && <KeyHint shortcut={shortcut} />}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function unique(actions: readonly Action[]): readonly Action[] {
  return [...new Map(actions.map((action) => [action.id, action])).values()];
}
