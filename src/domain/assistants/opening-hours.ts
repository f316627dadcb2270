/** The days of a week as the API names them, Monday first. */
export const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/**
 * One span of a weekday, in the assistant's own time zone: `09:00` to `12:30`. A day may have several; one without
 * any is closed. `closes: '00:00'` is the midnight that ends the day. A span never runs past it: hours from Friday
 * 22:00 to Saturday 02:00 are two spans.
 */
export interface OpeningHours {
  readonly day: Weekday;
  readonly opens: string;
  readonly closes: string;
}

/** A stretch of real time: `from` is included and `to` is not. Milliseconds since the epoch. */
export interface OpenSpan {
  readonly from: number;
  readonly to: number;
}

export const weekdayOf = (date: Temporal.PlainDate): Weekday => WEEKDAYS[date.dayOfWeek - 1] ?? 'MONDAY';

/**
 * What is wrong with a week of hours, if anything.
 *
 * @returns the index and field of the first span that cannot be, with a sentence that says why; null when all is well.
 */
export function hoursProblem(hours: readonly OpeningHours[]): { index: number; field: 'opens' | 'closes'; message: string } | null {
  for (const [index, span] of hours.entries()) {
    if (minuteOf(span.opens) >= closingMinute(span)) {
      const message =
        `${dayName(span.day)} opens at ${span.opens} and must close later the same day, not at ${span.closes}. ` +
        'For hours past midnight, let this day close at 00:00 and add a span that opens at 00:00 on the next day.';
      return { index, field: 'closes', message };
    }
    const other = hours.slice(0, index).find((earlier) => earlier.day === span.day && overlaps(earlier, span));
    if (other) {
      const message = `${dayName(span.day)} ${span.opens} to ${span.closes} overlaps ${other.opens} to ${other.closes} of the same day.`;
      return { index, field: 'opens', message };
    }
  }
  return null;
}

/** The same hours from Monday on, earlier spans first. */
export const sortHours = <Hours extends OpeningHours>(hours: readonly Hours[]): Hours[] =>
  hours.toSorted((a, b) => WEEKDAYS.indexOf(a.day) - WEEKDAYS.indexOf(b.day) || minuteOf(a.opens) - minuteOf(b.opens));

/** The spans of the weekday that `date` is, earlier first. */
export const hoursOn = (hours: readonly OpeningHours[], date: Temporal.PlainDate): OpeningHours[] =>
  sortHours(hours.filter((span) => span.day === weekdayOf(date)));

/**
 * When it is open on a date, as stretches of real time, in order. A time that the clocks skip counts as the instant of
 * the jump; of a time that comes twice the first counts, so that nobody is expected after people have gone home. A day
 * of 23 or 25 hours thus has as many open hours as really pass.
 */
export function openSpans(hours: readonly OpeningHours[], date: Temporal.PlainDate, timeZone: string): OpenSpan[] {
  return hoursOn(hours, date)
    .map((span) => ({ from: instantOf(date, span.opens, timeZone), to: closingInstant(date, span, timeZone) }))
    .filter((span) => span.from < span.to);
}

/** Whether it is open at an instant. */
export function isOpen(hours: readonly OpeningHours[], timeZone: string, at: Date): boolean {
  const date = localDate(at, timeZone);
  return openSpans(hours, date, timeZone).some((span) => span.from <= at.getTime() && at.getTime() < span.to);
}

/** The date on the calendar of a zone at an instant. */
export const localDate = (at: Date, timeZone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();

/** The hours in words: `Monday to Friday 09:00 to 17:00; Saturday 10:00 to 13:00; closed on Sunday.` */
export function describeHours(hours: readonly OpeningHours[]): string {
  if (hours.length === 0) return 'No opening hours are set.';
  const days = WEEKDAYS.map((day) => ({ day, words: dayHours(hours, day) }));
  const groups: { first: Weekday; last: Weekday; words: string }[] = [];
  for (const { day, words } of days) {
    const group = groups.at(-1);
    if (group?.words === words) group.last = day;
    else groups.push({ first: day, last: day, words });
  }
  const open = groups.filter((group) => group.words).map((group) => `${dayRange(group.first, group.last)} ${group.words}`);
  const closed = days.filter((day) => !day.words).map((day) => dayName(day.day));
  return `${[...open, ...(closed.length > 0 ? [`closed on ${listed(closed)}`] : [])].join('; ')}.`;
}

/** `Monday` for `MONDAY`. */
export const dayName = (day: Weekday): string => day.charAt(0) + day.slice(1).toLowerCase();

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[], joint = 'and'): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;

const dayRange = (first: Weekday, last: Weekday) => (first === last ? dayName(first) : `${dayName(first)} to ${dayName(last)}`);

function dayHours(hours: readonly OpeningHours[], day: Weekday): string {
  const spans = sortHours(hours.filter((span) => span.day === day));
  return listed(
    spans.map((span) =>
      closesAtMidnight(span) && span.opens === '00:00' ? 'all day' : `${span.opens} to ${closesAtMidnight(span) ? 'midnight' : span.closes}`,
    ),
  );
}

const closesAtMidnight = (span: OpeningHours) => minuteOf(span.closes) === 0;
const closingMinute = (span: OpeningHours) => (closesAtMidnight(span) ? 24 * 60 : minuteOf(span.closes));
const overlaps = (a: OpeningHours, b: OpeningHours) => minuteOf(a.opens) < closingMinute(b) && minuteOf(b.opens) < closingMinute(a);

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

const closingInstant = (date: Temporal.PlainDate, span: OpeningHours, timeZone: string) =>
  closesAtMidnight(span) ? date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds : instantOf(date, span.closes, timeZone);

function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  const local = date.toPlainDateTime(Temporal.PlainTime.from(time));
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // The time is skipped: `earlier` lies before the jump, and the next change of the clocks is the jump itself.
  return (earlier.getTimeZoneTransition('next') ?? earlier).epochMilliseconds;
}
