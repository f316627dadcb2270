import { localDate } from '../assistants/opening-hours.ts';
import { daySlots, lastDate, type Slot, type SlotRules, type TakenTime, takenByDay } from './slots.ts';

const DAYS_BEFORE = 7;
const DAYS_AFTER = 28;

/**
 * Free slots to offer instead of a time that cannot be had: the two nearest before it, the two nearest after it, and
 * the nearest to the same time of the same weekday a week later. In order of time, each once.
 *
 * @param taken live bookings in order of their start, from `alternativesRange`.
 */
export function alternativeSlots(rules: SlotRules, startsAt: Date, taken: readonly TakenTime[], now: Date): Slot[] {
  const wished = startsAt.getTime();
  const date = localDate(startsAt, rules.timeZone);
  const last = lastDate(rules, now);
  const first = localDate(now, rules.timeZone);
  const takenOn = takenByDay(taken, rules.timeZone);
  const free = (day: Temporal.PlainDate) =>
    daySlots(rules, day, takenOn(day), now).slots.filter((slot) => !slot.isBooked && slot.startsAt.getTime() !== wished);

  const before: Slot[] = [];
  for (let days = 0; before.length < 2 && days <= DAYS_BEFORE; days++) {
    const day = date.subtract({ days });
    if (Temporal.PlainDate.compare(day, first) < 0) break;
    before.push(
      ...free(day)
        .filter((slot) => slot.startsAt.getTime() < wished)
        .reverse()
        .slice(0, 2 - before.length),
    );
  }
  const after: Slot[] = [];
  for (let days = 0; after.length < 2 && days <= DAYS_AFTER; days++) {
    const day = date.add({ days });
    if (Temporal.PlainDate.compare(day, last) > 0) break;
    after.push(
      ...free(day)
        .filter((slot) => slot.startsAt.getTime() > wished)
        .slice(0, 2 - after.length),
    );
  }
  const weekLater = Temporal.Instant.fromEpochMilliseconds(wished).toZonedDateTimeISO(rules.timeZone).add({ days: 7 });
  const distance = (slot: Slot) => Math.abs(slot.startsAt.getTime() - weekLater.epochMilliseconds);
  const sameWeekday = free(weekLater.toPlainDate())
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, 1);

  const found = new Map([...before, ...after, ...sameWeekday].map((slot) => [slot.startsAt.getTime(), slot]));
  return [...found.values()].toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

/** Between which dates `alternativeSlots` looks, both included. */
export const alternativesRange = (startsAt: Date, timeZone: string): { from: Temporal.PlainDate; to: Temporal.PlainDate } => {
  const date = localDate(startsAt, timeZone);
  return { from: date.subtract({ days: DAYS_BEFORE }), to: date.add({ days: DAYS_AFTER }) };
};
