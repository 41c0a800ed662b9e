import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import type { LogFilter } from '../../../src-shared/ipc/log.ts';
import { LOG_FORMATS, type LogFormat } from '../../../src-shared/log-views.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { Dialog, DialogButtons } from '../../ui/Dialog.tsx';
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const write = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const done = await call('log.export', { filter: all ? {} : filter, format });
      if (done !== null) {
        tell(counted('log.exported', done.rows), `${done.file} · ${formatBytes(done.bytes)}`);
        close();
      }
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.form}>
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
      {error !== null && (
        <p role="alert" className={`${styles.error} selectable`}>
          {error}
        </p>
      )}
      <DialogButtons>
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button loading={busy} onClick={() => void write()}>
          {t('log.exportYes')}
        </Button>
      </DialogButtons>
    </div>
  );
}
