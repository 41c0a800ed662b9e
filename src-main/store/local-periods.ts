// When the hour, day and month of a moment began in this computer's time zone. In and out: milliseconds since the epoch.
// Called for every line of the log: what was found is kept while the hour lasts.

export interface Periods {
  readonly hour: number;
  readonly day: number;
  readonly month: number;
}

export function localPeriods(): (time: number) => Periods {
  let known: Periods = { hour: 0, day: 0, month: 0 };
  let end = 0;
  return (time) => {
    if (time >= known.hour && time < end) return known;
    known = periodsAt(time);
    end = new Date(time).setMinutes(60, 0, 0);
    return known;
  };
}

export function periodsAt(time: number): Periods {
  const date = new Date(time);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return {
    hour: date.setMinutes(0, 0, 0),
    day: new Date(year, month, day).getTime(),
    month: new Date(year, month, 1).getTime(),
  };
}
