import {
  askedTime,
  daysAhead,
  decided,
  FARTHEST_DAYS,
  type LocalInstant,
  localInstant,
  type ResolvedDate,
  type ResolvedTime,
  refusedTime,
  type SpokenContext,
  todayIn,
} from './resolved-time.ts';
import { plainDate } from './spoken-date.ts';

const REPAIR_DAYS = 180;

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?(?:\[([^\]]*)\])?$/i;

/**
 * Reads an ISO string: with an offset or `Z` it is that instant, without it is local. One that lies in the past is given
 * the year that makes it the first one after now if that is at most 180 days ahead, and then keeps its clock time and
 * loses its offset.
 * @returns null for any other text.
 */
export function isoTime(text: string, context: SpokenContext): ResolvedTime | null {
  const parts = ISO.exec(text.trim());
  if (!parts) return null;
  const [, year, month, day, hour, minute, second = '0', offset, zone] = parts;
  const date = plainDate(Number(year), Number(month), Number(day));
  if (!date) return refusedTime('INVALID');
  if (hour === undefined || minute === undefined) return askedTime('NO_TIME');
  const time = timeOf(Number(hour), Number(minute), Number(second));
  if (!time) return refusedTime('INVALID');
  if (!offset && zone && zone !== context.timeZone) return askedTime('VAGUE');

  const stated = offset ? withOffset(date, time, offset) : localInstant(date.toPlainDateTime(time), context.timeZone);
  if (!stated) return refusedTime('INVALID');
  const now = context.now.getTime();
  if (Math.max(...stated.instants) > now) return decided(stated, 'OK', context);
  const repaired = nextYear(date, todayIn(context), (candidate) => {
    const local = localInstant(candidate.toPlainDateTime(time), context.timeZone);
    return Math.max(...local.instants) > now ? local : null;
  });
  if (!repaired || Math.min(...repaired.instants) > daysAhead(REPAIR_DAYS, context)) return refusedTime('PAST');
  return decided(repaired, 'YEAR_CORRECTED', context);
}

/** Reads `2026-09-03`, or a date with a time, of which the date counts. Today is not past; a past year is repaired as in `isoTime`. */
export function isoDate(text: string, context: SpokenContext): ResolvedDate | null {
  const parts = ISO.exec(text.trim());
  if (!parts) return null;
  const date = plainDate(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (!date) return { date: null, reason: 'INVALID' };
  const today = todayIn(context);
  if (Temporal.PlainDate.compare(date, today) >= 0) {
    return today.until(date).days > FARTHEST_DAYS ? { date: null, reason: 'TOO_FAR' } : { date, reason: 'OK' };
  }
  const repaired = nextYear(date, today, (candidate) => (Temporal.PlainDate.compare(candidate, today) >= 0 ? candidate : null));
  return repaired && today.until(repaired).days <= REPAIR_DAYS ? { date: repaired, reason: 'YEAR_CORRECTED' } : { date: null, reason: 'PAST' };
}

/** The same day and month in the first year in which `comes` accepts it. */
function nextYear<T>(date: Temporal.PlainDate, today: Temporal.PlainDate, comes: (candidate: Temporal.PlainDate) => T | null): T | null {
  for (const year of [today.year, today.year + 1]) {
    const candidate = plainDate(year, date.month, date.day);
    const value = candidate && comes(candidate);
    if (value) return value;
  }
  return null;
}

function withOffset(date: Temporal.PlainDate, time: Temporal.PlainTime, offset: string): LocalInstant | null {
  try {
    const instant = Temporal.Instant.from(`${date.toString()}T${time.toString()}${offset.toUpperCase()}`);
    return { instants: [instant.epochMilliseconds], trouble: null };
  } catch {
    return null;
  }
}

function timeOf(hour: number, minute: number, second: number): Temporal.PlainTime | null {
  try {
    return Temporal.PlainTime.from({ hour, minute, second }, { overflow: 'reject' });
  } catch {
    return null;
  }
}
