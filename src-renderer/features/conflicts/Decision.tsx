// The three answers to a conflict, each with what it does to which side. For one conflict, or for several at once.

import { Button } from '@mantine/core';
import { Cloud, Files, Monitor, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { SETTLEMENTS, type Conflict, type Settlement } from '../../../src-shared/ipc/conflicts.ts';
import { useActions } from '../../stores/actions-store.ts';
import { KeyHint } from '../../ui/KeyHint.tsx';
import { t } from '../../ui/words.ts';
import { settle } from './settle.ts';
import styles from './Decision.module.css';

const ICONS: Readonly<Record<Settlement, LucideIcon>> = {
  'keep-here': Monitor,
  'keep-dropbox': Cloud,
  'keep-both': Files,
};

export function Decision({ conflicts }: { conflicts: readonly Conflict[] }) {
  const [busy, setBusy] = useState<Settlement | null>(null);
  const decide = async (settlement: Settlement): Promise<void> => {
    if (busy !== null) return;
    setBusy(settlement);
    await settle(conflicts, settlement);
    setBusy(null);
  };
  useActions(
    SETTLEMENTS.map((settlement, index) => ({
      id: `conflicts.${settlement}`,
      words: `conflicts.${settlement}`,
      group: 'nav.conflicts',
      icon: ICONS[settlement],
      shortcut: shortcutOf(index),
      run: () => void decide(settlement),
    })),
  );
  return (
    <ul className={styles.answers}>
      {SETTLEMENTS.map((settlement, index) => {
        const Icon = ICONS[settlement];
        return (
          <li key={settlement} className={styles.answer}>
            <Button
              variant="default"
              fullWidth
              leftSection={<Icon aria-hidden size={15} />}
              loading={busy === settlement}
              disabled={busy !== null && busy !== settlement}
              aria-describedby={`what-${settlement}`}
              rightSection={
                <span aria-hidden className={styles.keys}>
                  <KeyHint shortcut={shortcutOf(index)} />
                </span>
              }
              onClick={() => void decide(settlement)}
            >
              {t(`conflicts.${settlement}`)}
            </Button>
            <p id={`what-${settlement}`} className={styles.what}>
              {t(`conflicts.what.${settlement}`)}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function shortcutOf(index: number): string {
  return `alt+${index + 1}`;
}
