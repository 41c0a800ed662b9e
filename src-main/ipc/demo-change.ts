// The demonstration's button "Change something in Dropbox": by turns a new note in a folder and an edit of that note, so
// that people can watch the documents on this side follow.

import type { RemoteSide } from '../shell/workspace.ts';

const NOTE = 'Note from Dropbox.txt';

export async function changeSomething(
  remote: RemoteSide,
): Promise<{ readonly path: string; readonly what: 'edited' | 'added' }> {
  const tree = await remote.tree();
  const existing = tree.filter((entry) => entry.kind === 'file' && entry.path.split('/').at(-1) === NOTE);
  // The folder with documents that has no note yet, else an edit of the note that was written first.
  const folders = [...new Set(tree.filter((entry) => entry.kind === 'file').map((entry) => folderOf(entry.path)))];
  const free = folders.find((folder) => !existing.some((note) => folderOf(note.path) === folder));
  const edit = existing.length > 0 && (existing.length % 2 === 1 || free === undefined);
  const last = existing.at(-1);
  const path = edit && last !== undefined ? last.path : [free ?? '', NOTE].filter((part) => part !== '').join('/');
  const lines = edit && last !== undefined ? Math.round(last.size / 40) + 2 : 1;
  const text = Array.from({ length: lines }, (_, line) => `Line ${line + 1}, written in Dropbox.`).join('\n');
  await remote.write(path, new TextEncoder().encode(`${text}\n`));
  return { path, what: edit ? 'edited' : 'added' };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
