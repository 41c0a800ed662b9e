// Makes a picture of the window small: at most 256 colours from a palette, which nobody sees on a screen of plain areas
// and text. In: a PNG of 8 bits a channel without interlacing (as Chromium writes it); out: a PNG with a palette. Pure.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const COLOURS = 256;

/** @param {Buffer} png @returns {Buffer} */
export function withPalette(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(counts);
  const places = placesOf([...counts.keys()], palette);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    // Each row begins with its filter: none, the best for a palette.
    rows[at++] = 0;
    for (let x = 0; x < width; x++) rows[at++] = places.get(pixels[y * width + x]);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name, body) {
  const whole = Buffer.alloc(body.length + 12);
  whole.writeUInt32BE(body.length, 0);
  whole.write(name, 4, 'latin1');
  body.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, body.length + 8)), body.length + 8);
  return whole;
}

function decode(png) {
  const parts = [];
  let width = 0;
  let height = 0;
  let channels = 0;
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      channels = body[9] === 6 ? 4 : 3;
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0) {
        throw new Error('This kind of PNG is not known: 8 bits a channel, in colour, not interlaced.');
      }
    }
    if (name === 'IDAT') parts.push(body);
    at += length + 12;
  }
  return {
    width,
    height,
    pixels: coloursOf(unfiltered(inflateSync(Buffer.concat(parts)), width, height, channels), channels),
  };
}

function unfiltered(data, width, height, channels) {
  const line = width * channels;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (line + 1)];
    for (let x = 0; x < line; x++) {
      const at = y * line + x;
      const left = x >= channels ? out[at - channels] : 0;
      const up = y > 0 ? out[at - line] : 0;
      const corner = x >= channels && y > 0 ? out[at - line - channels] : 0;
      out[at] = data[y * (line + 1) + 1 + x] + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function coloursOf(bytes, channels) {
  const pixels = new Uint32Array(bytes.length / channels);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = (bytes[at * channels] << 16) | (bytes[at * channels + 1] << 8) | bytes[at * channels + 2];
  }
  return pixels;
}

/** The most common colours as they are, because plain areas must not change; the rest by median cut. */
function paletteOf(counts) {
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (sorted.length <= COLOURS) return sorted.map(([colour]) => colour);
  const kept = sorted.slice(0, COLOURS / 2);
  let boxes = [sorted.slice(COLOURS / 2)];
  while (boxes.length < COLOURS / 2) {
    const [widest] = boxes.filter((box) => box.length > 1).toSorted((a, b) => spreadOf(b).spread - spreadOf(a).spread);
    if (widest === undefined) break;
    const { shift } = spreadOf(widest);
    const ordered = widest.toSorted((a, b) => ((a[0] >> shift) & 255) - ((b[0] >> shift) & 255));
    const middle = ordered.length >> 1;
    boxes = [...boxes.filter((box) => box !== widest), ordered.slice(0, middle), ordered.slice(middle)];
  }
  return [...kept.map(([colour]) => colour), ...boxes.map(meanOf)];
}

const spreads = new WeakMap();

/** The channel in which the colours of a box differ most. */
function spreadOf(box) {
  const known = spreads.get(box);
  if (known !== undefined) return known;
  let found = { shift: 0, spread: -1 };
  for (const shift of [16, 8, 0]) {
    let [low, high] = [255, 0];
    for (const [colour] of box) {
      const value = (colour >> shift) & 255;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (high - low > found.spread) found = { shift, spread: high - low };
  }
  spreads.set(box, found);
  return found;
}

function meanOf(box) {
  const total = box.reduce((sum, [, count]) => sum + count, 0);
  const channel = (shift) =>
    Math.round(box.reduce((sum, [colour, count]) => sum + ((colour >> shift) & 255) * count, 0) / total);
  return (channel(16) << 16) | (channel(8) << 8) | channel(0);
}

/** For each colour the index of the nearest one of the palette. */
function placesOf(colours, palette) {
  const exact = new Map(palette.map((colour, index) => [colour, index]));
  return new Map(colours.map((colour) => [colour, exact.get(colour) ?? nearest(colour, palette)]));
}

function nearest(colour, palette) {
  let best = 0;
  let least = Infinity;
  for (const [index, other] of palette.entries()) {
    const red = (colour >> 16) - (other >> 16);
    const green = ((colour >> 8) & 255) - ((other >> 8) & 255);
    const blue = (colour & 255) - (other & 255);
    const distance = red * red + green * green + blue * blue;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}
