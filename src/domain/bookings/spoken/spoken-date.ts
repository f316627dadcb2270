import { unreachable } from '../../../kit/errors.ts';
import { type DaySaid, isBareWeekday, isStretch, type MonthSaid } from './day-said.ts';

/** The date that was said, or why it is none. `STRETCH` is more than one day. */
export type FoundDate = Temporal.PlainDate | DateTrouble;

export type DateTrouble = 'STRETCH' | 'INVALID' | 'PAST' | 'WEEKDAY_IS_TODAY' | 'WEEKDAY_MISMATCH' | 'SEVERAL';

/**
 * The one day that all the parts mean together: `next week` and `Friday`, `Friday` and `the thirteenth`.
 * @param today where they were said.
 */
export function dateSaid(parts: readonly DaySaid[], today: Temporal.PlainDate): FoundDate {
  const joined = joinParts(parts);
  const stretches = joined.filter(isStretch);
  const days = joined.filter((part) => !isStretch(part));
  // A bare weekday beside another day only confirms it.
  const definite = days.filter((day) => !isBareWeekday(day));
  const found = (definite.length > 0 ? definite : days).map((day) => dateOf(day, today));
  const [date] = found;
  if (date === undefined) return 'STRETCH';
  const trouble = found.find((each) => typeof each === 'string');
  if (trouble !== undefined) return trouble;
  if (typeof date === 'string') return date;
  if (found.some((each) => typeof each !== 'string' && !each.equals(date)))
    return days.some(namesWeekday) && !days.every(namesWeekday) ? 'WEEKDAY_MISMATCH' : 'SEVERAL';
  if (definite.length > 0 && days.some((day) => isBareWeekday(day) && day.weekday !== date.dayOfWeek)) return 'WEEKDAY_MISMATCH';
  return stretches.every((stretch) => isWithin(date, stretch, today)) ? date : 'SEVERAL';
}

const namesWeekday = ({ kind }: DaySaid) => kind === 'weekday' || kind === 'nth' || kind === 'beside';

/** Puts `the third` into `next month`, `Friday` into `next week`, and drops the stretch that has been used. */
export function joinParts(parts: readonly DaySaid[]): DaySaid[] {
  const month = parts.find((part) => part.kind === 'month');
  const week = parts.find((part) => part.kind === 'week');
  const open = parts.filter((part) => (part.kind === 'date' || part.kind === 'nth') && part.month === null);
  const weekdays = new Set(parts.filter(isBareWeekday).map(({ weekday }) => weekday));
  return parts.flatMap((part): DaySaid[] => {
    if (month && open.includes(part) && (part.kind === 'date' || part.kind === 'nth')) return [{ ...part, month: month.month }];
    if (part === month && open.length > 0) return [];
    if (week && weekdays.size === 1 && isBareWeekday(part)) return [{ ...part, week: week.week }];
    return [part];
  });
}

function dateOf(day: DaySaid, today: Temporal.PlainDate): FoundDate {
  switch (day.kind) {
    case 'relative':
      return relativeDate(day.days, day.months, today);
    case 'weekday': {
      const ahead = day.weekday - today.dayOfWeek;
      if (day.week !== null) return today.add({ days: ahead + 7 * day.week });
      return ahead === 0 ? 'WEEKDAY_IS_TODAY' : today.add({ days: ahead < 0 ? ahead + 7 : ahead });
    }
    case 'date':
      return statedDate(day, today);
    case 'nth':
      return nthDate(day, today);
    case 'shifted': {
      const of = dateOf(day.of, today);
      return typeof of === 'string' ? of : of.add({ days: day.days });
    }
    case 'beside': {
      const of = dateOf(day.of, today);
      if (typeof of === 'string') return of;
      const away = (((day.weekday - of.dayOfWeek) * day.side + 6) % 7) + 1;
      return of.add({ days: away * day.side });
    }
    case 'either': {
      const [first, ...others] = day.readings.map((reading) => dateOf(reading, today));
      if (first === undefined) return 'SEVERAL';
      return others.every((other) => String(other) === String(first)) ? first : 'SEVERAL';
    }
    case 'week':
    case 'month':
    case 'year':
      return 'STRETCH';
    default:
      return unreachable(day);
  }
}

function relativeDate(days: number, months: number, today: Temporal.PlainDate): FoundDate {
  if (months === 0) return today.add({ days });
  try {
    return today.add({ months }, { overflow: 'reject' });
  } catch {
    return 'INVALID';
  }
}

/** Without a month the next month that has the day, without a year the next year; today counts. */
function statedDate({ day, month, year }: Extract<DaySaid, { kind: 'date' }>, today: Temporal.PlainDate): FoundDate {
  const first = today.with({ day: 1 });
  if (month && 'ahead' in month) {
    const of = first.add({ months: month.ahead });
    return (year === null || year === of.year ? plainDate(of.year, of.month, day) : null) ?? 'INVALID';
  }
  if (year !== null) return (month && plainDate(year, month.name, day)) ?? 'INVALID';
  const candidates = month
    ? // A leap day may be eight years away: 1896, 1904.
      Array.from({ length: 9 }, (_, index) => plainDate(today.year + index, month.name, day))
    : Array.from({ length: 13 }, (_, index) => first.add({ months: index })).map((of) => plainDate(of.year, of.month, day));
  return candidates.find((date) => date && Temporal.PlainDate.compare(date, today) >= 0) ?? 'INVALID';
}

function nthDate({ nth, weekday, month }: Extract<DaySaid, { kind: 'nth' }>, today: Temporal.PlainDate): FoundDate {
  if (month === null) return 'SEVERAL';
  const first = monthStart(month, today);
  const last = first.add({ months: 1 }).subtract({ days: 1 });
  if (nth < 0) return last.subtract({ days: weekday === null ? 0 : (last.dayOfWeek - weekday + 7) % 7 });
  if (weekday === null || nth > 5) return 'INVALID';
  const date = first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (nth - 1) });
  return date.month === first.month ? date : 'INVALID';
}

/** The first of the month that is meant: of a named one the next to come, the present one included. */
function monthStart(month: MonthSaid, today: Temporal.PlainDate): Temporal.PlainDate {
  const first = today.with({ day: 1 });
  if ('ahead' in month) return first.add({ months: month.ahead });
  return first.add({ months: (month.name - today.month + 12) % 12 });
}

function isWithin(date: Temporal.PlainDate, stretch: DaySaid, today: Temporal.PlainDate): boolean {
  switch (stretch.kind) {
    case 'week': {
      const monday = today.subtract({ days: today.dayOfWeek - 1 }).add({ weeks: stretch.week });
      const from = stretch.weekend ? monday.add({ days: 5 }) : monday;
      return Temporal.PlainDate.compare(date, from) >= 0 && Temporal.PlainDate.compare(date, monday.add({ weeks: 1 })) < 0;
    }
    case 'month': {
      const of = monthStart(stretch.month, today);
      return date.month === of.month && ('name' in stretch.month || date.year === of.year);
    }
    case 'year':
      return date.year === today.year + stretch.ahead;
    default:
      return false;
  }
}

/** @returns null where there is no such date. */
export function plainDate(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return null;
  }
}
