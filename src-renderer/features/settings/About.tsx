import { Button } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { t } from '../../ui/words.ts';
import { ShareLog } from '../log/ShareLog.tsx';
import { attempt } from './attempt.ts';
import { OWN_LICENCE, PARTS, TYPEFACE } from './licences.ts';
import { SettingsTable, type SettingsColumn } from './SettingsTable.tsx';
import styles from './Settings.module.css';

/** Which version this is, where things are, what it is made of, and the file for somebody who helps. */
export function About() {
  const app = useApp((store) => store.app);
  const [sharing, setSharing] = useState(false);
  if (app === null) return null;
  return (
    <>
      <dl className={styles.facts}>
        <dt>{t('settings.version')}</dt>
        <dd className="selectable">{app.version}</dd>
        <dt>{t('settings.documents')}</dt>
        <dd className="selectable">
          <bdi dir="ltr">{app.documents}</bdi>
        </dd>
        <dt>{t('settings.tokens')}</dt>
        <dd>{t(`setup.tokensKept.${app.tokensKept}`)}</dd>
      </dl>
      <div className={styles.row}>
        <Button variant="default" size="xs" onClick={() => void attempt(() => call('app.showDocuments', {}))}>
          {t('status.openFolder')}
        </Button>
        <Button variant="default" size="xs" onClick={() => setSharing(true)}>
          {t('log.share')}
        </Button>
      </div>
      <h3 className={styles.heading}>{t('settings.licences.label')}</h3>
      <Licences />
      <ShareLog opened={sharing} close={() => setSharing(false)} />
    </>
  );
}

function Licences() {
  const columns: readonly SettingsColumn<readonly [string, string, string]>[] = [
    { label: t('settings.licences.part'), cell: ([name]) => name },
    { label: t('settings.version'), cell: ([, version]) => version },
    { label: t('settings.licences.licence'), cell: ([, , licence]) => licence },
  ];
  return (
    <>
      <p className={styles.soft}>{t('settings.licences.text', { licence: OWN_LICENCE })}</p>
      <SettingsTable columns={columns} rows={[...PARTS, TYPEFACE]} keyOf={([name]) => name} />
    </>
  );
}
