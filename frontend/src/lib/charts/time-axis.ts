/** Round moments for an axis of days and hours, in the reader's zone. Pure functions. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Steps in ms that people count in. */
const STEPS = [
  HOUR / 4,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  91 * DAY,
  365 * DAY,
];

export interface Marks {
  step: number;
  at: number[];
}

/** At most so many round moments between two. Days begin at midnight where the reader is. */
export function momentsBetween(from: number, to: number, most: number): Marks {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? (to - from) / most;
  const begin = new Date(from);
  begin.setHours(0, 0, 0, 0);
  const at: number[] = [];
  for (let index = 0; ; index++) {
    const moment = step >= DAY ? dayAfter(begin, (index * step) / DAY) : begin.getTime() + index * step;
    if (moment > to) break;
    if (moment >= from) at.push(moment);
  }
  return { step, at };
}

/** By the calendar: a day of summer time's begin has 23 hours. */
function dayAfter(begin: Date, days: number): number {
  const date = new Date(begin);
  date.setDate(date.getDate() + Math.round(days));
  return date.getTime();
}

export const isWithinDay = ({ step }: Marks): boolean => step < DAY;
