// Small pictures for thumbnails: the file itself where it already is a picture of the wanted format and not too large,
// else a plain one of the wanted size.

import { crc32, deflateSync } from 'node:zlib';

export type PictureFormat = 'jpeg' | 'png';

/** Bytes up to which a picture is its own thumbnail. */
const OWN_THUMBNAIL_SIZE = 2 * 1024 * 1024;

/** Extensions for which Dropbox makes thumbnails. */
export const PICTURE_EXTENSIONS: ReadonlySet<string> = new Set([
  'jpg',
  'jpeg',
  'png',
  'tiff',
  'tif',
  'gif',
  'webp',
  'ppm',
  'bmp',
]);

const SIGNATURES: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['jpeg', Buffer.from('ffd8ff', 'hex')],
  ['png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['gif', Buffer.from('GIF8')],
  ['webp', Buffer.from('RIFF')],
  ['bmp', Buffer.from('BM')],
  ['tiff', Buffer.from('49492a00', 'hex')],
  ['tiff', Buffer.from('4d4d002a', 'hex')],
  ['ppm', Buffer.from('P6')],
];

/** The kind of picture by its first bytes; null where it is none. */
export function pictureKind(bytes: Buffer): string | null {
  return SIGNATURES.find(([, signature]) => bytes.subarray(0, signature.length).equals(signature))?.[0] ?? null;
}

/** A thumbnail; `size` is WIDTHxHEIGHT as in `w64h64`. Null where the bytes are no picture. */
export function thumbnailOf(source: Buffer, format: PictureFormat, size: string): Buffer | null {
  const kind = pictureKind(source);
  if (kind === null) return null;
  if (kind === format && source.length <= OWN_THUMBNAIL_SIZE) return source;
  const [, width = '64', height = '64'] = /^w(\d+)h(\d+)$/.exec(size) ?? [];
  return format === 'png' ? plainPng(Number(width), Number(height)) : GREY_JPEG;
}

/** A picture in one colour. */
export function plainPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0xc8);
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(content.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** Eight by eight pixels of grey: quantisation all ones, one Huffman code for each table, one block. */
const GREY_JPEG = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.from('ffdb004300', 'hex'),
  Buffer.alloc(64, 1),
  Buffer.from('ffc0000b080008000801011100', 'hex'),
  Buffer.from('ffc40014000100000000000000000000000000000000', 'hex'),
  Buffer.from('ffc40014100100000000000000000000000000000000', 'hex'),
  Buffer.from('ffda0008010100003f003f', 'hex'),
  Buffer.from('ffd9', 'hex'),
]);
