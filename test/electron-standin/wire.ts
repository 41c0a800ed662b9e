// The codec of values that cross the borders between main process, preload world and page: close to structured clone,
// carried as JSON. `createCodec` is also injected as text, so it must not refer to anything outside itself.

export interface Codec {
  /** Throws for functions, symbols and cyclic values, like structured clone does (which carries cycles; this does not). */
  encode(value: unknown): unknown;
  decode(value: unknown): unknown;
}

interface Tagged {
  readonly $: string;
  readonly v?: unknown;
}

export function createCodec(): Codec {
  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };

  const encodeNumber = (value: number): unknown => {
    if (Object.is(value, -0)) return { $: 'number', v: '-0' };
    return Number.isFinite(value) ? value : { $: 'number', v: String(value) };
  };

  const encodeBytes = (value: ArrayBuffer | ArrayBufferView): unknown => {
    if (value instanceof ArrayBuffer) return { $: 'buffer', v: toBase64(new Uint8Array(value)) };
    return { $: 'bytes', v: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  };

  const encodeObject = (value: object, above: ReadonlySet<unknown>): unknown => {
    if (value instanceof Date) return { $: 'date', v: value.getTime() };
    if (value instanceof Error)
      return { $: 'error', v: { name: value.name, message: value.message, stack: value.stack } };
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return encodeBytes(value);
    if (above.has(value)) throw new Error('A cyclic value is not carried by the stand-in.');
    const seen = new Set(above).add(value);
    const inner = (part: unknown): unknown => encodeValue(part, seen);
    if (value instanceof Map) return { $: 'map', v: [...value].map(([key, part]) => [inner(key), inner(part)]) };
    if (value instanceof Set) return { $: 'set', v: [...value].map(inner) };
    if (Array.isArray(value)) return value.map(inner);
    const plain = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
    return '$' in plain ? { $: 'object', v: plain } : plain;
  };

  const encodeValue = (value: unknown, above: ReadonlySet<unknown>): unknown => {
    if (value === undefined) return { $: 'undefined' };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return encodeNumber(value);
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
    if (typeof value === 'object') return encodeObject(value, above);
    throw new Error('An object could not be cloned.');
  };

  const decodeObject = (value: object): unknown =>
    Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decode(part)]));

  const decodeError = (value: { name: string; message: string; stack?: string }): Error => {
    const error = new Error(value.message);
    error.name = value.name;
    if (value.stack !== undefined) error.stack = value.stack;
    return error;
  };

  const decodeTagged = (tagged: Tagged): unknown => {
    const bytes = (): Uint8Array => Uint8Array.from(atob(tagged.v as string), (char) => char.charCodeAt(0));
    switch (tagged.$) {
      case 'undefined':
        return undefined;
      case 'number':
        return tagged.v === '-0' ? -0 : Number(tagged.v);
      case 'bigint':
        return BigInt(tagged.v as string);
      case 'date':
        return new Date(tagged.v as number);
      case 'error':
        return decodeError(tagged.v as { name: string; message: string });
      case 'buffer':
        return bytes().buffer;
      case 'bytes':
        return bytes();
      case 'map':
        return new Map((tagged.v as [unknown, unknown][]).map(([key, part]) => [decode(key), decode(part)]));
      case 'set':
        return new Set((tagged.v as unknown[]).map(decode));
      case 'object':
        return decodeObject(tagged.v as object);
      default:
        throw new Error(`Unknown wire tag "${tagged.$}".`);
    }
  };

  const decode = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(decode);
    return '$' in value && typeof value.$ === 'string' ? decodeTagged(value as Tagged) : decodeObject(value);
  };

  return { encode: (value) => encodeValue(value, new Set()), decode };
}
