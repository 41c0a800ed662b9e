// `docktide demo`: the sample company in temporary folders, told in the terminal. Both sides are changed, synchronised and
// compared; the exit code is 0 only when the two trees agree by content hash.

import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable, sizeText } from '../cli/text.ts';
import { summaryText } from '../cli/commands/sync.ts';
import { floorPlan, roomPicture } from './papers.ts';
import { startDemoCompany, type DemoCompany } from './start.ts';
import { readLocalTree, sameTree, treeLines, type TreeEntry } from './trees.ts';
import type { Context } from '../cli/context.ts';
import type { SyncReport } from '../app/service.ts';

const DRAWINGS = 'Quotations/SO001/Drawings';
const PHOTOS = 'Projects/Lobby Hotel Alster/Photos';

export async function runDemo(context: Context): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-demo-'));
  const say = (text: string): void => {
    if (!context.json && !context.quiet) context.io.stdout(`${text}\n`);
  };
  let company: DemoCompany | null = null;
  try {
    say('Docktide demonstration: a sample company and a Dropbox of its own on this machine. No account is used.\n');
    company = await startDemoCompany({ dataFolder: folder });
    const report = await perform(company, say);
    const local = await readLocalTree(company.documents);
    const remote = (await company.remote.tree()).map(({ path, kind, contentHash, size }) => ({
      path,
      kind,
      contentHash,
      size,
    }));
    const equal = sameTree(local, remote);
    showTrees(say, local, remote, equal);
    if (context.json) context.answer({ equal, files: filesOf(local), rounds: report }, () => '');
    if (!equal) context.io.stderr('docktide: The two trees differ. This should never happen; please report it.\n');
    return equal ? 0 : 1;
  } finally {
    await company?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function perform(company: DemoCompany, say: (text: string) => void): Promise<readonly SyncReport[]> {
  const { service } = company;
  const rounds: SyncReport[] = [];
  const sync = async (): Promise<void> => {
    const tasks: string[] = [];
    const end = service.subscribe((event) => {
      if (event.kind === 'task' && event.task.state === 'done') {
        const arrow = event.task.direction === 'direct' ? '→ Dropbox' : '← Dropbox';
        tasks.push(`   ${arrow}  ${printable(event.task.path)}  (${event.task.reason})`);
      }
    });
    const report = await service.sync();
    end();
    rounds.push(report);
    say(tasks.join('\n') || '   nothing to do');
    say(
      `   = ${summaryText(report) || 'everything was the same already'}, ${report.requests} requests, ${report.seconds.toFixed(1)} s\n`,
    );
  };

  say('1. First sync: documents go up, what lies in Dropbox comes down.');
  await sync();
  say('2. Changes here: a file added, one edited, one renamed, one moved, one deleted.');
  await changeHere(company.documents);
  await sync();
  say('3. Changes in Dropbox by somebody else: added, edited, moved, deleted.');
  await changeThere(company);
  await sync();
  say('4. The same file edited on both sides: nobody loses a version.');
  await appendFile(join(company.documents, 'Contacts/Café Möwe/Opening hours.txt'), 'Closed in January.\n');
  await company.remote.write('Contacts/Café Möwe/Opening hours.txt', Buffer.from('Tue–Sun 10:00–19:00\n'));
  await sync();
  for (const conflict of service.conflicts()) {
    say(`   kept both: ${printable(conflict.path)}\n              ${printable(conflict.copy)}\n`);
  }
  say('5. Once more, to see that nothing is left to do.');
  await sync();
  return rounds;
}

async function changeHere(documents: string): Promise<void> {
  const at = (path: string): string => join(documents, path);
  await writeFile(at(`${DRAWINGS}/Lighting plan.png`), floorPlan(12));
  await appendFile(at('Projects/Lobby Hotel Alster/Minutes/Kick-off.txt'), '- Delivery: calendar week 51\n');
  await rename(at(`${DRAWINGS}/Floor plan gallery.png`), at(`${DRAWINGS}/Floor plan gallery (final).png`));
  await mkdir(at('Marketing/2026'), { recursive: true });
  await rename(at('Marketing/Slogans.txt'), at('Marketing/2026/Slogans.txt'));
  await rm(at('Contacts/Brandt Architects/Price list 2026.csv'));
}

async function changeThere({ remote }: DemoCompany): Promise<void> {
  await remote.write(`${PHOTOS}/Lobby finished.png`, roomPicture(7));
  await remote.write(`${DRAWINGS}/Counter detail.png`, floorPlan(15));
  await remote.move(`${PHOTOS}/Lamp sample.png`, 'Marketing/2026/Lamp.png');
  await remote.remove('Invoices/INV-2026-015/Items.csv');
}

function showTrees(
  say: (text: string) => void,
  local: readonly TreeEntry[],
  remote: readonly TreeEntry[],
  equal: boolean,
): void {
  const left = treeLines(local, sizeText);
  const right = treeLines(remote, sizeText);
  const width = Math.max(...left.map((line) => line.length), 24) + 3;
  say(`${'Documents folder'.padEnd(width)}Dropbox`);
  for (let row = 0; row < Math.max(left.length, right.length); row++) {
    say(`${(left[row] ?? '').padEnd(width)}${right[row] ?? ''}`);
  }
  say(equal ? `\nBoth sides are equal: ${filesOf(local)} files, compared by content.` : '\nThe two sides differ.');
}

function filesOf(tree: readonly TreeEntry[]): number {
  return tree.filter((entry) => entry.kind === 'file').length;
}
