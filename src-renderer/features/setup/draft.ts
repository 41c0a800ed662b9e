// What a person has typed to connect an account, kept while the set-up is left; secrets are not.

import { useState } from 'react';
import { useKept } from '../../stores/preferences-store.ts';
import { t } from '../../ui/words.ts';
import { emailRemark, keyRemark, nameRemark, rootRemark, secretRemark, tokenRemark, type Remark } from './checks.ts';

export interface Draft {
  readonly name: string;
  readonly root: string;
  readonly method: 'app-key' | 'access-token';
  readonly appKey: string;
  readonly team: boolean;
  readonly email: string;
}

export interface Secrets {
  readonly appSecret: string;
  readonly token: string;
}

export type Field = 'name' | 'root' | 'appKey' | 'appSecret' | 'token' | 'email';

/** Remarks by field; a field without one is right. */
export function remarksOf(draft: Draft, secrets: Secrets, others: readonly string[]): Partial<Record<Field, Remark>> {
  const byKey = draft.method === 'app-key';
  const all: Record<Field, Remark | null> = {
    name: nameRemark(draft.name, others),
    root: rootRemark(draft.root),
    appKey: byKey ? keyRemark(draft.appKey) : null,
    appSecret: byKey ? secretRemark(secrets.appSecret, draft.appKey) : null,
    token: byKey ? null : tokenRemark(secrets.token),
    email: draft.team ? emailRemark(draft.email) : null,
  };
  return Object.fromEntries(Object.entries(all).filter(([, remark]) => remark !== null));
}

function isDraft(value: unknown): value is Draft | null {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { name, root, method, appKey, team, email } = value as Partial<Draft>;
  const texts = [name, root, appKey, email].every((one) => typeof one === 'string');
  return texts && typeof team === 'boolean' && (method === 'app-key' || method === 'access-token');
}

/** `key` names where it is kept. */
export function useDraft(key: string) {
  const [kept, keep] = useKept<Draft | null>(key, null, isDraft);
  const [secrets, setSecrets] = useState<Secrets>({ appSecret: '', token: '' });
  const draft = kept ?? {
    name: t('setup.nameDefault'),
    root: t('setup.rootDefault'),
    method: 'app-key',
    appKey: '',
    team: false,
    email: '',
  };
  return {
    draft,
    secrets,
    change: (part: Partial<Draft>) => keep({ ...draft, ...part }),
    changeSecrets: (part: Partial<Secrets>) => setSecrets({ ...secrets, ...part }),
    /** Once it is connected the next one begins anew. */
    forget: () => keep(null),
  };
}

export type DraftState = ReturnType<typeof useDraft>;
