import { ActionIcon } from '@mantine/core';
import { ExternalLink, FolderClosed, Link, Plus } from 'lucide-react';
import { useId, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { BoxRecord } from '../../../src-shared/ipc/box.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOfName } from '../../ui/file-type.ts';
import { formatBytes, formatCount, formatMoment } from '../../ui/format.ts';
import { KeyHint } from '../../ui/KeyHint.tsx';
import { movedIndex } from '../../ui/moved-index.ts';
import { EntryState } from '../../ui/StateMark.tsx';
import { usePastedFiles } from '../../ui/use-pasted-files.ts';
import { useRows } from '../../ui/use-rows.ts';
import { t } from '../../ui/words.ts';
import { shownPath } from '../../ui/paths.ts';
import { addDropped, chooseFiles } from '../documents/add-files.ts';
import { copyLink, open, openInDropbox, showInSystem } from '../documents/file-work.ts';
import type { BoxLine } from './box-lines.ts';
import styles from './BoxLines.module.css';

const HEIGHTS = { part: 44, file: 34, empty: 48 } as const;
const PAGE = 12;

interface BoxLinesProps {
  readonly record: BoxRecord;
  readonly lines: readonly BoxLine[];
  /** False while more rows are on their way. */
  readonly loaded: boolean;
}

/** All of the box; only what is in sight is drawn. What is dropped or pasted on any line goes into the folder of that line. */
export function BoxLines({ record, lines, loaded }: BoxLinesProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const [over, setOver] = useState<number | null>(null);
  const virtual = useRows({
    count: lines.length,
    scroller,
    height: (index) => HEIGHTS[lines[index]?.kind ?? 'file'],
    keyOf: (index) => lines[index]?.key ?? index,
  });
  const active = Math.min(at, lines.length - 1);

  const move = (event: KeyboardEvent): boolean => {
    const names = { count: lines.length, nameOf: (index: number) => spokenName(lines[index], record) };
    const next = movedIndex(event, names, active, PAGE);
    if (next === null) return false;
    setAt(next);
    virtual.scrollTo(next);
    return true;
  };
  const press = (event: KeyboardEvent): void => {
    const line = lines[active];
    if ((line !== undefined && deed(line, event, record)) || move(event)) event.preventDefault();
  };
  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(lineAt(event, lines)?.folder.row ?? null);
  };

  usePastedFiles((files) => {
    const line = lines[active] ?? lines[0];
    if (line === undefined) return false;
    void addDropped(targetOf(line, record), files);
    return true;
  });

  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label={t('box.contents', { name: record.name })}
        aria-rowcount={lines.length}
        aria-busy={!loaded}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        onKeyDown={press}
        onDragOver={drag}
        onDragLeave={(event) => event.target === scroller.current && setOver(null)}
        onDrop={(event) => {
          const line = lineAt(event, lines);
          setOver(null);
          if (line === undefined) return;
          event.preventDefault();
          void addDropped(targetOf(line, record), [...event.dataTransfer.files]);
        }}
      >
        <div role="none" style={{ height: virtual.total }} className={styles.space}>
          {virtual.items.map((item) => {
            const line = lines[item.index];
            if (line === undefined) return null;
            return (
              <div
                key={item.key}
                id={`${id}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 1}
                aria-selected={item.index === active}
                data-line={item.index}
                data-over={line.folder.row === over || undefined}
                className={`${styles.line} ${styles[line.kind]}`}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
                onClick={() => setAt(item.index)}
                onDoubleClick={() => line.kind === 'file' && void open(fileOf(line))}
              >
                <Cells line={line} record={record} />
              </div>
            );
          })}
        </div>
      </div>
      <Legend />
    </>
  );
}

function Cells({ line, record }: { line: BoxLine; record: BoxRecord }) {
  if (line.kind === 'file') return <FileCells line={line} />;
  const name = partName(line, record);
  if (line.kind === 'empty') {
    return (
      <div role="gridcell" className={styles.drop}>
        {t('box.drop')}
      </div>
    );
  }
  return (
    <>
      <div role="gridcell" className={styles.partName}>
        <FolderClosed aria-hidden size={16} />
        <span>{name}</span>
        {line.files > 0 && <span className={styles.soft}>{formatCount(line.files)}</span>}
      </div>
      <div role="gridcell">
        <ActionIcon
          variant="subtle"
          size="sm"
          tabIndex={-1}
          aria-label={t('box.addTo', { folder: name })}
          title={t('box.addTo', { folder: name })}
          onClick={() => void chooseFiles(targetOf(line, record))}
        >
          <Plus aria-hidden size={15} />
        </ActionIcon>
      </div>
    </>
  );
}

function FileCells({ line }: { line: Extract<BoxLine, { kind: 'file' }> }) {
  const { file } = line;
  const row = fileOf(line);
  return (
    <>
      <div role="gridcell" className={styles.name}>
        <FileIcon type={typeOfName(file.name).key} />
        <button
          type="button"
          tabIndex={-1}
          className={styles.open}
          title={t('box.open', { name: file.name })}
          onClick={() => void open(row)}
        >
          {file.name}
        </button>
      </div>
      <div role="gridcell" className={`${styles.soft} ${styles.size}`}>
        {formatBytes(file.size ?? 0)}
      </div>
      <div role="gridcell" className={`${styles.soft} ${styles.changed}`}>
        {file.changedAt === null ? '' : formatMoment(file.changedAt)}
      </div>
      <div role="gridcell" className={styles.state}>
        <EntryState state={file.state} />
      </div>
      <div role="gridcell" className={styles.deeds}>
        <ActionIcon
          variant="subtle"
          size="sm"
          tabIndex={-1}
          aria-label={t('box.copyLink', { name: file.name })}
          title={t('box.copyLink', { name: file.name })}
          onClick={() => void copyLink(row)}
        >
          <Link aria-hidden size={14} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          size="sm"
          tabIndex={-1}
          aria-label={t('box.openThere', { name: file.name })}
          title={t('box.openThere', { name: file.name })}
          onClick={() => void openInDropbox(row)}
        >
          <ExternalLink aria-hidden size={14} />
        </ActionIcon>
      </div>
    </>
  );
}

/** The keys of the box, where one looks for them. */
function Legend() {
  const keys = [
    ['Enter', 'box.keys.open'],
    ['mod+Enter', 'box.keys.dropbox'],
    ['mod+c', 'box.keys.link'],
    ['Insert', 'box.keys.add'],
    ['mod+v', 'box.keys.paste'],
  ] as const;
  return (
    <div className={styles.legend}>
      {keys.map(([shortcut, words]) => (
        <span key={shortcut}>
          <KeyHint shortcut={shortcut} /> {t(words)}
        </span>
      ))}
    </div>
  );
}

/** What a key does with a line; false for keys that do nothing here. */
function deed(line: BoxLine, event: KeyboardEvent, record: BoxRecord): boolean {
  const command = event.ctrlKey || event.metaKey;
  const row = line.kind === 'file' ? fileOf(line) : { id: line.folder.row, name: partName(line, record) };
  if (event.key === 'Insert' || (event.key === 'Enter' && line.kind !== 'file' && !command)) {
    void chooseFiles(targetOf(line, record));
  } else if (event.key === 'Enter' && command) void openInDropbox(row);
  else if (event.key === 'Enter' && event.shiftKey) void showInSystem(row);
  else if (event.key === 'Enter') void open(row);
  else if (command && event.key.toLowerCase() === 'c') void copyLink(row);
  else return false;
  return true;
}

function lineAt(event: DragEvent, lines: readonly BoxLine[]): BoxLine | undefined {
  const index = (event.target as HTMLElement).closest<HTMLElement>('[data-line]')?.dataset['line'];
  // Below the last line the last folder is meant.
  return index === undefined ? lines.at(-1) : lines[Number(index)];
}

function partName({ folder }: BoxLine, record: BoxRecord): string {
  return folder.path === '' ? record.name : shownPath(folder.path);
}

function spokenName(line: BoxLine | undefined, record: BoxRecord): string {
  if (line === undefined) return '';
  return line.kind === 'file' ? line.file.name : partName(line, record);
}

function targetOf(line: BoxLine, record: BoxRecord) {
  return { id: line.folder.row, name: partName(line, record) };
}

function fileOf({ file }: Extract<BoxLine, { kind: 'file' }>) {
  return { id: file.row, name: file.name };
}
