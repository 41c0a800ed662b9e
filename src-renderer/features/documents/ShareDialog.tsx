import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { tell } from '../../ui/notify.ts';
import { said, t } from '../../ui/words.ts';
import styles from './ShareDialog.module.css';
import { useAnswer } from './use-answer.ts';
import { useView } from './view-store.ts';

const AUDIENCES = ['usual', 'public', 'team'] as const;
type Audience = (typeof AUDIENCES)[number];

/** A link with the limits that the account allows: who, how long, with which password. The risks are said before. */
export function ShareDialog() {
  const sharing = useView((store) => store.sharing);
  const close = (): void => useView.getState().setSharing(null);
  return (
    <Dialog opened={sharing !== null} close={close} title={t('share.title', { name: sharing?.name ?? '' })}>
      {sharing !== null && <ShareForm key={sharing.id} id={sharing.id} close={close} />}
    </Dialog>
  );
}

function ShareForm({ id, close }: { id: number; close: () => void }) {
  const [audience, setAudience] = useState<Audience>('usual');
  const [expires, setExpires] = useState('');
  const [password, setPassword] = useState('');
  const risks = useAnswer(String(id), () => call('files.shareRisks', { id }));

  const share = async (): Promise<void> => {
    const { notes } = await call('files.share', {
      id,
      ...(audience !== 'usual' && { audience }),
      ...(expires !== '' && { expires }),
      ...(password !== '' && { password }),
    });
    tell(t('files.linkCopied'), notes.map(said).join(' '));
  };

  return (
    <DialogForm close={close} confirm={t('share.make')} run={share}>
      {risks.value !== null && risks.value.length > 0 && (
        <ul className={styles.risks}>
          {risks.value.map((risk) => (
            <li key={risk}>{said(risk)}</li>
          ))}
        </ul>
      )}
      <NativeSelect
        label={t('share.audience')}
        value={audience}
        data={AUDIENCES.map((value) => ({ value, label: t(`share.${value}`) }))}
        onChange={(event) => setAudience(AUDIENCES.find((one) => one === event.currentTarget.value) ?? 'usual')}
      />
      <TextInput
        type="date"
        label={t('share.expires')}
        description={t('share.expiresHint')}
        value={expires}
        onChange={(event) => setExpires(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('share.password')}
        description={t('share.passwordHint')}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
