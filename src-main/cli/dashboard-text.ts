// The dashboard as a page of text: one block for each part that was asked for. Pure: figures in, text out.

import type {
  ActivityBucket,
  ActivityFigures,
  Amount,
  ClientFigures,
  DuplicateFigures,
  ExtensionFigures,
  FileFigure,
  FiguresView,
  QueueFigures,
  RecordFigures,
  StorageFigures,
  TypeFigures,
} from '../../src-shared/figures-views.ts';
import type { ClientSpaceView } from '../../src-shared/client-views.ts';
import { count, printable, sizeText, table, timeText, type Column } from './text.ts';

export function dashboardText(view: Partial<FiguresView>): string {
  const blocks: string[] = [];
  const block = (title: string, text: string): void => void blocks.push(`${title}\n${indented(text)}`);
  if (view.storage) block('Documents', storageText(view.storage));
  if (view.clients) block('Clients', clientsText(view.clients));
  if (view.types) block('By document type', table<TypeFigures>(view.types, TYPE_COLUMNS, 'There are none yet.'));
  if (view.records) {
    block('Heaviest records', table<RecordFigures>(view.records, RECORD_COLUMNS, 'No record has documents yet.'));
  }
  if (view.extensions) {
    block('By kind of file', table<ExtensionFigures>(view.extensions, EXTENSION_COLUMNS, 'There are none yet.'));
  }
  if (view.largest) block('Largest', table<FileFigure>(view.largest, FILE_COLUMNS, 'There are none yet.'));
  if (view.oldest) block('Unused for longest', table<FileFigure>(view.oldest, FILE_COLUMNS, 'There are none yet.'));
  if (view.duplicates) block('More than once', duplicatesText(view.duplicates));
  if (view.queue) block('Queue', table<QueueFigures>(view.queue, QUEUE_COLUMNS, 'The queue is empty.'));
  if (view.links)
    block(
      'Links',
      `${count(view.links.count, 'link')} out in the world, ${view.links.public} of them open to whoever has them\n`,
    );
  if (view.activity) block('Activity', activityText(view.activity));
  return blocks.join('\n');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** `12 (3.4 MB)` */
function amountText({ files, bytes }: Amount): string {
  return `${files} (${sizeText(bytes)})`;
}

function storageText({ documents, local, freed, freeable, unassigned }: StorageFigures): string {
  return [
    `All            ${amountText(documents)}`,
    `Here           ${amountText(local)}`,
    `Dropbox only   ${amountText(freed)}`,
    `Can be freed   ${amountText(freeable)}`,
    `Of no client   ${amountText(unassigned)}`,
    '',
  ].join('\n');
}

function clientsText(clients: readonly ClientFigures[]): string {
  return table<ClientFigures>(
    clients,
    [
      { title: 'Client', value: (row) => row.name },
      { title: 'Health', value: (row) => healthText(row) },
      { title: 'Last sync', value: (row) => timeText(row.lastSync) },
      { title: 'Documents', value: (row) => amountText(row.documents), align: 'right' },
      { title: 'Can be freed', value: (row) => amountText(row.freeable), align: 'right' },
      { title: 'Open', value: (row) => row.pending + row.held + row.failed + row.conflicts, align: 'right' },
      { title: 'Room in Dropbox', value: (row) => spaceText(row.space) },
    ],
    'There is no client yet.',
  );
}

function healthText({ health, problems, state }: ClientFigures): string {
  if (problems.length > 0) return `${health} (${problems.join(', ')})`;
  return health === 'stopped' ? `${health} (${state})` : health;
}

/** `1.2 GB of 2.0 GB (60 %)` */
function spaceText(space: ClientSpaceView | null): string {
  if (space === null) return 'not known yet';
  const own = space.allowed === null ? sizeText(space.used) : ofText(space.used, space.allowed);
  return space.team === null ? own : `${own}; team ${ofText(space.team.used, space.team.allowed)}`;
}

function ofText(used: number, allowed: number): string {
  const share = allowed > 0 ? ` (${Math.round((used / allowed) * 100)} %)` : '';
  return `${sizeText(used)} of ${sizeText(allowed)}${share}`;
}

const TYPE_COLUMNS: readonly Column<TypeFigures>[] = [
  { title: 'Type', value: (row) => row.label ?? 'no type' },
  { title: 'Documents', value: (row) => row.files, align: 'right' },
  { title: 'Size', value: (row) => sizeText(row.bytes), align: 'right' },
  { title: 'Here', value: (row) => sizeText(row.local.bytes), align: 'right' },
];

const RECORD_COLUMNS: readonly Column<RecordFigures>[] = [
  { title: 'Record', value: (row) => row.record },
  { title: 'Name', value: (row) => row.name },
  { title: 'Documents', value: (row) => row.files, align: 'right' },
  { title: 'Size', value: (row) => sizeText(row.bytes), align: 'right' },
];

const EXTENSION_COLUMNS: readonly Column<ExtensionFigures>[] = [
  { title: 'Kind', value: (row) => (row.extension === '' ? 'none' : row.extension) },
  { title: 'Documents', value: (row) => row.files, align: 'right' },
  { title: 'Size', value: (row) => sizeText(row.bytes), align: 'right' },
];

const FILE_COLUMNS: readonly Column<FileFigure>[] = [
  { title: 'Size', value: (row) => sizeText(row.size), align: 'right' },
  { title: 'Last used', value: (row) => timeText(row.usedAt) },
  { title: 'Where', value: (row) => (row.local ? 'here' : 'Dropbox only') },
  { title: 'Path', value: (row) => row.path },
];

const QUEUE_COLUMNS: readonly Column<QueueFigures>[] = [
  { title: 'Client', value: (row) => row.client },
  { title: 'State', value: (row) => row.state },
  { title: 'Tasks', value: (row) => row.tasks, align: 'right' },
  { title: 'Size', value: (row) => sizeText(row.bytes), align: 'right' },
];

function duplicatesText({ groups, files, wasted, top }: DuplicateFigures): string {
  if (groups === 0) return 'No content is kept twice.\n';
  const rows = top.map((group) => {
    const [first, ...others] = group.places;
    const more = group.files - 1;
    return `${sizeText(group.wasted)}  ${printable(first?.path ?? '')} and ${count(more, 'other')}${
      others.length > 0 ? `: ${others.map((place) => printable(place.path)).join(', ')}` : ''
    }\n`;
  });
  return `${count(files, 'file')} have ${count(groups, 'content')}; ${sizeText(wasted)} could be saved.\n${rows.join('')}`;
}

function activityText({ hours, days, months }: ActivityFigures): string {
  return [
    ...(hours.some(isActive) ? [`By hour\n${indented(bucketTable(hours, 16))}`] : []),
    ...(days.some(isActive) ? [`By day\n${indented(bucketTable(days, 10))}`] : []),
    months.some(isActive) ? `By month\n${indented(bucketTable(months, 7))}` : 'Nothing was done yet.\n',
  ].join('');
}

function isActive(bucket: ActivityBucket): boolean {
  return bucket.uploads + bucket.downloads + bucket.moves + bucket.deletions + bucket.errors + bucket.warnings > 0;
}

/** Only those in which something was done; `length` of the time that tells them apart. */
function bucketTable(buckets: readonly ActivityBucket[], length: number): string {
  return table<ActivityBucket>(
    buckets.filter(isActive),
    [
      { title: 'From', value: (row) => timeText(row.start).slice(0, length) },
      { title: 'Up', value: (row) => row.uploads, align: 'right' },
      { title: 'Size', value: (row) => sizeText(row.bytesUp), align: 'right' },
      { title: 'Down', value: (row) => row.downloads, align: 'right' },
      { title: 'Size', value: (row) => sizeText(row.bytesDown), align: 'right' },
      { title: 'Moved', value: (row) => row.moves, align: 'right' },
      { title: 'Deleted', value: (row) => row.deletions, align: 'right' },
      { title: 'Errors', value: (row) => row.errors, align: 'right' },
    ],
    '',
  );
}
