// Values of options, checked as they are read; called by the trees of commands.

import { InvalidArgumentError } from 'commander';

/** For options that may be repeated. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}

export function positiveInteger(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `1.5 MB`, `500k`, `1000`: bytes, with powers of 1024 as everywhere in the program. */
export function byteSize(value: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(value.trim()) ?? [];
  const bytes = Math.round(Number(number) * (UNIT_BYTES[unit.toLowerCase()] ?? 1));
  if (number === '' || !Number.isSafeInteger(bytes)) {
    throw new InvalidArgumentError('It must be a size, such as 500k, 1.5MB or 2GB.');
  }
  return bytes;
}

/** The first moment of a day, as people here count days, or the moment itself; ISO 8601. */
export function firstMoment(value: string): string {
  return momentOf(value, [0, 0, 0, 0]);
}

/** The last moment of a day, or the moment itself. */
export function lastMoment(value: string): string {
  return momentOf(value, [23, 59, 59, 999]);
}

function momentOf(
  value: string,
  [hours, minutes, seconds, milliseconds]: readonly [number, number, number, number],
): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value.trim()) ?? [];
  const time =
    day === undefined
      ? new Date(value)
      : new Date(Number(year), Number(month) - 1, Number(day), hours, minutes, seconds, milliseconds);
  const isThatDay = day === undefined || (time.getMonth() === Number(month) - 1 && time.getDate() === Number(day));
  if (Number.isNaN(time.getTime()) || !isThatDay) {
    throw new InvalidArgumentError('It must be a date, such as 2026-11-23 or 2026-11-23T14:05:00Z.');
  }
  return time.toISOString();
}

/** One or several of the allowed words, separated by commas; may be repeated. */
export function someOf<T extends string>(allowed: readonly T[]): (value: string, earlier?: readonly T[]) => T[] {
  return (value, earlier = []) => {
    const words = value.split(',').map((word) => word.trim());
    const chosen = words.map((word) => {
      const found = allowed.find((one) => one === word);
      if (found === undefined) throw new InvalidArgumentError(`It must be one of ${allowed.join(', ')}.`);
      return found;
    });
    return [...earlier, ...chosen];
  };
}

/** Words separated by commas; may be repeated. */
export function listed(value: string, earlier: readonly string[] = []): string[] {
  return [
    ...earlier,
    ...value
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ];
}
