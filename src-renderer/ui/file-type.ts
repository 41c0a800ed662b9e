// What kind of document a name stands for, by its ending: the word for the table and the icon's name.

import type { Row } from '../../src-shared/ipc/documents.ts';
import { t } from './words.ts';

export type TypeKey =
  | 'folder'
  | 'record'
  | 'rule'
  | 'pdf'
  | 'image'
  | 'sheet'
  | 'text'
  | 'document'
  | 'slides'
  | 'archive'
  | 'audio'
  | 'video'
  | 'drawing'
  | 'code'
  | 'mail'
  | 'plain';

const ENDINGS: Readonly<Partial<Record<TypeKey, string>>> = {
  pdf: 'pdf',
  image: 'png jpg jpeg gif webp svg tif tiff bmp heic avif',
  sheet: 'csv tsv xls xlsx ods numbers',
  text: 'txt md log rtf',
  document: 'doc docx odt pages paper',
  slides: 'ppt pptx odp key',
  archive: 'zip gz tgz tar 7z rar bz2 xz',
  audio: 'mp3 wav ogg flac m4a',
  video: 'mp4 mov webm mkv avi',
  drawing: 'dwg dxf step stp stl',
  code: 'json xml yaml yml html js ts py sql',
  mail: 'eml msg',
};

const BY_ENDING: ReadonlyMap<string, TypeKey> = new Map(
  Object.entries(ENDINGS).flatMap(([key, endings]) => endings.split(' ').map((ending) => [ending, key as TypeKey])),
);

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

export function typeOfName(name: string): { readonly key: TypeKey; readonly word: string } {
  const ending = endingOf(name);
  const key = BY_ENDING.get(ending) ?? 'plain';
  if (key !== 'plain') return { key, word: t(`type.${key}`) };
  const short = ending !== '' && ending.length <= 5;
  return { key, word: short ? t('type.file', { ending: ending.toUpperCase() }) : t('type.plain') };
}

export function typeOf(row: Pick<Row, 'kind' | 'role' | 'name'>): { readonly key: TypeKey; readonly word: string } {
  if (row.kind === 'file') return typeOfName(row.name);
  const key = row.role === 'record' || row.role === 'rule' ? row.role : 'folder';
  return { key, word: t(`type.${key}`) };
}
