import { ChevronRight, HardDrive } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Crumb, Row } from '../../../src-shared/ipc/documents.ts';
import { sentence } from '../../bridge/bridge.ts';
import { currentFolder, useFolders } from '../../stores/folder-store.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { FileIcon } from '../../ui/FileIcon.tsx';
import { typeOf } from '../../ui/file-type.ts';
import { warn } from '../../ui/notify.ts';
import { useRows } from '../../ui/use-rows.ts';
import { t } from '../../ui/words.ts';
import { useDrag } from './drag-store.ts';
import styles from './FolderTree.module.css';

const ROW_HEIGHT = 28;

interface Node {
  /** Null for the line "All folders". */
  readonly row: Row | null;
  readonly trail: readonly Crumb[];
  readonly open: boolean;
}

/** The visible nodes from top to bottom. */
function flatten(branches: ReadonlyMap<number | null, readonly Row[]>, expanded: ReadonlySet<number>): Node[] {
  const nodes: Node[] = [{ row: null, trail: [], open: true }];
  const walk = (folderId: number | null, above: readonly Crumb[]): void => {
    for (const row of branches.get(folderId) ?? []) {
      const trail = [...above, { id: row.id, name: row.name }];
      const open = expanded.has(row.id);
      nodes.push({ row, trail, open });
      if (open) walk(row.id, trail);
    }
  };
  walk(null, []);
  return nodes;
}

function indexOf(nodes: readonly Node[], folderId: number | null): number {
  return nodes.findIndex((node) => (node.row?.id ?? null) === folderId);
}

export function FolderTree() {
  const branches = useFolders((store) => store.branches);
  const expanded = useFolders((store) => store.expanded);
  const current = useFolders((store) => currentFolder(store.trail));
  const nodes = useMemo(() => flatten(branches, expanded), [branches, expanded]);
  const [activeId, setActiveId] = useState(current);
  const [followed, setFollowed] = useState(current);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count: nodes.length, scroller, height: ROW_HEIGHT });
  const active = Math.max(indexOf(nodes, activeId), 0);

  // The keyboard goes on from the folder that is shown, whoever chose it.
  if (followed !== current) {
    setFollowed(current);
    setActiveId(current);
  }
  const shown = indexOf(nodes, current);
  const scrollTo = useRef(virtual.scrollTo);
  useEffect(() => {
    scrollTo.current = virtual.scrollTo;
  });
  useEffect(() => {
    if (shown >= 0) scrollTo.current(shown);
    // Only when another folder is shown, not when the lines above it open or close.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [current]);

  const onKey = (event: KeyboardEvent): void => {
    const next = move(turned(event.key), nodes, active);
    if (next === null) return;
    event.preventDefault();
    setActiveId(nodes[next]?.row?.id ?? null);
    virtual.scrollTo(next);
  };

  return (
    <div
      ref={scroller}
      className={styles.tree}
      role="tree"
      tabIndex={0}
      aria-label={t('tree.label')}
      aria-activedescendant={`node-${active}`}
      onKeyDown={onKey}
    >
      <div role="none" className={styles.space} style={{ height: virtual.total }}>
        {virtual.items.map((item) => {
          const node = nodes[item.index];
          if (!node) return null;
          return (
            <TreeLine
              key={node.row?.id ?? 'top'}
              id={`node-${item.index}`}
              node={node}
              top={item.start}
              active={item.index === active}
              chosen={(node.row?.id ?? null) === current}
            />
          );
        })}
      </div>
    </div>
  );
}

/** From right to left the arrows change places. */
function turned(key: string): string {
  if (document.documentElement.dir !== 'rtl') return key;
  return key === 'ArrowLeft' ? 'ArrowRight' : key === 'ArrowRight' ? 'ArrowLeft' : key;
}

function show(node: Node): void {
  const moved = navigate('documents');
  useFolders
    .getState()
    .open(node.trail, null, !moved)
    .catch((error: unknown) => warn(t('documents.error'), sentence(error)));
}

function toggle(node: Node): void {
  if (node.row === null) return;
  const { expand, collapse } = useFolders.getState();
  if (node.open) collapse(node.row.id);
  else expand(node.row.id).catch((error: unknown) => warn(t('documents.error'), sentence(error)));
}

/** What a key does, as in every tree: the index to go on from, or null for a key that is not ours. */
function move(key: string, nodes: readonly Node[], active: number): number | null {
  const node = nodes[active];
  if (!node) return null;
  const parent = nodes.findIndex((one) => one.trail.length === node.trail.length - 1 && isAbove(one, node));
  switch (key) {
    case 'ArrowDown':
      return Math.min(active + 1, nodes.length - 1);
    case 'ArrowUp':
      return Math.max(active - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return nodes.length - 1;
    case 'ArrowRight':
      if (node.row && !node.open) toggle(node);
      return node.open ? Math.min(active + 1, nodes.length - 1) : active;
    case 'ArrowLeft':
      if (!node.row || !node.open) return Math.max(parent, 0);
      toggle(node);
      return active;
    case 'Enter':
    case ' ':
      show(node);
      return active;
    default:
      return null;
  }
}

function isAbove(upper: Node, node: Node): boolean {
  return upper.trail.every((crumb, depth) => node.trail[depth]?.id === crumb.id);
}

interface TreeLineProps {
  readonly id: string;
  readonly node: Node;
  readonly top: number;
  readonly active: boolean;
  readonly chosen: boolean;
}

function TreeLine({ id, node, top, active, chosen }: TreeLineProps) {
  const folder = node.row?.id ?? 'top';
  const over = useDrag((store) => !store.here && store.over === folder);
  const depth = node.trail.length;
  const name = node.row?.name ?? t('tree.top');
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={node.row ? node.open : true}
      aria-selected={chosen}
      aria-label={name}
      tabIndex={-1}
      className={styles.line}
      data-active={active || undefined}
      data-over={over || undefined}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: 6 + Math.max(depth - 1, 0) * 14 }}
      onClick={() => show(node)}
      onDoubleClick={() => toggle(node)}
      data-folder={folder}
      data-name={name}
    >
      {node.row ? (
        <span
          className={styles.chevron}
          data-open={node.open || undefined}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            toggle(node);
          }}
        >
          <ChevronRight size={14} strokeWidth={2} className="turned" />
        </span>
      ) : null}
      {node.row ? (
        <FileIcon type={typeOf(node.row).key} open={node.open} size={16} />
      ) : (
        <HardDrive aria-hidden size={16} strokeWidth={1.6} className={styles.top} />
      )}
      <span className={styles.name} dir="auto">
        {name}
      </span>
    </div>
  );
}
