import { transact } from '../../../db/transaction.ts';
import type { Booking, CalendarLink } from '../../../generated/prisma/client.ts';
import { type Calendar, type CalendarAccess, CalendarRejected, CalendarUnreachable } from '../../../ports/calendar.ts';
import { type CalendarApp, withAccess } from './calendar-access.ts';
import { eventIdOf, eventOf } from './calendar-event.ts';
import { loseCalendar, problemOf } from './calendar-health.ts';

/** The booking may change while its event is written; it hardly does so more often than this. */
const MOST_ROUNDS = 5;

/**
 * Brings a booking's event to where the booking is: writes, moves or removes it. May run any number of times, at once
 * and again after a crash anywhere in between: the event's id is the booking's, so that there is one.
 *
 * @throws RateLimited | CalendarUnreachable: later.
 */
export async function pushBooking(app: CalendarApp, { bookingId, signal }: { bookingId: string; signal?: AbortSignal }): Promise<void> {
  const { db } = app;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const booking = await db.booking.findFirst({ where: { id: bookingId, calendarStatus: 'PENDING' }, include: { assistant: true } });
    if (!booking || booking.status === 'HELD') return;
    const link = await db.calendarLink.findFirst();
    if (!link || link.problem) return settle(app, booking, { calendarStatus: link ? 'FAILED' : 'NOT_CONNECTED' });

    const business = booking.assistant.businessName ?? booking.assistant.name;
    const etag = await written(app, link, booking, business, signal);
    if (etag === 'refused') return settle(app, booking, { calendarStatus: 'FAILED' });
    const saved = await saveAsWritten(app, booking, { calendarStatus: 'SYNCED', calendarEventId: eventIdOf(booking.id), calendarEtag: etag });
    if (saved) return;
  }
  throw new CalendarUnreachable('the booking changed each time its event was written');
}

/** @returns the version of the event, null where it was removed; `refused` where asking again does not help. */
async function written(app: CalendarApp, link: CalendarLink, booking: Booking, business: string, signal?: AbortSignal): Promise<string | null | 'refused'> {
  try {
    return await withAccess(app, link.id, (access) => write(app.calendar, access, booking, business), signal);
  } catch (error) {
    const problem = problemOf(error, link);
    if (problem) await loseCalendar(app, link, problem);
    else if (!(error instanceof CalendarRejected)) throw error;
    else app.logger.error({ err: error, bookingId: booking.id }, 'the calendar refused an event');
    return 'refused';
  }
}

async function write(calendar: Calendar, access: CalendarAccess, booking: Booking, business: string): Promise<string | null> {
  const event = eventOf(booking, business);
  const notify = event.guest !== null;
  if (booking.status === 'CANCELED') {
    await calendar.cancelEvent(access, { id: event.id, notify });
    return null;
  }
  let etag = booking.calendarEtag;
  for (let tries = 1; tries <= MOST_ROUNDS; tries++) {
    if (etag === null) {
      const inserted = await calendar.insertEvent(access, event);
      if (inserted !== 'exists') return inserted.etag;
      // Written before: by a try whose answer got lost, or for a link that was there before this one.
      const there = await calendar.findEvent(access, event.id);
      if (there && !there.canceled && there.time?.startsAt.getTime() === event.startsAt.getTime() && there.time.endsAt.getTime() === event.endsAt.getTime()) {
        return there.etag;
      }
      etag = there?.etag ?? null;
      if (etag === null) continue;
    }
    const updated = await calendar.updateEvent(access, { ...event, etag, notify });
    if (updated !== 'changed' && updated !== 'missing') return updated.etag;
    // Somebody changed it meanwhile. The customer was told the booking's time, and so it stands.
    etag = updated === 'changed' ? ((await calendar.findEvent(access, event.id))?.etag ?? null) : null;
  }
  throw new CalendarUnreachable('the event changed each time it was written');
}

type CalendarColumns = Partial<Pick<Booking, 'calendarStatus' | 'calendarEventId' | 'calendarEtag'>>;

async function settle(app: CalendarApp, booking: Booking, columns: CalendarColumns): Promise<void> {
  await saveAsWritten(app, booking, columns);
}

/** @returns false where the booking is no longer as it was written. */
function saveAsWritten(app: CalendarApp, { id, workspaceId, assistantId, status, startsAt, endsAt }: Booking, columns: CalendarColumns): Promise<boolean> {
  return transact(app, async (tx, emit) => {
    const { count } = await tx.booking.updateMany({ where: { id, status, startsAt, endsAt, calendarStatus: 'PENDING' }, data: columns });
    if (count === 1) emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId: id });
    return count === 1;
  });
}
