// The tar format, as far as a backup needs it: ustar headers, with a pax header in front where a name is long or not
// plain ASCII, or a file large (POSIX.1-2017, pax interchange format). Writing: headers for members whose bytes the
// caller adds. Reading: what was written here, member by member, from a stream; anything torn or odd is an error.
// Called by pack.ts and unpack.ts. `tar xzf` opens what comes out.

const BLOCK = 512;
const OCTAL_LIMIT = 0o77777777777;

export interface TarHeader {
  /** With `/` between names, without one at either end. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** Milliseconds since the epoch; kept in whole seconds. */
  readonly modified: number;
}

export interface TarMember extends TarHeader {
  /** To be read to its end before the next member is asked for. */
  readonly body: AsyncIterable<Buffer>;
}

/** A stream that is no archive, or not a whole one. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

export function tarHeader(header: TarHeader): Buffer {
  const path = header.kind === 'folder' ? `${header.path}/` : header.path;
  const plain = /^[\u0020-\u007e]*$/.test(path) && path.length <= 100;
  if (plain && header.size <= OCTAL_LIMIT) return ustar(header, path, typeOf(header));
  const records = paxRecord('path', path) + (header.size > OCTAL_LIMIT ? paxRecord('size', String(header.size)) : '');
  const body = Buffer.from(records, 'utf8');
  const shortened = path.replace(/[^\u0020-\u007e]/g, '_').slice(-100);
  return Buffer.concat([
    ustar({ ...header, size: body.length }, 'pax header', 'x'),
    body,
    padding(body.length),
    ustar({ ...header, size: Math.min(header.size, OCTAL_LIMIT) }, shortened, typeOf(header)),
  ]);
}

/** What fills the last block of a member of `size` bytes. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** Two empty blocks end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

function typeOf({ kind }: TarHeader): string {
  return kind === 'folder' ? '5' : '0';
}

function ustar({ size, mode, modified }: TarHeader, name: string, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    block.write(value.toString(8).padStart(width - 1, '0'), at, 'ascii');
  };
  block.write(name, 0, 100, 'ascii');
  octal(mode & 0o7777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.min(OCTAL_LIMIT, Math.max(0, Math.floor(modified / 1000))), 136, 12);
  block.write(type, 156, 'ascii');
  block.write('ustar\u000000', 257, 'ascii');
  block.fill(' ', 148, 156);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\u0000 `, 148, 'ascii');
  return block;
}

function checksum(block: Buffer): number {
  let sum = 0;
  for (const byte of block) sum += byte;
  return sum;
}

/** `LENGTH KEY=VALUE\n`, the length counting itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length + rest !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

// ---------------------------------------------------------------- reading

/** Throws TarError where the stream ends in the middle, or is none. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember, void, undefined> {
  const bytes = new ByteQueue(chunks);
  let pax: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const block = await bytes.take(BLOCK);
    if (block.every((byte) => byte === 0)) {
      await bytes.take(BLOCK);
      // What encrypts or compresses checks itself at the very end.
      await bytes.drain();
      return;
    }
    const { name, size, type, mode, modified } = parseHeader(block);
    if (type === 'x') {
      pax = paxRecords(await bytes.take(size));
      await bytes.take(padding(size).length);
      continue;
    }
    const path = checkedPath(pax.get('path') ?? name);
    const length = Number(pax.get('size') ?? size);
    pax = new Map();
    if (type !== '0' && type !== '5') throw new TarError(`The archive holds something unknown (type "${type}").`);
    const body = bytes.pass(length);
    yield { path, kind: type === '5' ? 'folder' : 'file', size: length, mode, modified, body };
    await bytes.skip();
    await bytes.take(padding(length).length);
  }
}

function parseHeader(block: Buffer) {
  const text = (at: number, width: number): string => {
    const field = block.subarray(at, at + width);
    const end = field.indexOf(0);
    return field.toString('ascii', 0, end < 0 ? width : end);
  };
  const octal = (at: number, width: number): number => {
    const digits = text(at, width).trim();
    if (!/^[0-7]+$/.test(digits)) throw new TarError('The archive is damaged: a header makes no sense.');
    return Number.parseInt(digits, 8);
  };
  const told = octal(148, 8);
  const blank = Buffer.from(block);
  blank.fill(' ', 148, 156);
  if (told !== checksum(blank)) throw new TarError('The archive is damaged: a header does not fit its checksum.');
  return {
    name: text(0, 100),
    mode: octal(100, 8),
    size: octal(124, 12),
    modified: octal(136, 12) * 1000,
    type: text(156, 1) || '0',
  };
}

function paxRecords(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(' ', at);
    const length = Number(body.toString('ascii', at, space));
    if (space < 0 || !Number.isInteger(length) || length <= 0) throw new TarError('The archive is damaged.');
    const record = body.toString('utf8', space + 1, at + length - 1);
    const cut = record.indexOf('=');
    records.set(record.slice(0, cut), record.slice(cut + 1));
    at += length;
  }
  return records;
}

/** Never a path that leaves the folder into which somebody unpacks. */
function checkedPath(path: string): string {
  const names = path.replace(/\/$/, '').split('/');
  if (
    names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\\') || name.includes('\u0000'))
  ) {
    throw new TarError(`The archive holds a name that is not allowed: "${path}".`);
  }
  return names.join('/');
}

/** Hands out a stream in the pieces that are asked for. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the body being passed on that nobody has taken yet. */
  #left = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      const part = await this.#some(missing);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  pass(count: number): AsyncGenerator<Buffer, void, undefined> {
    this.#left = count;
    return this.#rest();
  }

  async skip(): Promise<void> {
    for await (const part of this.#rest()) void part;
  }

  async *#rest(): AsyncGenerator<Buffer, void, undefined> {
    while (this.#left > 0) {
      const part = await this.#some(this.#left);
      this.#left -= part.length;
      yield part;
    }
  }

  async drain(): Promise<void> {
    for (let next = await this.#chunks.next(); next.done !== true; next = await this.#chunks.next()) void next;
  }

  async #some(most: number): Promise<Buffer> {
    while (this.#held.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw new TarError('The archive ends in the middle.');
      this.#held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const part = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(part.length);
    return part;
  }
}
