/**
 * What a stated time came to.
 *
 * `OK` and `YEAR_CORRECTED` have an instant. Of the others, those that are `ambiguous` need a question ("in the
 * morning or in the evening?"), and the rest a refusal.
 */
export interface ResolvedTime {
  readonly startsAt: Date | null;
  readonly ambiguous: boolean;
  readonly reason: TimeReason;
}

export type TimeReason =
  | 'OK'
  /** The year was repaired: language models often write the year they were trained in. */
  | 'YEAR_CORRECTED'
  /** A day without a time. */
  | 'NO_TIME'
  /** Neither day nor time could be read. */
  | 'VAGUE'
  /** A local time that comes twice, where the clocks go back. */
  | 'DST_OVERLAP'
  /** A local time that does not come, where the clocks go forward. */
  | 'DST_GAP'
  | 'PAST'
  /** More than 365 days from now. */
  | 'TOO_FAR'
  /** No such date or time. */
  | 'INVALID';

export interface ResolvedDate {
  readonly date: Temporal.PlainDate | null;
  readonly reason: 'OK' | 'YEAR_CORRECTED' | 'VAGUE' | 'PAST' | 'TOO_FAR' | 'INVALID';
}

interface SpokenContext {
  readonly now: Date;
  /** What is said without an offset is local in this zone. */
  readonly timeZone: string;
}

const REPAIR_DAYS = 180;
const FARTHEST_DAYS = 365;

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?(?:\[[^\]]*\])?$/i;

/**
 * Reads a time that a caller said or a language model passed to a tool, against now in a time zone.
 *
 * ISO strings are read; with an offset or `Z` they are that instant, without they are local. One that lies in the past
 * is given the year that makes it the first one after now if that is at most 180 days ahead, and then keeps its clock
 * time and loses its offset. Any other text is VAGUE: one has to ask.
 */
export function resolveSpokenTime(text: string, { now, timeZone }: SpokenContext): ResolvedTime {
  const parts = ISO.exec(text.trim());
  if (!parts) return asked('VAGUE');
  const [, year, month, day, hour, minute, second = '0', offset] = parts;
  const date = dateOf(Number(year), Number(month), Number(day));
  if (!date) return refusedTime('INVALID');
  if (hour === undefined || minute === undefined) return asked('NO_TIME');
  const time = timeOf(Number(hour), Number(minute), Number(second));
  if (!time) return refusedTime('INVALID');

  const stated = offset ? withOffset(date, time, offset) : localInstant(date.toPlainDateTime(time), timeZone);
  if (!stated) return refusedTime('INVALID');
  // Which of two equal times, or that a time is skipped, matters only for a time that is still to come.
  const latest = Math.max(...stated.instants);
  if (latest > now.getTime()) return decided(stated, 'OK', now, timeZone);
  const repaired = nextYear(date, todayIn(now, timeZone), (candidate) => {
    const local = localInstant(candidate.toPlainDateTime(time), timeZone);
    return Math.max(...local.instants) > now.getTime() ? local : null;
  });
  if (!repaired || Math.min(...repaired.instants) > daysAhead(REPAIR_DAYS, now, timeZone)) return refusedTime('PAST');
  return decided(repaired, 'YEAR_CORRECTED', now, timeZone);
}

/**
 * Reads a date that a language model passed to a tool: `2026-09-03`, or a date with a time, of which the date counts.
 * Today is not past; a past date has its year repaired as in `resolveSpokenTime`.
 */
export function resolveSpokenDate(text: string, { now, timeZone }: SpokenContext): ResolvedDate {
  const parts = ISO.exec(text.trim());
  if (!parts) return { date: null, reason: 'VAGUE' };
  const date = dateOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (!date) return { date: null, reason: 'INVALID' };
  const today = todayIn(now, timeZone);
  if (Temporal.PlainDate.compare(date, today) >= 0) {
    return today.until(date).days > FARTHEST_DAYS ? { date: null, reason: 'TOO_FAR' } : { date, reason: 'OK' };
  }
  const repaired = nextYear(date, today, (candidate) => (Temporal.PlainDate.compare(candidate, today) >= 0 ? candidate : null));
  return repaired && today.until(repaired).days <= REPAIR_DAYS ? { date: repaired, reason: 'YEAR_CORRECTED' } : { date: null, reason: 'PAST' };
}

/** The same day and month in the first year in which `comes` accepts it. */
function nextYear<T>(date: Temporal.PlainDate, today: Temporal.PlainDate, comes: (candidate: Temporal.PlainDate) => T | null): T | null {
  for (const year of [today.year, today.year + 1]) {
    const candidate = dateOf(year, date.month, date.day);
    const value = candidate && comes(candidate);
    if (value) return value;
  }
  return null;
}

/** The instants that a clock time means: one, two where it comes twice; where it is skipped, those around the gap. */
interface LocalInstant {
  readonly instants: readonly number[];
  readonly trouble: 'DST_OVERLAP' | 'DST_GAP' | null;
}

function localInstant(local: Temporal.PlainDateTime, timeZone: string): LocalInstant {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { instants: [earlier.epochMilliseconds], trouble: null };
  const trouble = earlier.toPlainDateTime().equals(local) ? 'DST_OVERLAP' : 'DST_GAP';
  return { instants: [earlier.epochMilliseconds, later.epochMilliseconds], trouble };
}

function withOffset(date: Temporal.PlainDate, time: Temporal.PlainTime, offset: string): LocalInstant | null {
  try {
    const instant = Temporal.Instant.from(`${date.toString()}T${time.toString()}${offset.toUpperCase()}`);
    return { instants: [instant.epochMilliseconds], trouble: null };
  } catch {
    return null;
  }
}

function decided({ instants, trouble }: LocalInstant, reason: 'OK' | 'YEAR_CORRECTED', now: Date, timeZone: string): ResolvedTime {
  const [instant = 0] = instants;
  if (instant > daysAhead(FARTHEST_DAYS, now, timeZone)) return refusedTime('TOO_FAR');
  if (trouble === 'DST_GAP') return refusedTime('DST_GAP');
  if (trouble === 'DST_OVERLAP') return asked('DST_OVERLAP');
  return { startsAt: new Date(instant), ambiguous: false, reason };
}

const asked = (reason: TimeReason): ResolvedTime => ({ startsAt: null, ambiguous: true, reason });
const refusedTime = (reason: TimeReason): ResolvedTime => ({ startsAt: null, ambiguous: false, reason });

/** The same clock time so many days from now. */
const daysAhead = (days: number, now: Date, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).add({ days }).epochMilliseconds;

const todayIn = (now: Date, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();

function dateOf(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
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
