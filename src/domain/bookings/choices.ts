import { listed, localDate } from '../assistants/opening-hours.ts';
import type { Slot } from './slots.ts';
import { isRepeated, repeatedHour, spokenClock, spokenDate } from './wording.ts';

/**
 * A few free slots as one offers them on the phone: `two or three, or Friday the 4th at nine`.
 *
 * @param slots in order of time.
 * @param on the date that was just spoken of: slots on it go without their day.
 */
export function spokenChoices(slots: readonly Slot[], on: Temporal.PlainDate, now: Date): string {
  const days: { day: string; times: string[] }[] = [];
  for (const slot of slots) {
    const local = Temporal.Instant.fromEpochMilliseconds(slot.startsAt.getTime()).toZonedDateTimeISO(slot.timeZone);
    const date = local.toPlainDate();
    const day = date.equals(on) ? '' : `${spokenDate(date, localDate(now, slot.timeZone))} at `;
    const time = spokenClock(local.hour, local.minute) + repeatedHour(local);
    const last = days.at(-1);
    if (last?.day === day) last.times.push(time);
    else days.push({ day, times: [time] });
  }
  return days.map(({ day, times }) => day + listed(times, 'or')).join(', or ');
}

/** At most `count` slots: those nearest to an instant, in order of time. */
export const nearestSlots = (slots: readonly Slot[], to: Date, count: number): Slot[] =>
  slots
    .toSorted((a, b) => distance(a, to) - distance(b, to))
    .slice(0, count)
    .toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());

/**
 * A start as a tool gives it and takes it back: local, `2026-09-03T14:30`, with the offset where the clocks go back and
 * the time comes twice.
 */
export function localStart(at: Date, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const text = local.toPlainDateTime().toString({ smallestUnit: 'minute' });
  return isRepeated(local) ? `${text}${local.offset}` : text;
}

/** The time of day on the clock of a zone, `14:30`. */
export const localTimeOf = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'minute' });

/** `2026-09-03` on the calendar of a zone. */
export const localDateOf = (at: Date, timeZone: string): string => localDate(at, timeZone).toString();

const distance = (slot: Slot, to: Date) => Math.abs(slot.startsAt.getTime() - to.getTime());
