import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DocumentType } from '../../../src-shared/ipc/settings.ts';
import { call } from '../../bridge/bridge.ts';
import { Form } from '../../ui/Form.tsx';
import { tell } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';

/** Ready-made kinds of ERP objects, by the names that Odoo gives them. */
const READY = ['sale.order', 'purchase.order', 'account.move', 'hr.employee', 'project.project'] as const;

/** A document type is a kind of ERP object: one of the usual ones with a click, or another by name. */
export function AddType({ types, changed }: { types: readonly DocumentType[]; changed: () => void }) {
  const [name, setName] = useState('');
  const [label, setLabel] = useState('');
  const add = async (type: string, word: string): Promise<void> => {
    if (!(await attempt(() => call('catalog.addType', { name: type, label: word })))) return;
    tell(t('settings.saved'), word);
    setName('');
    setLabel('');
    changed();
  };
  const missing = READY.filter((one) => types.every((type) => type.name !== one));
  return (
    <>
      <div className={styles.row}>
        {missing.map((one) => {
          const word = t(`settings.ready.${one.replaceAll('.', '-')}`);
          return (
            <Button key={one} variant="default" size="compact-sm" onClick={() => void add(one, word)}>
              {t('settings.addReady', { label: word })}
            </Button>
          );
        })}
      </div>
      <Form className={styles.form} submit={() => add(name, label)}>
        <div className={styles.row}>
          <TextInput
            className={styles.grow}
            label={t('settings.typeName')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            className={styles.grow}
            label={t('settings.typeLabel')}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" disabled={name.trim() === '' || label.trim() === ''}>
            {t('settings.addType')}
          </Button>
        </div>
      </Form>
    </>
  );
}
