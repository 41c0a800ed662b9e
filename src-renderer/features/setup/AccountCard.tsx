import { CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ConnectedAccount } from '../../../src-shared/ipc/setup.ts';
import { call } from '../../bridge/bridge.ts';
import { formatBytes, formatFacts } from '../../ui/format.ts';
import { t } from '../../ui/words.ts';
import styles from './AccountCard.module.css';

/** Whose Dropbox is connected now: picture or initials, name, e-mail, how full it is. */
export function AccountCard({ name }: { name: string }) {
  const [account, setAccount] = useState<ConnectedAccount | null>(null);
  const [photo, setPhoto] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    // Without an answer the name of the account stands alone.
    call('account.card', { name }).then(
      (answer) => !gone && setAccount(answer),
      () => {},
    );
    call('account.photo', { name }).then(
      ({ image }) => !gone && setPhoto(image),
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [name]);
  return (
    <div role="status" className={styles.card}>
      <Avatar name={account?.name ?? name} photo={photo} />
      <div className={styles.facts}>
        <strong>{account?.name ?? name}</strong>
        {account !== null && <span>{formatFacts(factsOf(account))}</span>}
      </div>
      <span className={styles.good}>
        <CircleCheck aria-hidden size={16} />
        {t('setup.isConnected', { name })}
      </span>
    </div>
  );
}

function factsOf({ email, team, space }: ConnectedAccount): readonly string[] {
  const room =
    space === null
      ? []
      : [
          space.allowed === null
            ? formatBytes(space.used)
            : t('dashboard.spaceUsed', { used: formatBytes(space.used), allowed: formatBytes(space.allowed) }),
        ];
  return [email, ...(team === null ? [] : [team]), ...room];
}

export function Avatar({ name, photo }: { name: string; photo: string | null }) {
  if (photo !== null) return <img className={styles.avatar} src={photo} alt="" />;
  return (
    <span aria-hidden className={styles.avatar}>
      {initials(name)}
    </span>
  );
}

/** Of the first and the last word. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return [words[0] ?? '', last].map((word) => Array.from(word)[0]?.toLocaleUpperCase() ?? '').join('');
}
