// Export of documents that exist in the cloud alone: Markdown is what is kept; HTML is made from it plainly.

import { contentHashOf } from './content-hash.ts';

export interface Exported {
  readonly name: string;
  readonly bytes: Buffer;
  readonly hash: string;
}

const EXTENSIONS: Readonly<Record<string, string>> = { markdown: 'md', html: 'html', plain_text: 'txt', pdf: 'pdf' };

/** The document in `format`, named after the file with the format's extension. */
export function exportPaper(source: Buffer, name: string, format: string): Exported {
  const bytes = format === 'html' ? Buffer.from(htmlOf(source.toString())) : source;
  const dot = name.lastIndexOf('.');
  const stem = dot <= 0 ? name : name.slice(0, dot);
  return { name: `${stem}.${EXTENSIONS[format] ?? format}`, bytes, hash: contentHashOf(bytes) };
}

function htmlOf(markdown: string): string {
  const blocks = markdown.split(/\n{2,}/).map((block) => {
    const heading = /^(#{1,6}) +(.*)$/s.exec(block);
    const level = heading?.[1]?.length;
    return level === undefined
      ? `<p>${escapeHtml(block)}</p>`
      : `<h${level}>${escapeHtml(heading?.[2] ?? '')}</h${level}>`;
  });
  return `<!doctype html><meta charset="utf-8">${blocks.join('\n')}`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
