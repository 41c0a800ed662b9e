// Which notifications of the system people get, from which account.

import { Checkbox } from '@mantine/core';
import type { Account } from '../../../src-shared/ipc/settings.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../../src-shared/notify-views.ts';
import { call } from '../../bridge/bridge.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';
import { useAnswer } from './use-answer.ts';

const ask = () => call('settings.accounts', { ask: false });

export function Notifications() {
  const { value, error, reload } = useAnswer(ask);
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  if (value.length === 0) return <p className={styles.soft}>{t('settings.noAccounts')}</p>;
  const set = async ({ client: { name }, notices }: Account, kind: NoticeKind, on: boolean): Promise<void> => {
    const kinds = NOTICE_KINDS.filter((one) => (one === kind ? on : notices.includes(one)));
    if (await attempt(() => call('client.notices', { name, kinds }))) reload();
  };
  return (
    <>
      <p className={styles.soft}>{t('settings.noticesText')}</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.tellMe')}</th>
            {value.map(({ client }) => (
              <th key={client.name} scope="col">
                {client.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {NOTICE_KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">{t(`settings.notice.${kind}`)}</th>
              {value.map((account) => (
                <td key={account.client.name}>
                  <Checkbox
                    size="xs"
                    aria-label={`${account.client.name}: ${t(`settings.notice.${kind}`)}`}
                    checked={account.notices.includes(kind)}
                    onChange={(event) => void set(account, kind, event.currentTarget.checked)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
