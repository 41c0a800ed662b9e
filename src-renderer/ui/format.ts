// Sizes and dates as people of the system's language write them.

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

const sizes = UNITS.map(
  (unit, index) =>
    new Intl.NumberFormat(undefined, {
      style: 'unit',
      unit,
      unitDisplay: index === 0 ? 'narrow' : 'short',
      maximumFractionDigits: index < 2 ? 0 : 1,
    }),
);

/** Decimal units, as Dropbox shows them. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const format = sizes[power] as Intl.NumberFormat;
  return power === 0 ? `${new Intl.NumberFormat().format(bytes)} B` : format.format(bytes / 1000 ** power);
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

function isToday(moment: Date): boolean {
  return moment.toDateString() === new Date().toDateString();
}

function wasYesterday(moment: Date): boolean {
  return new Date(moment.getTime() + 86_400_000).toDateString() === new Date().toDateString();
}

/** `14:05` today, `yesterday, 14:05`, else the date. */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  if (isToday(moment)) return time.format(moment);
  if (wasYesterday(moment)) return `${relative.format(-1, 'day')}, ${time.format(moment)}`;
  return date.format(moment);
}

/** With seconds, for the log and the queue. */
export function formatExact(iso: string): string {
  const moment = new Date(iso);
  return isToday(moment) ? seconds.format(moment) : `${date.format(moment)}, ${seconds.format(moment)}`;
}

export function formatFull(iso: string): string {
  return full.format(new Date(iso));
}

const count = new Intl.NumberFormat();

export function formatCount(value: number): string {
  return count.format(value);
}
