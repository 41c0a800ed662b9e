import { Checkbox } from '@mantine/core';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { formatBytes } from '../../ui/format.ts';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import styles from './LogDialogs.module.css';

const INSIDE = ['log', 'program', 'queue', 'clients', 'settings', 'figures', 'versions'] as const;
const OUTSIDE = ['secrets', 'links', 'documents'] as const;

/** One file for somebody who helps; what is in it and what is not is said before it is written. */
export function ShareLog({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title={t('log.shareTitle')}>
      <Bundle close={close} />
    </Dialog>
  );
}

function Bundle({ close }: { close: () => void }) {
  const [hideNames, setHideNames] = useState(false);
  /** False where no file was chosen. */
  const write = async (): Promise<boolean> => {
    const done = await call('log.share', { hideNames });
    if (done === null) return false;
    tell(t('log.shared'), `${done.file} · ${formatBytes(done.bytes)} · ${counted('log.linesIn', done.rows)}`);
    return true;
  };
  return (
    <DialogForm close={close} confirm={t('log.shareYes')} run={write}>
      <p>{t('log.shareText')}</p>
      <div className={styles.contents}>
        <div>
          <h3>{t('log.inside')}</h3>
          <ul>
            {INSIDE.map((one) => (
              <li key={one}>
                <Check aria-hidden size={13} color="var(--good)" />
                {t(`log.insides.${one}`)}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>{t('log.outside')}</h3>
          <ul>
            {OUTSIDE.map((one) => (
              <li key={one}>
                <X aria-hidden size={13} color="var(--bad)" />
                {t(`log.outsides.${one}`)}
              </li>
            ))}
          </ul>
        </div>
      </div>
      <Checkbox
        size="xs"
        label={t('log.hideNames')}
        description={t('log.hideNamesHint')}
        checked={hideNames}
        onChange={(event) => setHideNames(event.currentTarget.checked)}
      />
    </DialogForm>
  );
}
