// backup: made, listed, verified, pruned, restored; schedule, retention, sources and encryption.

import { resolve } from 'node:path';
import { EXIT, UsageError } from '../context.ts';
import { secretFrom } from '../secret-input.ts';
import { count, printable, sizeText, table, timeText } from '../text.ts';
import { interruptible } from './sync.ts';
import { word } from './words.ts';
import type {
  BackupEvent,
  BackupKeep,
  BackupSettings,
  BackupSourceView,
  BackupView,
} from '../../../src-shared/backup-views.ts';
import type { DocktideService } from '../../app/docktide.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

interface PassphraseOption {
  readonly passphraseEnv?: string;
}

async function passphraseOf(context: Context, options: PassphraseOption): Promise<{ passphrase?: string }> {
  const passphrase = await secretFrom(context, 'passphrase', '--passphrase-', { env: options.passphraseEnv });
  return passphrase === null ? {} : { passphrase };
}

/** Ctrl+C ends it without a trace; on a terminal the steps are shown. */
async function working<T>(
  context: Context,
  service: DocktideService,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const shows = !context.quiet && context.io.terminal;
  const unsubscribe = service.subscribe((event) => {
    if (shows && event.kind === 'backup-progress') context.io.stderr(`\r\u001b[K${progressText(event)}`);
  });
  try {
    return await interruptible(context, work);
  } finally {
    unsubscribe();
    if (shows) context.io.stderr('\r\u001b[K');
  }
}

const STEPS = {
  copying: 'Copying the database',
  packing: 'Packing',
  uploading: 'Uploading',
  downloading: 'Downloading',
  checking: 'Checking',
} as const;

function progressText({ step, done, total }: Extract<BackupEvent, { kind: 'backup-progress' }>): string {
  const share = total === 0 ? 100 : Math.min(100, Math.floor((done * 100) / total));
  return `${STEPS[step]}  ${share} %  ${sizeText(done)}`;
}

export async function now(context: Context, _words: Words, options: PassphraseOption): Promise<number> {
  const passphrase = await passphraseOf(context, options);
  return context.withService(async (service) => {
    const made = await working(context, service, (signal) => service.backUp({ ...passphrase, signal }));
    for (const warning of made.warnings) context.io.stderr(`docktide: ${warning}\n`);
    context.done(made, () => `${made.id}: ${sizeText(made.size)}, ${stateText(made)}, ${whereText(made)}.\n`);
    const waits = made.where === 'here' && made.client === null && service.clients().length === 0;
    return made.state === 'failed' || (made.warnings.length > 0 && !waits) ? EXIT.attention : EXIT.done;
  });
}

export async function list(context: Context, _words: Words, options: { refresh?: boolean }): Promise<void> {
  await context.withService(async (service) => {
    const rows = options.refresh === true ? await service.refreshBackups() : await listOrLook(context, service);
    context.answer(rows, () =>
      table<BackupView>(
        rows,
        [
          { title: 'Backup', value: (row) => row.id },
          { title: 'Made', value: (row) => timeText(row.madeAt) },
          { title: 'Age', value: (row) => ageText(row.age), align: 'right' },
          { title: 'Size', value: (row) => sizeText(row.size), align: 'right' },
          { title: 'State', value: stateText },
          { title: 'Encrypted', value: (row) => (row.encrypted ? 'yes' : 'no') },
          { title: 'Where', value: whereText },
          { title: 'Remark', value: (row) => row.error ?? (row.own ? '' : 'of another computer') },
        ],
        'There is no backup yet. Make one with "docktide backup now".',
      ),
    );
  });
}

/** On a computer that has never looked into Dropbox the list would be empty for no reason. */
async function listOrLook(context: Context, service: DocktideService): Promise<readonly BackupView[]> {
  const rows = service.backups();
  const isNew =
    rows.length === 0 && service.clients().some((client) => client.state === 'connected' && client.lastSync === null);
  if (!isNew) return rows;
  try {
    return await service.refreshBackups();
  } catch (error) {
    context.note(`Dropbox cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
    return rows;
  }
}

function stateText(row: Pick<BackupView, 'state'>): string {
  return row.state;
}

function whereText(row: Pick<BackupView, 'where' | 'client'>): string {
  const dropbox = row.client === null ? 'Dropbox' : `Dropbox of ${printable(row.client)}`;
  if (row.where === 'here') return 'on this computer';
  return row.where === 'both' ? `${dropbox} and here` : dropbox;
}

function ageText(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export async function verify(
  context: Context,
  words: Words,
  options: PassphraseOption & { all?: boolean },
): Promise<number> {
  const [id] = words;
  if (id !== undefined && options.all === true) throw new UsageError('Give an ID or --all, not both.');
  const passphrase = await passphraseOf(context, options);
  const which = options.all === true ? 'all' : (id ?? 'newest');
  return context.withService(async (service) => {
    const done = await working(context, service, (signal) => service.verifyBackups(which, { ...passphrase, signal }));
    const [only] = done.backups;
    const single =
      options.all !== true && only !== undefined ? { id: only.id, state: only.state, error: only.error } : {};
    context.done({ ...single, ...done }, () =>
      done.backups
        .map((row) => `${row.id}: ${row.state === 'verified' ? 'verified' : (row.error ?? row.state)}\n`)
        .join(''),
    );
    return done.ok ? EXIT.done : EXIT.attention;
  });
}

export async function prune(context: Context, _words: Words, options: { dryRun?: boolean }): Promise<number> {
  return context.withService(async (service) => {
    const done = await service.pruneBackups({ dryRun: options.dryRun ?? false });
    for (const { id, message } of done.errors) context.io.stderr(`docktide: ${id}: ${message}\n`);
    context.done(done, () => {
      const removed = done.removed.map((row) => `${done.dryRun ? 'Would remove' : 'Removed'} ${row.id}\n`).join('');
      return `${removed}${count(done.kept.length, 'backup')} kept.\n`;
    });
    return done.errors.length > 0 ? EXIT.attention : EXIT.done;
  });
}

export async function restore(
  context: Context,
  words: Words,
  options: PassphraseOption & { wait?: number },
): Promise<void> {
  const passphrase = await passphraseOf(context, options);
  const which = fileOr(context, word(words, 0));
  await context.withService(async (service) => {
    const done = await working(context, service, (signal) =>
      service.restoreBackup(which, {
        ...passphrase,
        signal,
        ...(options.wait === undefined ? {} : { waitSeconds: options.wait }),
      }),
    );
    for (const note of done.notes) context.note(note);
    context.done(done, () => {
      const kept = done.previous === null ? '' : ` The former database is kept as ${done.previous}.`;
      return `Restored ${done.restored}.${kept} The next sync compares everything and deletes nothing.\n`;
    });
  });
}

/** What looks like a path is one, seen from where the person is. */
function fileOr(context: Context, text: string): string {
  return /[\\/]|\.(gz|age)$/.test(text) ? resolve(context.io.workingFolder, text) : text;
}

export async function extract(
  context: Context,
  words: Words,
  options: PassphraseOption & { to: string },
): Promise<number> {
  const passphrase = await passphraseOf(context, options);
  const folder = resolve(context.io.workingFolder, options.to);
  return context.withService(async (service) => {
    const done = await working(context, service, (signal) =>
      service.extractBackup(word(words, 0), folder, { ...passphrase, signal }),
    );
    for (const problem of done.problems) context.io.stderr(`docktide: ${problem}\n`);
    context.done(done, () => `${count(done.files, 'file')} of ${done.id} in ${done.folder}\n`);
    return done.problems.length > 0 ? EXIT.attention : EXIT.done;
  });
}

// ---------------------------------------------------------------- rules

export async function schedule(context: Context, words: Words): Promise<void> {
  const text = word(words, 0);
  await context.withService((service) => {
    const settings = service.setBackupSchedule(text === 'off' ? null : text);
    context.done(settings, () =>
      settings.schedule === null
        ? 'Backups are made by hand only: docktide backup now.\n'
        : `The next backup is due ${timeText(settings.next)}, while the app or "docktide watch" runs.\n`,
    );
  });
}

export async function target(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const settings = service.setBackupTarget(word(words, 0));
    context.done(settings, () => `Backups go to the Dropbox of ${printable(settings.target ?? '')}.\n`);
  });
}

export async function keep(context: Context, _words: Words, options: Partial<BackupKeep>): Promise<void> {
  const { last, daily, weekly, monthly } = options;
  const given = Object.entries({ last, daily, weekly, monthly }).filter(([, value]) => value !== undefined);
  if (given.length === 0)
    throw new UsageError('Say how many to keep, as in --last 7 --daily 7 --weekly 4 --monthly 12.');
  await context.withService((service) => {
    const settings = service.setBackupKeep(Object.fromEntries(given));
    context.done(settings, () => `${keepText(settings.keep)}\n`);
  });
}

function keepText({ last, daily, weekly, monthly }: BackupKeep): string {
  return `Kept: the last ${last}, the newest of ${daily} days, ${weekly} weeks and ${monthly} months, and always the newest verified one.`;
}

export async function autoVerify(context: Context, words: Words): Promise<void> {
  const choice = word(words, 0);
  if (choice !== 'on' && choice !== 'off') throw new UsageError(`"${choice}" is neither "on" nor "off".`);
  await context.withService((service) => {
    const settings = service.setBackupVerify(choice === 'on');
    context.done(settings, () =>
      settings.verify
        ? 'Each backup is verified by a test restore after it was made.\n'
        : 'Backups are verified by hand only: docktide backup verify.\n',
    );
  });
}

export async function settings(context: Context): Promise<void> {
  await context.withService((service) => {
    const view = service.backupSettings();
    context.answer(view, () => settingsText(view));
  });
}

function settingsText(view: BackupSettings): string {
  return [
    `Schedule    ${view.schedule === null ? 'by hand only' : `${view.schedule} (next ${timeText(view.next)})`}`,
    `Target      ${view.client === null ? 'this computer' : `Dropbox of ${printable(view.client)}`}`,
    `Verified    ${view.verify ? 'each after it was made' : 'by hand only'}`,
    `Encrypted   ${view.passphrase ? 'yes' : 'no'}`,
    keepText(view.keep),
    '',
  ].join('\n');
}

// ---------------------------------------------------------------- sources, passphrase

export async function sourceAdd(context: Context, words: Words, options: { name?: string }): Promise<void> {
  const path = resolve(context.io.workingFolder, word(words, 0));
  await context.withService((service) => {
    const source = service.addBackupSource(path, options.name);
    context.done(source, () => `${printable(source.path)} goes into every backup as "${printable(source.name)}".\n`);
  });
}

export async function sourceList(context: Context): Promise<void> {
  await context.withService((service) => {
    const rows = service.backupSources();
    context.answer(rows, () =>
      table<BackupSourceView>(
        rows,
        [
          { title: 'Name', value: (row) => row.name },
          { title: 'Kind', value: (row) => row.kind },
          { title: 'Path', value: (row) => row.path },
        ],
        'Nothing beside the database. Add a file or folder with "docktide backup source add".',
      ),
    );
  });
}

export async function sourceRemove(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const source = service.removeBackupSource(word(words, 0));
    context.done(source, () => `"${printable(source.name)}" is left out from now on; backups made before keep it.\n`);
  });
}

/** Below this many characters a passphrase can be found by trying. */
const SHORT = 12;

export async function passphraseSet(context: Context, _words: Words, options: { env?: string }): Promise<void> {
  const way = options.env === undefined ? { stdin: true } : { env: options.env };
  const passphrase = await secretFrom(context, 'passphrase', '--', way);
  await context.withService((service) => {
    const view = service.setBackupPassphrase(passphrase ?? '');
    if ((passphrase ?? '').length < SHORT) {
      context.note('This passphrase is short. Whoever gets hold of a backup can try many: take five words or more.');
    }
    if (service.tokensKept() === 'owner-only-file') {
      context.note(`It is kept in ${service.dataFolder}/secrets.json, a file that only you can read.`);
    }
    context.done(
      view,
      () =>
        'Backups are encrypted from now on. Write the passphrase down and keep it elsewhere: without it nobody can open them.\n',
    );
  });
}

export async function passphraseClear(context: Context): Promise<void> {
  await context.withService((service) => {
    const view = service.setBackupPassphrase(null);
    context.done(view, () => 'Backups are not encrypted from now on. Those made before still need the passphrase.\n');
  });
}
