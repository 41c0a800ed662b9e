// Shared links and temporary links: who may open what, until when. Used by the sharing routes, by list_folder with a
// shared link, and by the pages that serve a link's file to anyone who holds it.

import { randomBytes } from 'node:crypto';

export type Audience = 'public' | 'team' | 'no_one';

export interface SharedLink {
  readonly url: string;
  readonly entryId: string;
  readonly audience: Audience;
  readonly password: string | null;
  /** Milliseconds since the epoch. */
  readonly expires: number | null;
  readonly allowDownload: boolean;
}

const TEMPORARY_LIFETIME_MS = 4 * 60 * 60 * 1000;

export class Links {
  readonly #byUrl = new Map<string, SharedLink>();
  readonly #temporary = new Map<string, { readonly rev: string; readonly expires: number }>();
  readonly #now: () => number;
  /** Where the pages behind links are served. */
  origin = '';
  /** Called after each change: the link, or null where it was revoked. */
  changed: (url: string, link: SharedLink | null) => void = () => {};

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Applies a kept record. */
  restore(url: string, link: SharedLink | null): void {
    if (link === null) this.#byUrl.delete(url);
    else this.#byUrl.set(url, link);
  }

  set(link: SharedLink): void {
    this.restore(link.url, link);
    this.changed(link.url, link);
  }

  revoke(url: string): void {
    this.restore(url, null);
    this.changed(url, null);
  }

  /** A new address in the form that Dropbox gives them. */
  newUrl(kind: 'file' | 'folder', name: string): string {
    const id = randomBytes(12).toString('base64url');
    const key = randomBytes(16).toString('base64url').slice(0, 21);
    return `https://www.dropbox.com/scl/${kind === 'file' ? 'fi' : 'fo'}/${id}/${encodeURIComponent(name)}?rlkey=${key}&dl=0`;
  }

  get all(): readonly SharedLink[] {
    return [...this.#byUrl.values()];
  }

  /** By address, whatever its `dl` or `raw` parameter says. */
  byUrl(url: string): SharedLink | null {
    return this.#byUrl.get(canonical(url)) ?? null;
  }

  ofEntry(entryId: string): SharedLink | null {
    return this.all.find((link) => link.entryId === entryId) ?? null;
  }

  /** The link that the holder of `password` may open; null where there is none (any more). */
  open(url: string, password: string | null): SharedLink | 'denied' | null {
    const link = this.byUrl(url);
    if (link === null || (link.expires !== null && link.expires <= this.#now())) return null;
    return link.password !== null && link.password !== password ? 'denied' : link;
  }

  /** An address that serves a revision for four hours. */
  temporary(rev: string): string {
    const id = randomBytes(24).toString('base64url');
    this.#temporary.set(id, { rev, expires: this.#now() + TEMPORARY_LIFETIME_MS });
    return `${this.origin}/temporary/${id}`;
  }

  /** The revision behind a temporary link; null where it is unknown or expired. */
  temporaryRev(id: string): string | null {
    const link = this.#temporary.get(id);
    return link === undefined || link.expires <= this.#now() ? null : link.rev;
  }
}

function canonical(url: string): string {
  return url.replace(/([?&])(?:dl|raw)=\d/, '$1dl=0');
}
