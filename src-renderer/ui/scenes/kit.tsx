// The kit by itself.

import { Button } from '@mantine/core';
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { Row } from '../../../src-shared/ipc/documents.ts';
import type { Task } from '../../../src-shared/ipc/sync.ts';
import { fileRow, keyOfRow, manyRows } from '../../gallery/company.ts';
import type { Scene } from '../../gallery/scene.ts';
import { ConfirmDialog } from '../ConfirmDialog.tsx';
import { Empty } from '../Empty.tsx';
import { Failure } from '../Failure.tsx';
import { FileIcon } from '../FileIcon.tsx';
import { typeOf } from '../file-type.ts';
import { compareText, formatBytes } from '../format.ts';
import { KeyHint } from '../KeyHint.tsx';
import { NOTHING, type Selection } from '../selection.ts';
import { EntryState, TaskState } from '../StateMark.tsx';
import { ListTable } from '../table/ListTable.tsx';
import type { Column } from '../table/Table.tsx';

const ENTRY_STATES: readonly Row['state'][] = [
  'synced',
  'pending',
  'uploading',
  'downloading',
  'held',
  'failed',
  'conflict',
  'freed',
  'ignored',
  'unassigned',
];
const TASK_STATES: readonly Task['state'][] = [
  'planned',
  'blocked',
  'running',
  'done',
  'stale',
  'retry',
  'held',
  'failed',
];
const NAMES = 'a.pdf b.png c.xlsx d.txt e.docx f.pptx g.zip h.mp3 i.mp4 j.dwg k.json l.eml m'.split(' ');

function columns(): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      width: 240,
      grow: true,
      compare: (a, b) => compareText(a.name, b.name),
      cell: (row) => (
        <>
          <FileIcon type={typeOf(row).key} />
          {row.name}
        </>
      ),
    },
    { id: 'size', label: 'Size', width: 100, align: 'end', cell: (row) => formatBytes(row.size ?? 0) },
    { id: 'state', label: 'State', width: 140, cell: (row) => <EntryState state={row.state} /> },
  ];
}

function TableOf({ rows, selected }: { rows: readonly Row[]; selected: readonly Row[] }) {
  const [own, setOwn] = useState<Selection>({ ...NOTHING, keys: new Set(selected.map(keyOfRow)) });
  const [shape] = useState(columns);
  return (
    <ListTable
      id="gallery"
      label="Documents"
      columns={shape}
      rows={rows}
      keyOf={keyOfRow}
      order={{ column: 'name', descending: false }}
      selection={own}
      onSelect={setOwn}
    />
  );
}

const few = NAMES.map((name) => fileRow({ name, size: 12_345 }));
const many = manyRows(30_000);

export const scenes: readonly Scene[] = [
  {
    id: 'kit-table',
    title: 'Table with some rows chosen',
    view: () => <TableOf rows={few} selected={few.slice(2, 5)} />,
  },
  { id: 'kit-table-huge', title: 'Table of 30,000 rows', view: () => <TableOf rows={many} selected={[]} /> },
  {
    id: 'kit-states',
    title: 'States of entries and tasks, keys',
    view: () => (
      <>
        {ENTRY_STATES.map((state) => (
          <EntryState key={state} state={state} />
        ))}
        {TASK_STATES.map((state) => (
          <TaskState key={state} state={state} />
        ))}
        <KeyHint shortcut="mod+shift+n" />
      </>
    ),
  },
  {
    id: 'kit-empty',
    title: 'Nothing there',
    view: () => (
      <Empty icon={FolderOpen} title="No folders yet" hint="Make a folder and it gets a twin in Dropbox.">
        <Button>Make a folder</Button>
      </Empty>
    ),
  },
  {
    id: 'kit-failure',
    title: 'Something failed',
    view: () => (
      <Failure
        title="The list cannot be shown"
        message="The database is in use by another program. Close it and try again."
        retry={() => {}}
      />
    ),
  },
  {
    id: 'kit-confirm',
    title: 'A question before something is deleted',
    view: () => (
      <ConfirmDialog opened close={() => {}} title="Delete 3 documents?" confirm="Delete them" danger run={() => {}}>
        They go to the trash for 30 days and can be restored from there.
      </ConfirmDialog>
    ),
  },
];
