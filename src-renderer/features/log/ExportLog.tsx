import { Radio } from '@mantine/core';
import { useState } from 'react';
import type { LogFilter } from '../../../src-shared/ipc/log.ts';
import { LOG_FORMATS, type LogFormat } from '../../../src-shared/log-views.ts';
import { call } from '../../bridge/bridge.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { formatBytes } from '../../ui/format.ts';
import { tell } from '../../ui/notify.ts';
import { counted, t } from '../../ui/words.ts';
import styles from './LogDialogs.module.css';

interface ExportLogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly filter: LogFilter;
  readonly filtered: boolean;
}

/** The log as a file: all of it, or what the filter shows. */
export function ExportLog({ opened, close, filter, filtered }: ExportLogProps) {
  return (
    <Dialog opened={opened} close={close} title={t('log.exportTitle')}>
      <Choices filter={filter} filtered={filtered} close={close} />
    </Dialog>
  );
}

function Choices({ filter, filtered, close }: Omit<ExportLogProps, 'opened'>) {
  const [format, setFormat] = useState<LogFormat>('csv');
  const [all, setAll] = useState(!filtered);
  /** False where no file was chosen. */
  const write = async (): Promise<boolean> => {
    const done = await call('log.export', { filter: all ? {} : filter, format });
    if (done === null) return false;
    tell(counted('log.exported', done.rows), `${done.file} · ${formatBytes(done.bytes)}`);
    return true;
  };
  return (
    <DialogForm close={close} confirm={t('log.exportYes')} run={write}>
      <Radio.Group
        label={t('log.format')}
        value={format}
        onChange={(value) => setFormat(LOG_FORMATS.find((one) => one === value) ?? 'csv')}
      >
        <div className={styles.choices}>
          {LOG_FORMATS.map((one) => (
            <Radio key={one} size="xs" value={one} label={t(`log.formats.${one}`)} />
          ))}
        </div>
      </Radio.Group>
      {filtered && (
        <Radio.Group
          label={t('log.whichLines')}
          value={all ? 'all' : 'filtered'}
          onChange={(value) => setAll(value === 'all')}
        >
          <div className={styles.choices}>
            <Radio size="xs" value="filtered" label={t('log.linesFiltered')} />
            <Radio size="xs" value="all" label={t('log.linesAll')} />
          </div>
        </Radio.Group>
      )}
    </DialogForm>
  );
}
