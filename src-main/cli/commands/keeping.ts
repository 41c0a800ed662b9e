// trash, conflict, free, open, ignore, folder policies and reverse sync: what keeps documents safe and tidy.

import { UsageError } from '../context.ts';
import { count, printable, sizeText, table, timeText } from '../text.ts';
import { undoText } from './file.ts';
import { word } from './words.ts';
import type { FolderPolicyView, HandoverView, IgnoredView, TrashView } from '../../app/keeping-service.ts';
import type { HeldDeletion } from '../../keeping/held.ts';
import type { FreedDocument } from '../../keeping/cleaner.ts';
import type { Settlement } from '../../keeping/conflicts.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export async function trashList(context: Context): Promise<void> {
  await context.withService((service) => {
    const rows = service.trash();
    context.answer(rows, () =>
      table<TrashView>(
        rows,
        [
          { title: 'No', value: (row) => row.id, align: 'right' },
          { title: 'Removed', value: (row) => timeText(row.removedAt) },
          { title: 'Path', value: (row) => row.path },
          { title: 'Size', value: (row) => (row.kind === 'file' ? sizeText(row.size) : ''), align: 'right' },
          { title: 'Client', value: (row) => row.client },
          { title: 'Why', value: (row) => row.reason },
        ],
        'The trash is empty.',
      ),
    );
  });
}

export async function trashRestore(context: Context, words: Words): Promise<void> {
  const id = numberOf(words, 'the number from "docktide trash list"');
  await context.withService(async (service) => {
    const restored = await service.restore(id);
    context.done(restored, () => {
      const back =
        restored.from === 'trash'
          ? `${printable(restored.path)} is back.${undoText(restored.undo)}\n`
          : `${printable(restored.path)} is back in Dropbox; the next sync brings it here.\n`;
      return back + restored.missing.map((path) => `Nothing is kept of ${printable(path)}.\n`).join('');
    });
  });
}

export async function heldList(context: Context, _words: Words, options: { client?: string }): Promise<void> {
  await context.withService((service) => {
    const rows = service.held(options.client);
    context.answer(rows, () =>
      table<HeldDeletion>(
        rows,
        [
          { title: 'Client', value: (row) => row.client },
          { title: 'Delete', value: (row) => (row.side === 'here' ? 'here' : 'in Dropbox') },
          { title: 'Path', value: (row) => row.path },
          { title: 'Files', value: (row) => row.files, align: 'right' },
          { title: 'Size', value: (row) => sizeText(row.bytes), align: 'right' },
        ],
        'Nothing is held.',
      ),
    );
  });
}

export async function heldRefuse(context: Context, _words: Words, options: { client?: string }): Promise<void> {
  await context.withService(async (service) => {
    const refused = await service.refuseHeld(options.client);
    context.done({ refused }, () => {
      if (refused.length === 0) return 'Nothing is held.\n';
      return refused
        .map(({ client, here, dropbox, missing }) => {
          const back = `${printable(client)}: ${count(here, 'file')} will come back here and ${count(dropbox, 'file')} in Dropbox with the next sync.\n`;
          return back + missing.map((path) => `Nothing is kept of ${printable(path)}.\n`).join('');
        })
        .join('');
    });
  });
}

export function settle(settlement: Settlement) {
  return async (context: Context, words: Words): Promise<void> => {
    const id = numberOf(words, 'the number from "docktide conflicts"');
    await context.withService(async (service) => {
      const settled = await service.settleConflict(id, settlement);
      context.done(
        settled,
        () => `Settled. Kept: ${settled.kept.map(printable).join(', ')}. The next sync carries it on.\n`,
      );
    });
  };
}

export async function reopen(context: Context, words: Words): Promise<void> {
  const id = numberOf(words, 'the number of the settled conflict');
  await context.withService(async (service) => {
    const reopened = await service.reopenConflict(id);
    const { path, copy } = reopened;
    context.done(reopened, () => `Taken back. The versions: ${printable(path)}, ${printable(copy)}.\n`);
  });
}

export async function free(
  context: Context,
  _words: Words,
  options: { dryRun?: boolean; client?: string },
): Promise<void> {
  await context.withService(async (service) => {
    const documents = await service.free({
      dryRun: options.dryRun ?? false,
      ...(options.client === undefined ? {} : { client: options.client }),
    });
    const freed = documents.filter((one) => one.result !== 'kept');
    const bytes = freed.reduce((sum, one) => sum + one.size, 0);
    context.answer({ documents, freed: freed.length, bytes, dryRun: options.dryRun ?? false }, () => {
      const list = table<FreedDocument>(
        documents,
        [
          { title: 'Path', value: (one) => one.path },
          { title: 'Size', value: (one) => sizeText(one.size), align: 'right' },
          { title: 'Result', value: (one) => one.result },
          { title: 'Why', value: (one) => one.reason },
        ],
        'Nothing is due to be freed.',
      );
      return freed.length === 0 ? list : `${list}${count(freed.length, 'document')}, ${sizeText(bytes)}.\n`;
    });
  });
}

export async function open(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const opened = await service.open(word(words, 0));
    context.answer(opened, () => `${opened.file}\n`);
  });
}

export async function ignoreList(context: Context): Promise<void> {
  await context.withService((service) => {
    const patterns = service.ignorePatterns();
    context.answer(patterns, () =>
      patterns.length === 0 ? 'No pattern in the settings.\n' : `${patterns.map(printable).join('\n')}\n`,
    );
  });
}

export async function ignoreAdd(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const known = service.ignorePatterns();
    const patterns = service.setIgnorePatterns([...new Set([...known, ...words])]);
    const added = patterns.filter((pattern) => !known.includes(pattern));
    context.done({ added, patterns }, () => `${count(patterns.length, 'pattern')} in the settings.\n`);
  });
}

export async function ignoreRemove(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const known = service.ignorePatterns();
    const missing = words.find((pattern) => !known.includes(pattern));
    if (missing !== undefined) throw new UsageError(`There is no pattern "${missing}". See "docktide ignore list".`);
    const patterns = service.setIgnorePatterns(known.filter((pattern) => !words.includes(pattern)));
    const removed = known.filter((pattern) => !patterns.includes(pattern));
    context.done({ removed, patterns }, () => `${count(patterns.length, 'pattern')} in the settings.\n`);
  });
}

export async function ignoreCheck(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const check = service.checkIgnored(word(words, 0));
    context.answer(check, () => `${ignoredText(check)}\n`);
  });
}

function ignoredText({ path, why }: IgnoredView): string {
  if (why === null) return `${printable(path)} is synced.`;
  const left = `${printable(path)} is not synced: `;
  if (why.kind === 'name') return `${left}temporary and system files never are.`;
  return left + (why.kind === 'file' ? '.docktideignore says so.' : `the pattern ${printable(why.pattern)} says so.`);
}

export async function folderKeep(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const view = service.setFolderKeep(word(words, 0), word(words, 1));
    context.done(view, () => policyText(view));
  });
}

export async function folderFlow(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const view = service.setFolderFlow(word(words, 0), word(words, 1));
    context.done(view, () => policyText(view));
  });
}

function policyText(view: FolderPolicyView): string {
  return `${printable(view.path)}: keep ${view.keep ?? 'as the folder above'}, direction ${view.flow ?? 'as the folder above'}.\n`;
}

export async function clientReset(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const reset = service.resetClient(word(words, 0));
    context.done(
      reset,
      () => `Everything of ${printable(reset.client)} comes back with the next sync; Dropbox keeps its files.\n`,
    );
  });
}

export async function ruleSetClient(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const [type, client] = [word(words, 0), word(words, 1)];
    const handovers = service.setRuleClient(type, client);
    context.done({ type, client, handovers }, () => handoverText(handovers));
  });
}

export async function folderSetClient(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const [folder, client] = [word(words, 0), word(words, 1)];
    const handovers = service.setFolderClient(folder, client);
    context.done({ folder, client, handovers }, () => handoverText(handovers));
  });
}

function handoverText(views: readonly HandoverView[]): string {
  if (views.length === 0) return 'Done. The next sync uses the new client.\n';
  return views
    .map(
      (view) =>
        `${printable(view.path)} comes back from ${printable(view.from)} first, then goes to ${printable(view.to)}, with the next sync.\n`,
    )
    .join('');
}

function numberOf(words: Words, what: string): number {
  const text = word(words, 0);
  if (!/^\d{1,12}$/.test(text)) throw new UsageError(`"${text}" is not a number. Give ${what}.`);
  return Number(text);
}
