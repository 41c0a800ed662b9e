// What can be done with a record itself: another name, or away with it; what becomes of its folder is said before.

import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { Ellipsis, FilePen, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import { call } from '../../bridge/bridge.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { DialogForm } from '../../ui/DialogForm.tsx';
import { counted, t } from '../../ui/words.ts';

interface RecordMenuProps {
  readonly record: BoxRecord;
  /** Documents in its folder. */
  readonly files: number;
  readonly changed: (record: BoxRecord | null) => void;
}

export function RecordMenu({ record, files, changed }: RecordMenuProps) {
  const [asked, setAsked] = useState<'rename' | 'remove' | null>(null);
  const close = (): void => setAsked(null);
  const { type, ref, name } = record;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t('box.more', { name })} title={t('box.more', { name })}>
            <Ellipsis aria-hidden size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<FilePen aria-hidden size={14} />} onClick={() => setAsked('rename')}>
            {t('box.rename.open')}
          </Menu.Item>
          <Menu.Item leftSection={<Trash2 aria-hidden size={14} />} onClick={() => setAsked('remove')}>
            {t('box.remove.open')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={asked === 'rename'} close={close} title={t('box.rename.title', { name })}>
        {asked === 'rename' && <Rename record={record} close={close} changed={changed} />}
      </Dialog>
      <ConfirmDialog
        opened={asked === 'remove'}
        close={close}
        title={t('box.remove.title', { name })}
        confirm={t('box.remove.yes')}
        danger
        run={async () => {
          await call('records.remove', { type, ref });
          changed(null);
        }}
      >
        {record.folder === null ? t('box.remove.plain') : counted('box.remove.text', files)}
      </ConfirmDialog>
    </>
  );
}

function Rename({ record, close, changed }: Omit<RecordMenuProps, 'files'> & { close: () => void }) {
  const [name, setName] = useState(record.name);
  const save = async (): Promise<void> =>
    changed(await call('records.rename', { type: record.type, ref: record.ref, name }));
  const same = name.trim() === '' || name.trim() === record.name;
  return (
    <DialogForm close={close} confirm={t('box.rename.yes')} disabled={same} run={save}>
      <TextInput
        label={t('box.new.name')}
        description={t('box.rename.hint')}
        // The name is what the dialog is opened for.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
