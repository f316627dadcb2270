import { MINUTE } from '../../kit/time.ts';
import { type HoursColumns, openingTimesOf } from '../assistants/assistant.ts';
import { type BookingPolicyColumns, capacityOf, policyOf } from '../assistants/booking-policy.ts';
import { hoursOn, localDate, type OpeningTimes, openSpans } from '../assistants/opening-hours.ts';

// Which times an assistant offers, as a function of plain values: no database, no clock.
//
// Slots begin when a span of hours opens and follow each other at the length of an appointment plus the pause after it,
// in real minutes, for as long as the appointment ends before the span closes. On days of 23 or 25 hours there are thus
// fewer or more of them, none overlaps another, and none lies in an hour that the clocks skip.
//
// A capacity of n is n lanes. A live booking or hold takes its lane from its start until the pause behind it is over, and the
// database keeps two from the same lane (see `Booking_lane_excl` in the first migration).

/** What decides the slots of an assistant. */
export interface SlotRules extends OpeningTimes {
  readonly timeZone: string;
  readonly slotMinutes: number;
  readonly bufferMinutes: number;
  readonly minimumNoticeMinutes: number;
  /** The last day on offer is this many after today in the assistant's zone. */
  readonly maximumDaysAhead: number;
  /** How many may share a time; null without limit. */
  readonly capacity: number | null;
}

/** A time that a live booking or a hold keeps, until `blockedUntil`, the pause included; or that a calendar says is busy. */
export interface TakenTime {
  readonly startsAt: Date;
  readonly blockedUntil: Date;
  /** Null: booked without a lane, under a policy without limit or over capacity by a person. `every`: nobody is there. */
  readonly lane: number | null | 'every';
}

export interface Slot {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  /** True when no more bookings fit. */
  readonly isBooked: boolean;
  /** How many more bookings fit; null without limit. */
  readonly remaining: number | null;
}

export interface DaySlots {
  readonly date: Temporal.PlainDate;
  readonly timeZone: string;
  /** The first opening and the last closing of the day, `HH:MM`; null on a day that is closed. */
  readonly opens: string | null;
  readonly closes: string | null;
  readonly slotMinutes: number;
  readonly slots: readonly Slot[];
}

/** The appointment that begins at an instant: when it ends, and until when it keeps its lane. */
export interface SlotTime {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly blockedUntil: Date;
}

/** Why no booking can begin at an instant, apart from others that stand there. */
export type SlotRefusal = 'PAST' | 'NOTICE' | 'TOO_FAR' | 'CLOSED' | 'BETWEEN_SLOTS';

/** The rules in an assistant's row. */
export function rulesOf(assistant: BookingPolicyColumns & HoursColumns & { readonly timeZone: string }): SlotRules {
  const { slotMinutes, bufferMinutes, minimumNoticeMinutes, maximumDaysAhead, timeZone } = assistant;
  const capacity = capacityOf(policyOf(assistant));
  return { ...openingTimesOf(assistant), timeZone, slotMinutes, bufferMinutes, minimumNoticeMinutes, maximumDaysAhead, capacity };
}

/**
 * The slots of one day, earlier first: those that can be booked and those that are full. Slots that have begun, or
 * begin before the minimum notice, are left out, and a day too far ahead has none.
 *
 * @param taken live bookings, holds and busy times in order of their start; at least those that touch the day.
 */
export function daySlots(rules: SlotRules, date: Temporal.PlainDate, taken: readonly TakenTime[], now: Date): DaySlots {
  const hours = hoursOn(rules, date);
  const slots: Slot[] = [];
  if (Temporal.PlainDate.compare(date, lastDate(rules, now)) <= 0) {
    const earliest = now.getTime() + rules.minimumNoticeMinutes * MINUTE;
    let next = 0;
    let active: TakenTime[] = [];
    for (const time of slotTimes(rules, date)) {
      if (!begins(time, earliest, now)) continue;
      // Slots and bookings both come in order of their start: each booking is taken up once and dropped once it is over.
      const [start, blocked] = [time.startsAt.getTime(), time.blockedUntil.getTime()];
      for (let booking = taken[next]; booking && booking.startsAt.getTime() < blocked; booking = taken[next]) {
        active.push(booking);
        next += 1;
      }
      active = active.filter((booking) => booking.blockedUntil.getTime() > start);
      const remaining = remainingBeside(rules.capacity, active);
      slots.push({ startsAt: time.startsAt, endsAt: time.endsAt, timeZone: rules.timeZone, isBooked: remaining === 0, remaining });
    }
  }
  const closes = hours.at(-1)?.closes ?? null;
  return { date, timeZone: rules.timeZone, opens: hours[0]?.opens ?? null, closes, slotMinutes: rules.slotMinutes, slots };
}

/** Whether an appointment may begin at an instant, by the rules alone. */
export function slotAt(rules: SlotRules, startsAt: Date, now: Date): SlotTime | { readonly refused: SlotRefusal } {
  const at = startsAt.getTime();
  if (at <= now.getTime()) return { refused: 'PAST' };
  if (at < now.getTime() + rules.minimumNoticeMinutes * MINUTE) return { refused: 'NOTICE' };
  const date = localDate(startsAt, rules.timeZone);
  if (Temporal.PlainDate.compare(date, lastDate(rules, now)) > 0) return { refused: 'TOO_FAR' };
  // Where clocks go back across midnight, a span of the next date can already have begun.
  const dates = [date, date.add({ days: 1 })];
  for (const day of dates) {
    for (const time of slotTimes(rules, day)) if (time.startsAt.getTime() === at) return time;
  }
  const length = rules.slotMinutes * MINUTE;
  const fits = dates.some((day) => openSpans(rules, day, rules.timeZone).some((span) => span.from <= at && at + length <= span.to));
  return { refused: fits ? 'BETWEEN_SLOTS' : 'CLOSED' };
}

function remainingBeside(capacity: number | null, overlapping: readonly TakenTime[]): number | null {
  if (capacity !== null) return freeLanes(capacity, overlapping).length;
  return overlapping.some(({ lane }) => lane === 'every') ? 0 : null;
}

/**
 * The lanes in which a booking still fits beside those that overlap it.
 *
 * Bookings outside today's lanes (made when the capacity was larger or unlimited, or over capacity by a person) count
 * too: each of them closes a lane from the top, so that all together never exceed the capacity.
 */
export function freeLanes(capacity: number, overlapping: readonly Pick<TakenTime, 'lane'>[]): number[] {
  if (overlapping.some(({ lane }) => lane === 'every')) return [];
  const lanes = new Set(overlapping.flatMap(({ lane }) => (typeof lane === 'number' ? [lane] : [])));
  let outside = overlapping.filter((booking) => booking.lane === null).length;
  for (const lane of lanes) if (lane >= capacity) outside += 1;
  let open = capacity;
  while (open > 0 && open + outside > capacity) {
    open -= 1;
    if (lanes.has(open)) outside += 1;
  }
  return Array.from({ length: open }, (_, lane) => lane).filter((lane) => !lanes.has(lane));
}

/** The real time between the start of one date and the end of another, widened by a day for bookings that reach in. */
export const instantsAround = (from: Temporal.PlainDate, to: Temporal.PlainDate, timeZone: string): { from: Date; to: Date } => ({
  from: new Date(from.subtract({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds),
  to: new Date(to.add({ days: 2 }).toZonedDateTime(timeZone).epochMilliseconds),
});

/** Cuts out of taken times, in order of their start, those that can touch a day: quickly, however many there are and however often it is asked. */
export function takenByDay(taken: readonly TakenTime[], timeZone: string): (date: Temporal.PlainDate) => readonly TakenTime[] {
  const starts = taken.map(({ startsAt }) => startsAt.getTime());
  const longest = taken.reduce((most, { startsAt, blockedUntil }) => Math.max(most, blockedUntil.getTime() - startsAt.getTime()), 0);
  return (date) => {
    const { from, to } = instantsAround(date, date, timeZone);
    return taken.slice(countBelow(starts, from.getTime() - longest), countBelow(starts, to.getTime()));
  };
}

/** How many of some numbers in ascending order are less than a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* slotTimes(rules: SlotRules, date: Temporal.PlainDate): Generator<SlotTime> {
  const length = rules.slotMinutes * MINUTE;
  const buffer = rules.bufferMinutes * MINUTE;
  for (const span of openSpans(rules, date, rules.timeZone)) {
    for (let from = span.from; from + length <= span.to; from += length + buffer) {
      yield { startsAt: new Date(from), endsAt: new Date(from + length), blockedUntil: new Date(from + length + buffer) };
    }
  }
}

const begins = (time: SlotTime, earliest: number, now: Date) => time.startsAt.getTime() >= earliest && time.startsAt > now;

/** The last date on offer. */
export const lastDate = (rules: SlotRules, now: Date) => localDate(now, rules.timeZone).add({ days: rules.maximumDaysAhead });
