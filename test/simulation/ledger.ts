// What the simulation knows about contents and entries that no engine tells it: which content must still be somewhere,
// which entries nobody has touched since everybody was quiet. Written by people.ts and play.ts, read by invariants.ts.

import type { ContentHash, RemoteId, Rev } from '../../src-shared/domain.ts';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { Deletions } from './deletions.ts';
import { isWithin, keyOf } from './names.ts';

export interface Quiet {
  readonly path: string;
  readonly rev: Rev | null;
  readonly hash: ContentHash | null;
  readonly client: number;
  /** On each computer, the file that holds it; null where only a link is there. */
  readonly fileIds: readonly (string | null)[];
  /** A folder that stands there only for what lies in another client's. */
  readonly passage: boolean;
}

export class Ledger {
  /** Contents that a person wrote and nobody took away. */
  readonly mustLive = new Set<string>();
  /** Written more than once: which of the copies is which cannot be told. */
  readonly ambiguous = new Set<string>();
  /** Written or moved while a pass ran. */
  readonly amidst = new Set<string>();
  /** Of those, what came in the instant between the last look at a place and its way to the trash, which keeps it. */
  readonly trashedUnseen = new Set<string>();
  /** Files that are on their way to the trash. */
  trashing = 0;
  readonly #hashes = new Map<string, string>();
  /** When a content last came to a place in Dropbox, in calls. */
  readonly cameAt = new Map<string, number>();
  /** Every entry in Dropbox when everybody was last quiet. */
  quiet: ReadonlyMap<RemoteId, Quiet> = new Map();
  readonly touchedIds = new Set<RemoteId>();
  readonly touchedFiles = new Set<string>();
  readonly touchedKeys = new Set<string>();
  readonly deletions = new Deletions();
  /** On a disk, and in no row, when the program died there: somebody may move them before it starts again. */
  readonly unrecorded = new Set<string>();
  /** Kept beside by the engine, in which pass; a person may end the conflict before it is settled. */
  readonly copied = new Map<string, number>();
  /** Taken out of the trash: a copy of it may have been kept elsewhere. */
  readonly restored = new Set<string>();
  /** Names that people gave, as keys. */
  readonly given = new Set<string>();
  /** When something last came back into a root in Dropbox from elsewhere, in calls. */
  returnedAt = -1;
  /** Passes during which people were at work. */
  readonly disturbed = new Set<number>();
  /** Passes so far. */
  passes = 0;
  /** A union after a lost database may find a moved entry twice. */
  lostDatabase = false;
  /** Something was one-way or left alone since everybody was quiet: what both sides have is not the same meanwhile. */
  decided = false;
  /** Bytes are freed and brought back, so that files get other ids. */
  frees = false;
  /** Calls so far. */
  tick = 0;
  running = false;
  #contents = 0;

  /** A new content; now and then one that was there before: equal contents are adopted, not transferred. */
  write(draw: number): string {
    if (draw < 4 && this.#contents > 0) {
      const again = draw === 0 ? '' : `text ${draw % this.#contents}`;
      this.ambiguous.add(again);
      return this.#note(again);
    }
    return this.#note(`text ${this.#contents++}`);
  }

  #note(content: string): string {
    this.#hashes.set(hashOfText(content), content);
    return content;
  }

  textOf(hash: ContentHash | null): string | null {
    return hash === null ? null : (this.#hashes.get(hash) ?? `unknown content ${hash}`);
  }

  lives(content: string): void {
    this.mustLive.add(content);
    this.moved(content);
  }

  moved(content: string | null | undefined): void {
    if (typeof content !== 'string') return;
    if (this.running) this.amidst.add(content);
    if (this.trashing > 0) this.trashedUnseen.add(content);
    this.cameAt.set(content, this.tick);
  }

  /** A person moved one of both versions of a conflict, which ends it. */
  movedByPerson(content: string | null | undefined): void {
    this.moved(content);
    if (typeof content !== 'string') return;
    if (this.copied.has(content)) this.unrecorded.add(content);
  }

  gone(content: string | null | undefined): void {
    if (typeof content === 'string') this.mustLive.delete(content);
  }

  wentWith(tree: Readonly<Record<string, string | null>>, path: string): void {
    for (const [other, content] of Object.entries(tree)) if (isWithin(other, path)) this.gone(content);
  }

  touchKey(client: number, path: string): void {
    const key = `${client}/${keyOf(path)}`;
    this.touchedKeys.add(key);
    this.deletions.touchKey(key);
  }

  touchId(id: RemoteId): void {
    this.touchedIds.add(id);
    this.deletions.touchId(id);
  }

  isTouched(id: RemoteId, entry: Quiet): boolean {
    if (this.touchedIds.has(id) || entry.fileIds.some((file) => file !== null && this.touchedFiles.has(file)))
      return true;
    const key = `${entry.client}/${keyOf(entry.path)}`;
    return [...this.touchedKeys].some((touched) => isWithin(key, touched));
  }

  quietNow(entries: ReadonlyMap<RemoteId, Quiet>): void {
    this.quiet = entries;
    this.touchedIds.clear();
    this.touchedFiles.clear();
    this.touchedKeys.clear();
    this.deletions.quietNow();
    this.decided = false;
  }
}

const hashes = new Map<string, ContentHash>();

export function hashOfText(content: string): ContentHash {
  let hash = hashes.get(content);
  if (hash === undefined) hashes.set(content, (hash = hashOfBytes(new TextEncoder().encode(content))));
  return hash;
}
