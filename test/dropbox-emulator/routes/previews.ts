// Thumbnails and previews.

import { choice, list, optional, nullable, struct, text, union, type Read } from '../arguments.ts';
import { EndpointError, tag } from '../answers.ts';
import { PICTURE_EXTENSIONS, thumbnailOf } from '../images.ts';
import { LookupProblem, requireRevision } from '../lookup.ts';
import { revisionMetadata, type Metadata } from '../metadata.ts';
import { escapeHtml } from '../paper.ts';
import { Download, route, type Call, type Route } from '../route.ts';
import type { Revision } from '../tree.ts';
import { readPath, rev } from './fields.ts';
import { lookingUp, oneChunk } from './reading.ts';

/** Files of one thumbnail batch. */
const MAX_BATCH = 25;
/** Bytes of the largest picture that is scaled. */
const MAX_PICTURE = 20 * 1024 * 1024;

const PDF_PREVIEW = new Set('ai doc docm docx eps gdoc gslides odp odt pps ppsm ppsx ppt pptm pptx rtf'.split(' '));
const HTML_PREVIEW = new Set('csv ods xls xlsm gsheet xlsx'.split(' '));

const pictureFields = {
  format: optional(choice('jpeg', 'png'), 'jpeg' as const),
  size: optional(
    choice('w32h32', 'w64h64', 'w128h128', 'w256h256', 'w480h320', 'w640h480', 'w960h640', 'w1024h768', 'w2048h1536'),
    'w64h64' as const,
  ),
  mode: optional(choice('strict', 'bestfit', 'fitone_bestfit', 'original'), 'strict' as const),
  quality: nullable(choice('quality_80', 'quality_90')),
  exclude_media_info: nullable({ missing: null, read: Boolean }),
} as const;
const pictureArgument = struct({ path: readPath, ...pictureFields });

interface Thumbnail {
  readonly metadata: Metadata;
  readonly bytes: Buffer;
}

/** Throws an EndpointError that is a ThumbnailError. */
async function thumbnail(call: Call, argument: Read<typeof pictureArgument>): Promise<Thumbnail> {
  const { view } = call;
  const revision = lookingUp(() => requireRevision(view, argument.path));
  if (!PICTURE_EXTENSIONS.has(extensionOf(revision))) throw new EndpointError(tag('unsupported_extension'));
  if (revision.size > MAX_PICTURE) throw new EndpointError(tag('unsupported_image'));
  const source = await view.emulator.blobs.bytes(revision.hash, revision.size);
  const bytes = thumbnailOf(source, argument.format, argument.size);
  if (bytes === null) throw new EndpointError(tag('conversion_error'));
  return { metadata: revisionMetadata(view, revision), bytes };
}

function extensionOf(revision: Revision): string {
  const name = revision.pathLower;
  return name.slice(name.lastIndexOf('.') + 1);
}

function pictureDownload(result: Metadata, bytes: Buffer, format: string): Download {
  return new Download(result, bytes.length, (start, end) => oneChunk(bytes.subarray(start, end)), {
    contentType: `image/${format}`,
  });
}

async function batch(call: Call, entries: readonly Read<typeof pictureArgument>[]): Promise<unknown> {
  if (entries.length > MAX_BATCH) throw new EndpointError(tag('too_many_files'));
  const results: unknown[] = [];
  for (const entry of entries) {
    try {
      const { metadata, bytes } = await thumbnail(call, entry);
      results.push({ '.tag': 'success', metadata, thumbnail: bytes.toString('base64') });
    } catch (error) {
      if (!(error instanceof EndpointError)) throw error;
      results.push({ '.tag': 'failure', failure: error.error });
    }
  }
  return { entries: results };
}

/** The path inside the account of what a PathOrLink means. */
function resourcePath(call: Call, resource: Read<typeof pathOrLink>): string {
  if (resource.tag === 'path') return resource.value;
  const link = call.view.emulator.links.open(resource.value.url, resource.value.password);
  if (link === 'denied') throw new EndpointError(tag('access_denied'));
  if (link === null) throw new EndpointError(tag('not_found'));
  return `${link.entryId}${resource.value.path ?? ''}`;
}

const pathOrLink = union({
  path: readPath,
  link: struct({ url: text(), path: nullable(text()), password: nullable(text()) }),
});

async function preview(call: Call, path: string): Promise<Download> {
  const { view } = call;
  const revision = lookingUp(() => {
    const found = requireRevision(view, path);
    if (found.paper !== null) throw new LookupProblem(tag('unsupported_content_type'));
    return found;
  });
  const extension = extensionOf(revision);
  const metadata = revisionMetadata(view, revision);
  if (PDF_PREVIEW.has(extension)) {
    const bytes = plainPdf(String(metadata['name']));
    return new Download(metadata, bytes.length, (start, end) => oneChunk(bytes.subarray(start, end)), {
      contentType: 'application/pdf',
    });
  }
  if (!HTML_PREVIEW.has(extension)) throw new EndpointError(tag('unsupported_extension'));
  const source = await view.emulator.blobs.bytes(revision.hash, revision.size);
  const bytes = Buffer.from(`<!doctype html><meta charset="utf-8"><pre>${escapeHtml(source.toString())}</pre>`);
  return new Download(metadata, bytes.length, (start, end) => oneChunk(bytes.subarray(start, end)), {
    contentType: 'text/html; charset=utf-8',
  });
}

/** A one-page PDF that says the name. */
function plainPdf(name: string): Buffer {
  const shown = name.replace(/[^ -~]/g, '?').replace(/[\\()]/g, '\\$&');
  const content = `BT /F1 18 Tf 72 720 Td (${shown}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const start = pdf.length;
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  pdf += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(pdf, 'latin1');
}

const SCOPE = 'files.content.read';
const DOWNLOAD = { style: 'download' } as const;

export const previewRoutes: readonly Route[] = [
  route(
    'files/get_thumbnail',
    SCOPE,
    pictureArgument,
    async (call, argument) => {
      const { metadata, bytes } = await thumbnail(call, argument);
      return pictureDownload(metadata, bytes, argument.format);
    },
    DOWNLOAD,
  ),
  route(
    'files/get_thumbnail_v2',
    SCOPE,
    struct({ resource: pathOrLink, ...pictureFields }),
    async (call, { resource, ...rest }) => {
      const { metadata, bytes } = await thumbnail(call, { path: resourcePath(call, resource), ...rest });
      return pictureDownload({ file_metadata: metadata }, bytes, rest.format);
    },
    { style: 'download', auth: 'app, user' },
  ),
  route('files/get_thumbnail_batch', SCOPE, struct({ entries: list(pictureArgument) }), (call, argument) =>
    batch(call, argument.entries),
  ),
  route(
    'files/get_preview',
    SCOPE,
    struct({ path: readPath, rev: nullable(rev) }),
    (call, argument) => preview(call, argument.rev === null ? argument.path : `rev:${argument.rev}`),
    DOWNLOAD,
  ),
];
