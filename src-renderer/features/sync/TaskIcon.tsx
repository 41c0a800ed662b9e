// The sign of a task: what is done, and for transfers which way.

import {
  ArrowDownToLine,
  ArrowUpFromLine,
  Copy,
  FolderInput,
  FolderPlus,
  Link2,
  Trash2,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import type { Task } from '../../../src-shared/ipc/sync.ts';

const DIRECTIONS = { direct: ArrowUpFromLine, backward: ArrowDownToLine, reverse: Undo2 } as const;

/** By the part of the kind after the side: `remote.delete` is a deletion. */
const DEEDS: Readonly<Record<string, LucideIcon>> = {
  folder: FolderPlus,
  copy: Copy,
  move: FolderInput,
  delete: Trash2,
  trash: Trash2,
  restore: Undo2,
  link: Link2,
};

interface TaskIconProps {
  readonly task: Pick<Task, 'kind' | 'direction'>;
  readonly size: number;
  readonly className?: string | undefined;
}

export function TaskIcon({ task: { kind, direction }, size, className }: TaskIconProps) {
  const Icon = DEEDS[kind.slice(kind.indexOf('.') + 1)] ?? DIRECTIONS[direction];
  return <Icon aria-hidden size={size} strokeWidth={1.7} className={className} />;
}
