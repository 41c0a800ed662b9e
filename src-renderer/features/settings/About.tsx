import { Button } from '@mantine/core';
import { useApp } from '../../stores/app-store.ts';
import { call } from '../../bridge/bridge.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';

/** Which version this is, and where things are. */
export function About() {
  const app = useApp((store) => store.app);
  if (app === null) return null;
  return (
    <>
      <dl className={styles.facts}>
        <dt>{t('settings.version')}</dt>
        <dd className="selectable">{app.version}</dd>
        <dt>{t('settings.documents')}</dt>
        <dd className="selectable">{app.documents}</dd>
        <dt>{t('settings.tokens')}</dt>
        <dd>{t(`setup.tokensKept.${app.tokensKept}`)}</dd>
      </dl>
      <Button variant="default" size="xs" onClick={() => void attempt(() => call('app.showDocuments', {}))}>
        {t('status.openFolder')}
      </Button>
    </>
  );
}
