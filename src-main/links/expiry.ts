// The day or moment on which a link shall end, as a person writes it. Pure. Called by the links service.

export type Expiry = { readonly ok: true; readonly time: number } | { readonly ok: false; readonly message: string };

/**
 * `2027-01-31` means the end of that day here; with a time (`2027-01-31T12:00`, `…Z`) that very moment.
 * `now` and the answer in milliseconds since the epoch.
 */
export function expiryOf(text: string, now: number): Expiry {
  const written = text.trim();
  const time = /^\d{4}-\d{2}-\d{2}$/.test(written) ? endOfDay(written) : momentOf(written);
  if (time === null) {
    return {
      ok: false,
      message: `"${text}" is not a day. Write it as 2027-01-31, or with a time as 2027-01-31T12:00.`,
    };
  }
  if (time <= now) return { ok: false, message: `"${text}" is over already. Give a day in the future.` };
  return { ok: true, time };
}

function endOfDay(written: string): number | null {
  const [year = 0, month = 0, day = 0] = written.split('-').map(Number);
  const date = new Date(year, month - 1, day, 23, 59, 59);
  // 31 February is not taken for the 3rd of March.
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}

function momentOf(written: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(written);
  const day = parts?.[1];
  if (day === undefined || endOfDay(day) === null) return null;
  const time = Date.parse(written);
  return Number.isNaN(time) ? null : Math.floor(time / 1000) * 1000;
}
