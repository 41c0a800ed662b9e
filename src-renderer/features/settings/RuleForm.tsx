import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { FolderClosed } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { DocumentType, Rule, RulePreview } from '../../../src-shared/ipc/settings.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { useApp } from '../../stores/app-store.ts';
import { DialogButtons } from '../../ui/Dialog.tsx';
import { Form } from '../../ui/Form.tsx';
import { formatCount } from '../../ui/format.ts';
import { tell } from '../../ui/notify.ts';
import { counted, said, t } from '../../ui/words.ts';
import { attempt } from './attempt.ts';
import styles from './Settings.module.css';

/** Milliseconds of rest before the preview is asked for. */
const REST = 200;

interface RuleFormProps {
  readonly types: readonly DocumentType[];
  /** The rule that is changed; without it a new one is made. */
  readonly rule?: Rule;
  readonly changed: () => void;
  readonly cancel?: () => void;
}

/** A rule with the folders that it makes, shown while it is written. */
export function RuleForm({ types, rule, changed, cancel }: RuleFormProps) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const [chosenType, setType] = useState(rule?.type ?? '');
  const [chosenClient, setClient] = useState(rule?.client ?? '');
  const [filter, setFilter] = useState(rule?.filter ?? '');
  const [pattern, setPattern] = useState(rule?.pattern ?? '{name}');
  const [names, setNames] = useState(rule?.subfolders.join(', ') ?? '');
  const type = chosenType === '' ? (types[0]?.name ?? '') : chosenType;
  const client = chosenClient === '' ? (clients[0]?.name ?? '') : chosenClient;
  const subfolders = names.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const [existing, setExisting] = useState(false);
  const added = rule === undefined ? [] : subfolders.filter((one) => !rule.subfolders.includes(one));
  const preview = usePreview(type, filter, pattern);
  if (types.length === 0 || clients.length === 0) {
    return <p className={styles.soft}>{t(types.length === 0 ? 'settings.noTypes' : 'settings.noAccounts')}</p>;
  }
  const save = async (): Promise<void> => {
    const saved = await attempt(() =>
      rule === undefined
        ? call('rule.add', { type, client, filter, pattern, subfolders })
        : call('rule.update', { id: rule.id, filter, pattern, subfolders, existing }),
    );
    if (!saved) return;
    tell(t('settings.saved'), t('settings.savedRule'));
    changed();
  };
  return (
    <Form className={styles.form} submit={save}>
      {rule === undefined && (
        <div className={styles.row}>
          <NativeSelect
            className={styles.grow}
            label={t('settings.rule.type')}
            value={type}
            data={types.map(({ name, label }) => ({ value: name, label }))}
            onChange={(event) => setType(event.currentTarget.value)}
          />
          <NativeSelect
            className={styles.grow}
            label={t('settings.rule.account')}
            value={client}
            data={clients.map(({ name }) => name)}
            onChange={(event) => setClient(event.currentTarget.value)}
          />
        </div>
      )}
      <TextInput
        label={t('settings.rule.filter')}
        description={t('settings.rule.filterHint')}
        value={filter}
        error={preview === null || preview.problem === null ? false : said(preview.problem)}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <div className={styles.row}>
        <TextInput
          className={styles.grow}
          label={t('settings.rule.pattern')}
          value={pattern}
          onChange={(event) => setPattern(event.currentTarget.value)}
        />
        <TextInput
          className={styles.grow}
          label={t('settings.rule.subfolders')}
          value={names}
          onChange={(event) => setNames(event.currentTarget.value)}
        />
      </div>
      {preview !== null && preview.problem === null && <Folders preview={preview} subfolders={subfolders} />}
      {rule !== undefined && subfolders.length > 0 && (
        <Checkbox
          size="xs"
          label={t(added.length > 0 ? 'settings.rule.existingNew' : 'settings.rule.existing')}
          description={t('settings.rule.existingHint')}
          checked={existing}
          onChange={(event) => setExisting(event.currentTarget.checked)}
        />
      )}
      {rule !== undefined && <p className={styles.soft}>{t('settings.rule.editHint')}</p>}
      <Buttons cancel={cancel}>
        <Button type="submit" size="xs" disabled={preview === null || preview.problem !== null}>
          {t(rule === undefined ? 'settings.addRuleYes' : 'settings.save')}
        </Button>
      </Buttons>
    </Form>
  );
}

/** In a dialog at its end, with the way out of it. */
function Buttons({ cancel, children }: { cancel: (() => void) | undefined; children: ReactNode }) {
  if (cancel === undefined) return <div className={styles.row}>{children}</div>;
  return (
    <DialogButtons>
      <Button variant="default" size="xs" onClick={cancel}>
        {t('app.cancel')}
      </Button>
      {children}
    </DialogButtons>
  );
}

function usePreview(type: string, filter: string, pattern: string): RulePreview | null {
  const [preview, setPreview] = useState<RulePreview | null>(null);
  useEffect(() => {
    if (type === '') return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      call('rule.preview', { type, filter, pattern, subfolders: [] }).then(
        (answer) => !gone && setPreview(answer),
        (error: unknown) => !gone && setPreview({ matched: 0, total: 0, folders: [], problem: sentence(error) }),
      );
    }, REST);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [type, filter, pattern]);
  return preview;
}

function Folders({ preview, subfolders }: { preview: RulePreview; subfolders: readonly string[] }) {
  const { matched, total, folders } = preview;
  return (
    <div>
      <p role="status" className={styles.soft}>
        {counted('settings.matched', matched, { total: formatCount(total) })}
      </p>
      {folders.length > 0 && (
        // A list that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ul className={styles.tree} tabIndex={0} aria-label={t('settings.foldersMade')}>
          {folders.map((name, index) => (
            <li key={`${index}-${name}`}>
              <FolderClosed aria-hidden size={13} /> {name}
              {subfolders.length > 0 && <span className={styles.soft}> › {subfolders.join(', ')}</span>}
            </li>
          ))}
          {matched > folders.length && <li>{counted('settings.moreFolders', matched - folders.length)}</li>}
        </ul>
      )}
    </div>
  );
}
