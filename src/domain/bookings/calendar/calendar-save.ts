import type { CalendarLink, Prisma } from '../../../generated/prisma/client.ts';
import { MINUTE } from '../../../kit/time.ts';
import type { CalendarChanges, CalendarTime } from '../../../ports/calendar.ts';
import { type BusyTime, subtractTimes } from './calendar-busy.ts';
import { bookingIdOf } from './calendar-event.ts';

// What keeps our own events from being taken for somebody else's time. Events tell by their id whose they are; busy times
// tell nothing, and two that overlap are told as one. So events of others count by their own times, and of the busy times
// counts what none of our events and bookings explains. A booking beside somebody's event hides nothing that way.

export interface Pulled {
  /** As it was when the calendar was asked. */
  readonly link: CalendarLink;
  readonly changes: CalendarChanges;
  /** Whether the changes are all there is. */
  readonly full: boolean;
  /** Null where they were not asked for. */
  readonly freeBusy: readonly CalendarTime[] | null;
  readonly now: Date;
  readonly nextSyncAt: Date;
}

const BATCH = 1_000;
/** A removed event may still be in the busy times for so long. */
const JUST_NOW_MS = 10 * MINUTE;

/** Writes what a sync has read. Where another sync was faster, nothing: it has read the same or more. */
export async function saveBusyTimes(tx: Prisma.TransactionClient, { link, changes, full, freeBusy, now, nextSyncAt }: Pulled): Promise<void> {
  const { id: linkId, workspaceId } = link;
  const { count } = await tx.calendarLink.updateMany({
    where: { id: linkId, syncToken: link.syncToken, fullSyncAt: link.fullSyncAt, busyKnownAt: link.busyKnownAt },
    data: { syncToken: changes.syncToken, busyKnownAt: now, nextSyncAt, failures: 0, ...(full && { fullSyncAt: now }), ...(freeBusy && { freeBusyAt: now }) },
  });
  if (count === 0) return;

  const changed = full ? {} : { key: { in: changes.events.map(({ id }) => id) } };
  await tx.calendarBusy.deleteMany({ where: { linkId, source: { not: 'FREE_BUSY' }, ...changed } });
  const own = await ownEvents(tx, changes);
  const rows = changes.events.flatMap(({ id, busy, time }) =>
    busy && time
      ? [{ workspaceId, linkId, key: id, source: own.has(id) ? ('OWN_EVENT' as const) : ('EVENT' as const), startsAt: time.startsAt, endsAt: time.endsAt }]
      : [],
  );
  await insert(tx, rows);

  if (!freeBusy) return;
  await tx.calendarBusy.deleteMany({ where: { linkId, source: 'FREE_BUSY' } });
  const unexplained = subtractTimes(freeBusy, await ownTimes(tx, linkId, now));
  await insert(
    tx,
    unexplained.map(({ startsAt, endsAt }) => ({ workspaceId, linkId, key: startsAt.toISOString(), source: 'FREE_BUSY' as const, startsAt, endsAt })),
  );
}

/** Those of our events whose bookings keep their time by themselves. One that was brought back for a canceled booking is like any other. */
async function ownEvents(tx: Prisma.TransactionClient, { events }: CalendarChanges): Promise<Set<string>> {
  const ids = new Map(events.flatMap((event) => [[bookingIdOf(event.id), event.id] as const]).filter((pair): pair is [string, string] => pair[0] !== null));
  if (ids.size === 0) return new Set();
  const bookings = await tx.booking.findMany({
    where: { id: { in: [...ids.keys()] }, OR: [{ status: 'CONFIRMED' }, { calendarStatus: 'PENDING' }] },
    select: { id: true },
  });
  return new Set(bookings.flatMap(({ id }) => ids.get(id) ?? []));
}

/** When our events are, were a moment ago, or are about to be. */
async function ownTimes(tx: Prisma.TransactionClient, linkId: string, now: Date): Promise<BusyTime[]> {
  const select = { startsAt: true, endsAt: true };
  const events = await tx.calendarBusy.findMany({ where: { linkId, source: 'OWN_EVENT' }, select });
  const changedSince = { gte: new Date(now.getTime() - JUST_NOW_MS) };
  const bookings = await tx.booking.findMany({
    where: { endsAt: { gt: now }, OR: [{ status: 'CONFIRMED' }, { status: 'CANCELED', updatedAt: changedSince }] },
    select,
  });
  return [...events, ...bookings];
}

async function insert(tx: Prisma.TransactionClient, rows: Prisma.CalendarBusyCreateManyInput[]): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) await tx.calendarBusy.createMany({ data: rows.slice(start, start + BATCH), skipDuplicates: true });
}
