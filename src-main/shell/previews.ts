// Documents for the eyes of the window: `/preview/KEY/ID`, `/thumbnail/KEY/ID` and, for an earlier version of it,
// `/version/KEY/ID/REV` of the page's own address. KEY is drawn at
// each start and told to our window alone, over the checked bridge; ID is a row of the store, so that nothing else of the
// disk can be asked for. Only kinds that cannot run anything are served, and a policy of their own forbids the rest.

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DocktideService } from '../app/docktide.ts';

export interface Previews {
  readonly key: string;
  /** Null where the address is not one of a preview. */
  answer(request: {
    readonly url: string;
    readonly method: string;
    readonly signal?: AbortSignal;
  }): Promise<Response | null>;
}

/** Kinds that a page shows without running them. */
const SHOWN = /^(image\/(png|jpeg|gif|webp|avif|bmp)|application\/pdf|text\/plain|audio\/[\w.+-]+|video\/[\w.+-]+)$/;
/** Shown as plain text, whatever they are. */
const AS_TEXT = /^(text\/|application\/(json|xml|javascript|yaml|toml))/;
const THUMBNAIL_PIXELS = 256;

const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, max-age=600',
} as const;

const OURS = /^\/(preview|thumbnail|version)\//;
const ADDRESS = /^\/(preview|thumbnail|version)\/([0-9a-f]+)\/(\d{1,15})(?:\/([0-9a-zA-Z]{1,64}))?$/;

export function createPreviews(
  service: () => Pick<DocktideService, 'preview' | 'thumbnail' | 'versionPreview'>,
): Previews {
  const key = randomBytes(16).toString('hex');
  return {
    key,
    async answer({ url, method, signal }) {
      const { pathname } = new URL(url);
      if (!OURS.test(pathname)) return null;
      const [, what, given, id, rev] = ADDRESS.exec(pathname) ?? [];
      if (method !== 'GET' || given !== key || (what === 'version') !== (rev !== undefined)) return notFound();
      try {
        const number = Number(id);
        const found = await (rev !== undefined
          ? service().versionPreview(number, rev, signal)
          : what === 'preview'
            ? service().preview(number, signal)
            : service().thumbnail(number, THUMBNAIL_PIXELS, signal));
        const type = servedType(found.mime);
        if (type === null) return nothing();
        const body = Readable.toWeb(Readable.from(found.read())) as ReadableStream<Uint8Array>;
        const length = found.size === null ? {} : { 'content-length': String(found.size) };
        return new Response(body, { headers: { ...HEADERS, ...length, 'content-type': type } });
      } catch {
        // Gone, not here and not to be had, or of no picture: the window shows the icon.
        return nothing();
      }
    },
  };
}

/** The type it is served as; null for what is not shown. */
export function servedType(mime: string): string | null {
  const bare = mime.split(';')[0]?.trim().toLowerCase() ?? '';
  if (SHOWN.test(bare)) return bare === 'text/plain' ? 'text/plain' : bare;
  return AS_TEXT.test(bare) ? 'text/plain' : null;
}

/** No error of the page: many documents have no picture. */
function nothing(): Response {
  return new Response(null, { status: 204, headers: HEADERS });
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: HEADERS });
}
