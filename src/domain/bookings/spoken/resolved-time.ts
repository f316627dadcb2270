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
  /** A day without a time, or a stretch of days or hours. */
  | 'NO_TIME'
  /** Neither day nor time could be read, or not all of the words. */
  | 'VAGUE'
  /** Morning or evening; or midnight, at the start or at the end of the day. */
  | 'AMBIGUOUS_HOUR'
  /** "Wednesday" on a Wednesday: today or in a week. */
  | 'WEEKDAY_IS_TODAY'
  /** "Thursday the thirteenth", which is a Friday. */
  | 'WEEKDAY_MISMATCH'
  /** More than one day or time was offered. */
  | 'SEVERAL'
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
  readonly reason: Extract<
    TimeReason,
    'OK' | 'YEAR_CORRECTED' | 'VAGUE' | 'WEEKDAY_IS_TODAY' | 'WEEKDAY_MISMATCH' | 'SEVERAL' | 'PAST' | 'TOO_FAR' | 'INVALID'
  >;
}

export interface SpokenContext {
  readonly now: Date;
  /** What is said without an offset is local in this zone. */
  readonly timeZone: string;
}

export const FARTHEST_DAYS = 365;

/** The instants that a clock time means: one, two where it comes twice; where it is skipped, those around the gap. */
export interface LocalInstant {
  readonly instants: readonly number[];
  readonly trouble: 'DST_OVERLAP' | 'DST_GAP' | null;
}

export function localInstant(local: Temporal.PlainDateTime, timeZone: string): LocalInstant {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { instants: [earlier.epochMilliseconds], trouble: null };
  const trouble = earlier.toPlainDateTime().equals(local) ? 'DST_OVERLAP' : 'DST_GAP';
  return { instants: [earlier.epochMilliseconds, later.epochMilliseconds], trouble };
}

/** Which of two equal times, or that a time is skipped, matters only for a time that is still to come and near enough. */
export function decided({ instants, trouble }: LocalInstant, reason: 'OK' | 'YEAR_CORRECTED', { now, timeZone }: SpokenContext): ResolvedTime {
  const [instant = 0] = instants;
  if (Math.max(...instants) <= now.getTime()) return refusedTime('PAST');
  if (instant > daysAhead(FARTHEST_DAYS, { now, timeZone })) return refusedTime('TOO_FAR');
  if (trouble === 'DST_GAP') return refusedTime('DST_GAP');
  if (trouble === 'DST_OVERLAP') return askedTime('DST_OVERLAP');
  return { startsAt: new Date(instant), ambiguous: false, reason };
}

export const askedTime = (reason: TimeReason): ResolvedTime => ({ startsAt: null, ambiguous: true, reason });
export const refusedTime = (reason: TimeReason): ResolvedTime => ({ startsAt: null, ambiguous: false, reason });

const localNow = ({ now, timeZone }: SpokenContext) => Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);

/** The same clock time so many days from now. */
export const daysAhead = (days: number, context: SpokenContext): number => localNow(context).add({ days }).epochMilliseconds;

export const todayIn = (context: SpokenContext): Temporal.PlainDate => localNow(context).toPlainDate();
