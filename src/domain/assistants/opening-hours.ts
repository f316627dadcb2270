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

/** One span of a single date, in place of what the week says for it. A date may have several, as a weekday may. */
export interface SpecialHours {
  /** `2026-12-24` */
  readonly date: string;
  readonly opens: string;
  readonly closes: string;
}

/** When a business is open, in its own time zone: what every week says, and what stands in its place on single dates. */
export interface OpeningTimes {
  readonly hours: readonly OpeningHours[];
  /** Closed all day, also where there are special hours: `2026-12-25`. */
  readonly closedDates: readonly string[];
  readonly specialHours: readonly SpecialHours[];
}

/** Part of a day, from and until a time of day. */
export type DaySpan = Pick<OpeningHours, 'opens' | 'closes'>;

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
export function hoursProblem(hours: readonly OpeningHours[]): SpanProblem | null {
  return spanProblem(
    hours.map(({ day, ...span }) => ({ ...span, of: dayName(day) })),
    'on the next day',
  );
}

/** The same of hours of single dates. */
export function specialHoursProblem(hours: readonly SpecialHours[]): SpanProblem | null {
  return spanProblem(
    hours.map(({ date, ...span }) => ({ ...span, of: date })),
    'on the next date',
  );
}

interface SpanProblem {
  readonly index: number;
  readonly field: 'opens' | 'closes';
  readonly message: string;
}

/** @param spans each with the day or date that it is of, as one writes it. */
function spanProblem(spans: readonly (DaySpan & { readonly of: string })[], next: string): SpanProblem | null {
  for (const [index, span] of spans.entries()) {
    if (minuteOf(span.opens) >= closingMinute(span)) {
      const message =
        `${span.of} opens at ${span.opens} and must close later the same day, not at ${span.closes}. ` +
        `For hours past midnight, let this day close at 00:00 and add a span that opens at 00:00 ${next}.`;
      return { index, field: 'closes', message };
    }
    const other = spans.slice(0, index).find((earlier) => earlier.of === span.of && overlaps(earlier, span));
    if (other) {
      const message = `${span.of} ${span.opens} to ${span.closes} overlaps ${other.opens} to ${other.closes} of the same day.`;
      return { index, field: 'opens', message };
    }
  }
  return null;
}

/** The same hours from Monday on, earlier spans first. */
export const sortHours = <Hours extends OpeningHours>(hours: readonly Hours[]): Hours[] =>
  hours.toSorted((a, b) => WEEKDAYS.indexOf(a.day) - WEEKDAYS.indexOf(b.day) || minuteOf(a.opens) - minuteOf(b.opens));

/** The spans of a date, earlier first: its special hours where it has any, else those of its weekday; none where it is closed. */
export function hoursOn({ hours, closedDates, specialHours }: OpeningTimes, date: Temporal.PlainDate): DaySpan[] {
  const day = date.toString();
  if (closedDates.includes(day)) return [];
  const special = specialHours.filter((span) => span.date === day);
  const spans: readonly DaySpan[] = special.length > 0 ? special : hours.filter((span) => span.day === weekdayOf(date));
  return spans.toSorted((a, b) => minuteOf(a.opens) - minuteOf(b.opens));
}

/**
 * When it is open on a date, as stretches of real time, in order. A time that the clocks skip counts as the instant of
 * the jump; of a time that comes twice the first counts, so that nobody is expected after people have gone home. A day
 * of 23 or 25 hours thus has as many open hours as really pass.
 */
export function openSpans(times: OpeningTimes, date: Temporal.PlainDate, timeZone: string): OpenSpan[] {
  return hoursOn(times, date)
    .map((span) => ({ from: instantOf(date, span.opens, timeZone), to: closingInstant(date, span, timeZone) }))
    .filter((span) => span.from < span.to);
}

/** Whether it is open at an instant. */
export function isOpen(times: OpeningTimes, timeZone: string, at: Date): boolean {
  const date = localDate(at, timeZone);
  return openSpans(times, date, timeZone).some((span) => span.from <= at.getTime() && at.getTime() < span.to);
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

/** Single dates in words: `Closed all day: December 25, 2026. Other hours: December 24, 2026 09:00 to 12:00.` Empty where there are none. */
export function describeDates({ closedDates, specialHours }: Omit<OpeningTimes, 'hours'>): string {
  const special = [...new Set(specialHours.map(({ date }) => date))].filter((date) => !closedDates.includes(date)).toSorted();
  const spansOf = (date: string) => specialHours.filter((span) => span.date === date).toSorted((a, b) => minuteOf(a.opens) - minuteOf(b.opens));
  const sentences = [
    closedDates.length > 0 && `Closed all day: ${closedDates.toSorted().map(writtenDate).join('; ')}.`,
    special.length > 0 && `Other hours: ${special.map((date) => `${writtenDate(date)} ${spansInWords(spansOf(date))}`).join('; ')}.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

const writtenDate = (date: string) => Temporal.PlainDate.from(date).toLocaleString('en-US', { month: 'long', day: 'numeric', year: 'numeric' });

/** `Monday` for `MONDAY`. */
export const dayName = (day: Weekday): string => day.charAt(0) + day.slice(1).toLowerCase();

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[], joint = 'and'): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;

const dayRange = (first: Weekday, last: Weekday) => (first === last ? dayName(first) : `${dayName(first)} to ${dayName(last)}`);

const dayHours = (hours: readonly OpeningHours[], day: Weekday): string => spansInWords(sortHours(hours.filter((span) => span.day === day)));

const spansInWords = (spans: readonly DaySpan[]): string =>
  listed(
    spans.map((span) =>
      closesAtMidnight(span) && span.opens === '00:00' ? 'all day' : `${span.opens} to ${closesAtMidnight(span) ? 'midnight' : span.closes}`,
    ),
  );

const closesAtMidnight = (span: DaySpan) => minuteOf(span.closes) === 0;
const closingMinute = (span: DaySpan) => (closesAtMidnight(span) ? 24 * 60 : minuteOf(span.closes));
const overlaps = (a: DaySpan, b: DaySpan) => minuteOf(a.opens) < closingMinute(b) && minuteOf(b.opens) < closingMinute(a);

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

const closingInstant = (date: Temporal.PlainDate, span: DaySpan, timeZone: string) =>
  closesAtMidnight(span) ? date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds : instantOf(date, span.closes, timeZone);

function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  const local = date.toPlainDateTime(Temporal.PlainTime.from(time));
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // The time is skipped: `earlier` lies before the jump, and the next change of the clocks is the jump itself.
  return (earlier.getTimeZoneTransition('next') ?? earlier).epochMilliseconds;
}
