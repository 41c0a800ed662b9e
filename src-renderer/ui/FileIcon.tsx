import {
  Archive,
  Briefcase,
  File,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  Film,
  Folder,
  FolderOpen,
  Layers,
  Mail,
  Music,
  Presentation,
  PencilRuler,
  type LucideIcon,
} from 'lucide-react';
import type { TypeKey } from './file-type.ts';
import styles from './FileIcon.module.css';

const ICONS: Readonly<Record<TypeKey, LucideIcon>> = {
  folder: Folder,
  record: Briefcase,
  rule: Layers,
  pdf: FileText,
  image: FileImage,
  sheet: FileSpreadsheet,
  text: FileText,
  document: FileText,
  slides: Presentation,
  archive: Archive,
  audio: Music,
  video: Film,
  drawing: PencilRuler,
  code: FileCode,
  mail: Mail,
  plain: File,
};

/** Decoration only: the type stands as a word beside it. */
export function FileIcon({ type, open = false, size = 17 }: { type: TypeKey; open?: boolean; size?: number }) {
  const Icon = open && type === 'folder' ? FolderOpen : ICONS[type];
  return <Icon aria-hidden size={size} strokeWidth={1.6} className={styles[type]} />;
}
