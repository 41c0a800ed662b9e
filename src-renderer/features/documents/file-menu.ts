// What can be done with the selected documents, for the context menu, the keyboard and the palette: one list.

import {
  CloudDownload,
  CloudOff,
  Copy,
  CornerLeftUp,
  Download,
  ExternalLink,
  FilePen,
  FolderOpen,
  FolderPlus,
  FolderSearch,
  Info,
  Link,
  ClipboardPaste,
  Scissors,
  Share2,
  SquareArrowOutUpRight,
  Trash2,
  Upload,
} from 'lucide-react';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import { useFolders } from '../../stores/folder-store.ts';
import { goToPath } from '../search/go-to.ts';
import type { Found } from '../../../src-shared/ipc/files.ts';
import type { Action } from '../../stores/actions-store.ts';
import type { MenuEntry } from '../../ui/ContextMenu.tsx';
import { t } from '../../ui/words.ts';
import { chooseFiles, chooseFolder } from './add-files.ts';
import { useClipboard } from './clipboard-store.ts';
import * as work from './file-work.ts';
import { selectedRows } from './selected.ts';
import { changeLooks, toggleLooks, useView } from './view-store.ts';

/** Folders that belong to the ERP keep name and place: they come back by themselves. */
export function isFixed(row: Pick<Row, 'role'>): boolean {
  return row.role === 'rule' || row.role === 'record';
}

export function openRow(row: Row): void {
  const { trail, open } = useFolders.getState();
  if (row.kind === 'folder') void open([...trail, { id: row.id, name: row.name }]);
  else void work.open(row);
}

type Entry = Omit<Action, 'id' | 'group'> & {
  readonly id: string;
  readonly danger?: boolean;
  readonly divided?: boolean;
  readonly disabled?: boolean;
  /** For keyboard and palette, not in the menu. */
  readonly keysOnly?: boolean;
};

/** For the selected rows; a file manager without a selection offers what belongs to the folder. */
export function entriesFor(rows: readonly Row[]): readonly Entry[] {
  return rows.length === 0 ? folderEntries() : rowEntries(rows);
}

function rowEntries(rows: readonly Row[]): readonly Entry[] {
  const [first] = rows;
  if (!first) return [];
  const single = rows.length === 1;
  const fixed = rows.some(isFixed);
  const remote = rows.some((row) => row.state === 'freed');
  const linked = single && (first.url !== null || first.client !== null);
  const all: readonly (Entry | null)[] = [
    single ? { id: 'open', words: 'files.open', icon: FolderOpen, shortcut: 'Enter', run: () => openRow(first) } : null,
    linked
      ? {
          id: 'openInDropbox',
          words: 'files.openInDropbox',
          icon: ExternalLink,
          run: () => void work.openInDropbox(first),
        }
      : null,
    single
      ? { id: 'show', words: 'files.show', icon: SquareArrowOutUpRight, run: () => void work.showInSystem(first) }
      : null,
    {
      id: 'download',
      words: single && first.kind === 'file' ? 'files.download' : 'files.downloadZip',
      icon: Download,
      shortcut: 'mod+shift+s',
      divided: true,
      run: () => void work.download(rows),
    },
    linked
      ? { id: 'copyLink', words: 'files.copyLink', icon: Link, shortcut: 'mod+l', run: () => void work.copyLink(first) }
      : null,
    linked
      ? {
          id: 'share',
          words: 'files.share',
          icon: Share2,
          run: () => useView.getState().setSharing({ id: first.id, name: first.name }),
        }
      : null,
    {
      id: 'cut',
      words: 'files.cut',
      icon: Scissors,
      shortcut: 'mod+x',
      divided: true,
      disabled: fixed,
      run: () => useClipboard.getState().put('cut', rows),
    },
    {
      id: 'copy',
      words: 'files.copy',
      icon: Copy,
      shortcut: 'mod+c',
      run: () => useClipboard.getState().put('copy', rows),
    },
    single
      ? {
          id: 'rename',
          words: 'files.rename',
          icon: FilePen,
          shortcut: 'F2',
          disabled: fixed,
          run: () => useView.getState().setRenaming(rowKey(first)),
        }
      : null,
    remote || rows.some((row) => row.kind === 'folder')
      ? {
          id: 'keepHere',
          words: 'files.keepHere',
          icon: CloudDownload,
          divided: true,
          run: () => void work.keepHere(rows),
        }
      : null,
    rows.some((row) => row.kind === 'folder' || row.state === 'synced')
      ? { id: 'free', words: 'files.free', icon: CloudOff, run: () => void work.freeSpace(rows) }
      : null,
    {
      id: 'details',
      words: 'files.details',
      icon: Info,
      shortcut: 'mod+i',
      divided: true,
      run: () => changeLooks({ preview: true }),
    },
    {
      id: 'delete',
      words: 'files.delete',
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      divided: true,
      run: () => void work.remove(rows),
    },
  ];
  return all.filter((entry) => entry !== null);
}

/** For results of a search: each leads to its place, and documents can be worked on as in their folder. */
export function foundEntries(chosen: readonly Found[]): readonly Entry[] {
  const [first] = chosen;
  if (first === undefined) return [];
  const place: readonly Entry[] =
    chosen.length > 1
      ? []
      : [{ id: 'goTo', words: 'search.goTo', icon: FolderSearch, shortcut: 'Enter', run: () => goToPath(first.path) }];
  const rows = chosen.flatMap(({ row }) => (row === null ? [] : [row]));
  if (rows.length < chosen.length) return place;
  const own = rowEntries(rows).filter(({ id }) => id !== 'rename' && (id !== 'open' || first.kind === 'file'));
  return [...place, ...own.map((entry) => (entry.id === 'open' ? { ...entry, shortcut: 'mod+o' } : entry))];
}

function folderEntries(): readonly Entry[] {
  const folder = useFolders.getState().trail.at(-1) ?? null;
  const inside: readonly Entry[] =
    folder === null
      ? []
      : [
          {
            id: 'addFiles',
            words: 'documents.addFiles',
            icon: Upload,
            shortcut: 'mod+u',
            run: () => void chooseFiles(folder),
          },
          { id: 'addFolder', words: 'documents.addFolder', icon: Upload, run: () => void chooseFolder(folder) },
          {
            id: 'downloadAll',
            words: 'files.downloadZip',
            icon: Download,
            divided: true,
            run: () => void work.download([folder]),
          },
        ];
  return [
    {
      id: 'newFolder',
      words: 'documents.newFolder',
      icon: FolderPlus,
      shortcut: 'mod+shift+n',
      run: () => useView.getState().setNaming(true),
    },
    ...(folder === null
      ? []
      : [
          {
            id: 'up',
            words: 'documents.up',
            icon: CornerLeftUp,
            shortcut: 'alt+ArrowUp',
            keysOnly: true,
            run: () => void useFolders.getState().open(useFolders.getState().trail.slice(0, -1)),
          },
        ]),
    ...inside,
    {
      id: 'paste',
      words: 'files.paste',
      icon: ClipboardPaste,
      shortcut: 'mod+v',
      divided: true,
      disabled: useClipboard.getState().rows.length === 0,
      run: () => void work.paste(work.here()),
    },
    { id: 'preview', words: 'documents.preview', icon: Info, shortcut: 'mod+i', run: toggleLooks },
  ];
}

export function menuOf(entries: readonly Entry[]): readonly MenuEntry[] {
  return entries
    .filter((entry) => entry.keysOnly !== true)
    .map(({ words, whileTyping: _typing, hidden: _hidden, keysOnly: _keys, ...entry }) => ({
      ...entry,
      label: t(words),
    }));
}

/** What keyboard and palette know while the file manager is shown: both lists, the selection's first. */
export function actionsFor(rows: readonly Row[]): readonly Action[] {
  const own = rows.length === 0 ? [] : rowEntries(rows);
  const known = new Set(own.map((entry) => entry.shortcut));
  const folder = folderEntries().filter((entry) => entry.shortcut === undefined || !known.has(entry.shortcut));
  return actionsOf([...own, ...folder]);
}

export function actionsOf(entries: readonly Entry[]): readonly Action[] {
  return entries
    .filter((entry) => entry.disabled !== true && entry.shortcut !== 'Enter')
    .map(({ id, words, icon, shortcut, run }) => ({
      id: `documents.${id}`,
      words,
      group: 'nav.documents',
      ...(icon && { icon }),
      ...(shortcut !== undefined && { shortcut }),
      run,
    }));
}

/** For keys that the table itself hears. */
export function selectedNow(): readonly Row[] {
  return selectedRows();
}
