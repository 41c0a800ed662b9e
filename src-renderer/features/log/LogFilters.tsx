import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Search, X } from 'lucide-react';
import { useApp } from '../../stores/app-store.ts';
import { t } from '../../ui/words.ts';
import { EVERYTHING, GROUPS, isEverything, SPANS, type Choice, type Group } from './log-filter.ts';
import styles from './LogFilters.module.css';

interface LogFiltersProps {
  readonly choice: Choice;
  readonly change: (choice: Choice) => void;
}

/** Which lines are shown; all that is chosen must hold. */
export function LogFilters({ choice, change }: LogFiltersProps) {
  const clients = useApp((store) => store.app?.clients) ?? [];
  const set = (part: Partial<Choice>): void => change({ ...choice, ...part });
  const names = clients.map(({ name }) => name);
  if (choice.client !== '' && !names.includes(choice.client)) names.push(choice.client);
  return (
    <search className={styles.filters} aria-label={t('log.filters')}>
      <TextInput
        size="xs"
        className={styles.text}
        aria-label={t('log.text')}
        placeholder={t('log.text')}
        leftSection={<Search aria-hidden size={13} />}
        value={choice.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        className={styles.record}
        aria-label={t('log.record')}
        placeholder={t('log.record')}
        value={choice.record}
        onChange={(event) => set({ record: event.currentTarget.value })}
      />
      <Choices
        label={t('log.span')}
        value={choice.span}
        options={SPANS.map((span) => [span, t(`log.spans.${span}`)] as const)}
        change={(span) => set({ span })}
      />
      {choice.span === 'own' && <Days choice={choice} set={set} />}
      <Choices
        label={t('log.group')}
        value={choice.group}
        options={[
          ['', t('log.groups.all')] as const,
          ...(Object.keys(GROUPS) as Group[]).map((group) => [group, t(`log.groups.${group}`)] as const),
        ]}
        change={(group) => set({ group })}
      />
      <Choices
        label={t('log.level')}
        value={choice.level}
        options={(['info', 'warning', 'error'] as const).map((level) => [level, t(`log.levels.${level}`)] as const)}
        change={(level) => set({ level })}
      />
      <Choices
        label={t('log.direction')}
        value={choice.direction}
        options={(['', 'direct', 'backward', 'reverse'] as const).map(
          (direction) => [direction, t(`log.directions.${direction === '' ? 'all' : direction}`)] as const,
        )}
        change={(direction) => set({ direction })}
      />
      {names.length > 1 && (
        <Choices
          label={t('log.client')}
          value={choice.client}
          options={[['', t('log.allClients')] as const, ...names.map((name) => [name, name] as const)]}
          change={(client) => set({ client })}
        />
      )}
      {!isEverything(choice) && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<X aria-hidden size={13} />}
          onClick={() => change(EVERYTHING)}
        >
          {t('log.showAll')}
        </Button>
      )}
    </search>
  );
}

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly change: (value: T) => void;
}

function Choices<T extends string>({ label, value, options, change }: ChoicesProps<T>) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      data={options.map(([one, word]) => ({ value: one, label: word }))}
      onChange={(event) => {
        const chosen = options.find(([one]) => one === event.currentTarget.value);
        if (chosen !== undefined) change(chosen[0]);
      }}
    />
  );
}

function Days({ choice, set }: { choice: Choice; set: (part: Partial<Choice>) => void }) {
  return (
    <span className={styles.days}>
      <TextInput
        type="date"
        size="xs"
        aria-label={t('log.from')}
        max={choice.to}
        value={choice.from}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <span aria-hidden>–</span>
      <TextInput
        type="date"
        size="xs"
        aria-label={t('log.to')}
        min={choice.from}
        value={choice.to}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
    </span>
  );
}
