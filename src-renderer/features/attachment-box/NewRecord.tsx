import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import type { DocumentType } from '../../../src-shared/ipc/settings.ts';
import { call } from '../../bridge/bridge.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { t } from '../../ui/words.ts';

interface NewRecordProps {
  readonly opened: boolean;
  readonly types: readonly DocumentType[];
  /** The type that is looked at. */
  readonly type: string;
  readonly close: () => void;
  readonly made: (record: BoxRecord) => void;
}

/** One record by hand, for what no ERP and no file knows. */
export function NewRecord({ opened, types, type, close, made }: NewRecordProps) {
  return (
    <Dialog opened={opened} close={close} title={t('box.new.title')}>
      {opened && <Form types={types} type={type} close={close} made={made} />}
    </Dialog>
  );
}

function Form({ types, type, close, made }: Omit<NewRecordProps, 'opened'>) {
  const [chosen, setChosen] = useState(type === '' ? (types[0]?.name ?? '') : type);
  const [ref, setRef] = useState('');
  const [name, setName] = useState('');
  const add = async (): Promise<void> => {
    const number = ref.trim();
    made(await call('records.add', { type: chosen, ref: number, name: name.trim() === '' ? number : name }));
  };
  return (
    <DialogForm close={close} confirm={t('box.new.yes')} disabled={ref.trim() === ''} run={add}>
      <TextInput
        label={t('box.new.ref')}
        // The number is what the dialog is opened for.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={ref}
        onChange={(event) => setRef(event.currentTarget.value)}
      />
      <TextInput
        label={t('box.new.name')}
        description={t('box.new.nameHint')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('box.type')}
        value={chosen}
        data={types.map(({ name: value, label }) => ({ value, label }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
