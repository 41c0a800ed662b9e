import { Button } from '@mantine/core';
import { ExternalLink } from 'lucide-react';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import styles from './Steps.module.css';

const CONSOLE = 'https://www.dropbox.com/developers/apps/create';

/** The permissions that Docktide asks for, by the names that the app console shows. */
const PERMISSIONS = [
  'account_info.read',
  'files.metadata.read',
  'files.metadata.write',
  'files.content.read',
  'files.content.write',
  'sharing.read',
  'sharing.write',
];

export function Steps({ app }: { app: AppView }) {
  const open = (): void => {
    call('app.openExternal', { address: CONSOLE }).catch((error: unknown) => warn(t('setup.console'), sentence(error)));
  };
  return (
    <aside className={styles.steps} aria-labelledby="steps">
      <h2 id="steps">{t('setup.steps')}</h2>
      <ol>
        <li>{t('setup.step1')}</li>
        <li>{t('setup.step2')}</li>
        <li>
          {t('setup.step3')}
          <ul className="selectable">
            {PERMISSIONS.map((permission) => (
              <li key={permission}>{permission}</li>
            ))}
          </ul>
        </li>
        <li>
          {t('setup.step4')}
          <ul className="selectable">
            {app.redirectAddresses.map((address) => (
              <li key={address}>{address}</li>
            ))}
          </ul>
        </li>
        <li>{t('setup.step5')}</li>
      </ol>
      <Button variant="default" rightSection={<ExternalLink aria-hidden size={13} />} onClick={open}>
        {t('setup.console')}
      </Button>
    </aside>
  );
}
