import type { AppView } from '../../../src-shared/ipc/app.ts';
import { ConnectAssistant } from './ConnectAssistant.tsx';
import styles from './ConnectForm.module.css';

/** One more account, from anywhere: the form at once, with the way through Dropbox's console beside it. */
export function ConnectForm({ app, connected }: { app: AppView; connected?: () => void }) {
  return (
    <div className={styles.place}>
      <ConnectAssistant app={app} start="form" keptAs="setup.another" {...(connected && { connected })} />
    </div>
  );
}
