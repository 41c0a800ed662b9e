// Which notifications of the system people get, from which account.

import { Checkbox } from '@mantine/core';
import { useState } from 'react';
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
  // What is asked for shows at once, and two quick clicks do not undo each other.
  const [asked, setAsked] = useState<Readonly<Record<string, readonly NoticeKind[]>>>({});
  if (error !== null) return <Failure title={t('settings.error')} message={error} retry={reload} />;
  if (value === null) return <Loading />;
  if (value.length === 0) return <p className={styles.soft}>{t('settings.noAccounts')}</p>;
  const wanted = ({ client: { name }, notices }: Account): readonly NoticeKind[] => asked[name] ?? notices;
  const set = async (account: Account, kind: NoticeKind, on: boolean): Promise<void> => {
    const { name } = account.client;
    const kinds = NOTICE_KINDS.filter((one) => (one === kind ? on : wanted(account).includes(one)));
    setAsked({ ...asked, [name]: kinds });
    if (await attempt(() => call('client.notices', { name, kinds }))) return;
    setAsked(({ [name]: _refused, ...others }) => others);
    reload();
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
                    checked={wanted(account).includes(kind)}
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
