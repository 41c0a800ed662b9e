// Sizes, numbers and dates as people of the chosen language write them.

import { currentLocale } from './words.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function formatsFor(locale: string) {
  const { language } = new Intl.Locale(locale);
  const sizes = UNITS.map(
    (unit, index) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        // In Arabic the short unit is a whole word.
        unitDisplay: index === 0 || language === 'ar' ? 'narrow' : 'short',
        maximumFractionDigits: index < 2 ? 0 : 1,
      }),
  );
  return {
    sizes,
    /** `B`, in French `o`: where the language writes it without a space, too. */
    byte: sizes[0]?.formatToParts(1).find(({ type }) => type === 'unit')?.value ?? 'B',
    count: new Intl.NumberFormat(locale),
    milliseconds: new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond', unitDisplay: 'short' }),
    percent: new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }),
    time: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
    seconds: new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }),
    hours: new Intl.DateTimeFormat(locale, { hour: 'numeric' }),
    // The short day of the week is a whole word in Arabic, too.
    days: new Intl.DateTimeFormat(locale, { weekday: language === 'ar' ? 'narrow' : 'short', day: 'numeric' }),
    months: new Intl.DateTimeFormat(locale, { month: 'short' }),
    month: new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric' }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
    list: new Intl.ListFormat(locale),
    isolates: language === 'ar',
    /** Between a day and a time. */
    comma: language === 'ar' ? '، ' : ', ',
    collator: new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }),
  };
}

let made: { readonly locale: string; readonly formats: ReturnType<typeof formatsFor> } | null = null;

function formats(): ReturnType<typeof formatsFor> {
  const locale = currentLocale();
  if (made?.locale !== locale) made = { locale, formats: formatsFor(locale) };
  return made.formats;
}

/** Decimal units, as Dropbox shows them. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  if (power === 0) return formatExactBytes(bytes);
  return (formats().sizes[power] as Intl.NumberFormat).format(bytes / 1000 ** power);
}

/** Byte by byte. */
export function formatExactBytes(bytes: number): string {
  const { count, byte } = formats();
  return `${count.format(bytes)} ${byte}`;
}

/** Whether it is on the day so many days from today. */
function isDay(moment: Date, days: number): boolean {
  const day = new Date();
  // From noon, so that no change of the clock makes it another day.
  day.setHours(12);
  day.setDate(day.getDate() + days);
  return moment.toDateString() === day.toDateString();
}

function isToday(moment: Date): boolean {
  return isDay(moment, 0);
}

/** `14:05` today, `yesterday, 14:05`, `tomorrow, 03:00`, else the date. */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  const { time, relative, date, comma } = formats();
  if (isToday(moment)) return time.format(moment);
  const days = [-1, 1].find((one) => isDay(moment, one));
  return days === undefined ? date.format(moment) : `${relative.format(days, 'day')}${comma}${time.format(moment)}`;
}

/** The same at the beginning of a line or cell: `Yesterday, 14:05`. */
export function formatMomentAlone(iso: string): string {
  const moment = formatMoment(iso);
  return moment.charAt(0).toLocaleUpperCase(currentLocale()) + moment.slice(1);
}

/** With seconds, for the log. */
export function formatExact(iso: string): string {
  const moment = new Date(iso);
  const { seconds, date, comma } = formats();
  return isToday(moment) ? seconds.format(moment) : `${date.format(moment)}${comma}${seconds.format(moment)}`;
}

export function formatDate(iso: string): string {
  return formats().date.format(new Date(iso));
}

/** `Mar 2016`: where the day does not matter. */
export function formatMonth(iso: string): string {
  return formats().month.format(new Date(iso));
}

/** The hour, day or month that begins at `iso`, as short as an axis needs it. */
export function formatSpan(iso: string, span: 'hours' | 'days' | 'months'): string {
  return formats()[span].format(new Date(iso));
}

export function formatFull(iso: string): string {
  return formats().full.format(new Date(iso));
}

export function formatMilliseconds(value: number): string {
  return formats().milliseconds.format(value);
}

export function formatCount(value: number): string {
  return formats().count.format(value);
}

/** From 0 to 1. */
export function formatPercent(part: number): string {
  return formats().percent.format(part);
}

export function formatList(words: readonly string[]): string {
  return formats().list.format(words);
}

/**
 * Facts in one line. From right to left each of them keeps its own direction: a name in other letters would else take
 * the numbers beside it along.
 */
export function formatFacts(facts: readonly string[]): string {
  return facts.map((fact) => (formats().isolates ? `\u2068${fact}\u2069` : fact)).join(' · ');
}

/** Text in the order of the language; `Scan 9` comes before `Scan 10`. */
export function compareText(a: string, b: string): number {
  return formats().collator.compare(a, b);
}
