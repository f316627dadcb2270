import { transact } from '../../../db/transaction.ts';
import type { CalendarLink } from '../../../generated/prisma/client.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../kit/time.ts';
import { type CalendarAccess, type CalendarChanges, type CalendarEvent, CalendarRejected, CalendarUnreachable, RateLimited } from '../../../ports/calendar.ts';
import { type CalendarApp, withAccess } from './calendar-access.ts';
import { bookingIdOf, eventIdOf } from './calendar-event.ts';
import { followEvent } from './calendar-follow.ts';
import { loseCalendar, problemOf } from './calendar-health.ts';
import { saveBusyTimes } from './calendar-save.ts';

/** After so long a calendar is asked again: a little less than the minute after which it is looked which are due. */
const PAUSE_MS = 45 * SECOND;
/** While it cannot be reached the pauses grow from one to the other: short of the hour that busy times hold, so that one answer is enough to keep them. */
const FIRST_PAUSE_MS = MINUTE;
const LONGEST_PAUSE_MS = 15 * MINUTE;
/** All is read anew so often: the range that the changes tell of stays where it was, and time goes on. */
const FULL_SYNC_MS = DAY;
/** Busy times are asked for when something has changed, and so often, for what changes tell nothing of. */
const FREE_BUSY_MS = 10 * MINUTE;
/** Beyond what any assistant offers. */
const EVENT_DAYS = 400;

/**
 * Reads what has changed in a calendar: other people's events become busy times, and changes of our own events are
 * followed by their bookings. Two that run at once do no harm: the one that comes second is dropped.
 *
 * Whatever keeps it from being done is noted in the link, with the time of the next try.
 */
export async function syncCalendar(app: CalendarApp, { linkId, signal }: { linkId: string; signal?: AbortSignal }): Promise<void> {
  const link = await app.db.calendarLink.findFirst({ where: { id: linkId, problem: null } });
  if (!link) return;
  try {
    await withAccess(app, link.id, (access) => pull(app, link, access), signal);
  } catch (error) {
    const problem = problemOf(error, link);
    if (problem) return loseCalendar(app, link, problem);
    const known = error instanceof RateLimited || error instanceof CalendarUnreachable || error instanceof CalendarRejected;
    if (!known) throw error;
    const pauseMs = error instanceof RateLimited ? error.retryAfterSeconds * SECOND : Math.min(FIRST_PAUSE_MS * 2 ** link.failures, LONGEST_PAUSE_MS);
    const nextSyncAt = new Date(app.clock.now().getTime() + pauseMs);
    await app.db.calendarLink.updateMany({ where: { id: link.id }, data: { failures: { increment: 1 }, nextSyncAt } });
    app.logger.warn({ err: error, workspaceId: link.workspaceId, linkId, failures: link.failures + 1 }, 'a calendar could not be read');
  }
}

/** The bookings of the workspace that have yet to get to the calendar. */
export async function bookingsToPush({ db }: Pick<CalendarApp, 'db'>): Promise<string[]> {
  const waiting = await db.booking.findMany({
    where: { calendarStatus: 'PENDING', status: { not: 'HELD' } },
    select: { id: true },
    orderBy: { startsAt: 'asc' },
    take: 500,
  });
  return waiting.map(({ id }) => id);
}

async function pull(app: CalendarApp, link: CalendarLink, access: CalendarAccess): Promise<void> {
  const { calendar, clock, db } = app;
  const now = clock.now();
  const { changes, full } = await readChanges(app, link, access, now);
  // First the bookings: once the new token is stored, these changes are not told again.
  for (const event of changes.events) {
    const bookingId = bookingIdOf(event.id);
    if (bookingId) await followEvent(app, { bookingId, event });
  }
  if (full) await followVanished(app, access, changes.events, now);

  const changed = full || changes.events.length > 0;
  const due = changed || link.freeBusyAt === null || now.getTime() - link.freeBusyAt.getTime() >= FREE_BUSY_MS;
  const farthest = await db.assistant.aggregate({ where: { deletedAt: null }, _max: { maximumDaysAhead: true } });
  const range = { from: new Date(now.getTime() - HOUR), to: new Date(now.getTime() + ((farthest._max.maximumDaysAhead ?? 0) + 2) * DAY) };
  const freeBusy = due ? await calendar.freeBusy(access, range) : null;
  const nextSyncAt = new Date(now.getTime() + PAUSE_MS);
  await transact(app, (tx) => saveBusyTimes(tx, { link, changes, full, freeBusy, now, nextSyncAt }));
}

async function readChanges(app: CalendarApp, link: CalendarLink, access: CalendarAccess, now: Date): Promise<{ changes: CalendarChanges; full: boolean }> {
  const range = { from: new Date(now.getTime() - DAY), to: new Date(now.getTime() + EVENT_DAYS * DAY) };
  const isOld = link.fullSyncAt === null || now.getTime() - link.fullSyncAt.getTime() >= FULL_SYNC_MS;
  if (link.syncToken !== null && !isOld) {
    const changes = await app.calendar.changesSince(access, { syncToken: link.syncToken });
    if (changes !== 'forgotten') return { changes, full: false };
  }
  const changes = await app.calendar.changesSince(access, { range });
  if (changes === 'forgotten') throw new CalendarUnreachable('the calendar forgot a sync that had not begun');
  return { changes, full: true };
}

/** A full sync does not tell of events that are gone: each booking whose event is not there any more is looked up. */
async function followVanished(app: CalendarApp, access: CalendarAccess, events: readonly CalendarEvent[], now: Date): Promise<void> {
  const there = new Set(events.map(({ id }) => id));
  const synced = await app.db.booking.findMany({
    where: { status: 'CONFIRMED', calendarStatus: 'SYNCED', endsAt: { gt: now }, startsAt: { lt: new Date(now.getTime() + EVENT_DAYS * DAY) } },
    select: { id: true },
  });
  for (const { id } of synced) {
    if (there.has(eventIdOf(id))) continue;
    await followEvent(app, { bookingId: id, event: await app.calendar.findEvent(access, eventIdOf(id)) });
  }
}
