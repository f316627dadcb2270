import type { Prisma } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { HOUR } from '../../../kit/time.ts';

/** A time in which the linked calendar has something else. The end is open. */
export interface BusyTime {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** How long the last known busy times hold while the calendar cannot be reached. */
const BUSY_HOLDS_MS = HOUR;

/** What is read of a calendar: any client that sees the workspace will do, a transaction's too. */
export type CalendarReader = Pick<Prisma.TransactionClient, 'calendarLink'>;

/**
 * When an assistant's linked calendar has something else, between two instants. Reads rows alone. Our own bookings are
 * not among these times, whether their events have been written yet or not.
 *
 * @returns what overlaps the stretch, in order of time, none touching another; nothing where no calendar is linked; or
 *   `unknown` where one is, and has been out of reach for more than an hour: then the bookings alone decide, and
 *   whoever books is told that the booking will be confirmed.
 */
export async function busyTimes(
  { db, clock }: { db: CalendarReader; clock: Pick<Clock, 'now'> },
  assistantId: string,
  from: Date,
  to: Date,
): Promise<readonly BusyTime[] | 'unknown'> {
  const link = await db.calendarLink.findFirst({
    where: { workspace: { assistants: { some: { id: assistantId } } } },
    select: {
      busyKnownAt: true,
      busy: { where: { source: { not: 'OWN_EVENT' }, startsAt: { lt: to }, endsAt: { gt: from } }, select: { startsAt: true, endsAt: true } },
    },
  });
  if (!link) return [];
  return isBusyKnown(link, clock.now()) ? mergeTimes(link.busy) : 'unknown';
}

/** Whether there is a calendar that has been out of reach for more than an hour: what is booked now has still to be confirmed. */
export async function isCalendarSilent({ db, clock }: { db: CalendarReader; clock: Pick<Clock, 'now'> }): Promise<boolean> {
  const link = await db.calendarLink.findFirst({ select: { busyKnownAt: true } });
  return link !== null && !isBusyKnown(link, clock.now());
}

/** Whether the busy times in the rows still hold. */
export const isBusyKnown = ({ busyKnownAt }: { readonly busyKnownAt: Date | null }, now: Date): boolean =>
  busyKnownAt !== null && now.getTime() - busyKnownAt.getTime() <= BUSY_HOLDS_MS;

/** The same times with those that overlap or touch made one, in order. */
export function mergeTimes(times: readonly BusyTime[]): BusyTime[] {
  const merged: BusyTime[] = [];
  for (const { startsAt, endsAt } of times.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())) {
    const last = merged.at(-1);
    if (!last || last.endsAt < startsAt) merged.push({ startsAt, endsAt });
    else if (last.endsAt < endsAt) merged[merged.length - 1] = { startsAt: last.startsAt, endsAt };
  }
  return merged;
}

/** What is left of some times without others. @param without in any order. */
export function subtractTimes(times: readonly BusyTime[], without: readonly BusyTime[]): BusyTime[] {
  const holes = mergeTimes(without);
  return mergeTimes(times).flatMap(({ startsAt, endsAt }) => {
    const left: BusyTime[] = [];
    let from = startsAt;
    for (const hole of holes) {
      if (hole.endsAt <= from || hole.startsAt >= endsAt) continue;
      if (hole.startsAt > from) left.push({ startsAt: from, endsAt: hole.startsAt });
      from = hole.endsAt;
    }
    return from < endsAt ? [...left, { startsAt: from, endsAt }] : left;
  });
}
