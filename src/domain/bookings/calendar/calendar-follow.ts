import { transact } from '../../../db/transaction.ts';
import type { Booking } from '../../../generated/prisma/client.ts';
import { newId } from '../../../kit/ids.ts';
import { MINUTE } from '../../../kit/time.ts';
import type { CalendarEvent, CalendarTime } from '../../../ports/calendar.ts';
import { claimLane, lockAssistant, timeColumns } from '../claim-lane.ts';
import { utcDay } from '../kept-times-cache.ts';
import { rulesOf } from '../slots.ts';
import type { CalendarApp } from './calendar-access.ts';

/** What people did to an event means for its booking. */
export type Following = 'NOTHING' | 'CANCEL' | 'MOVE' | 'RESTORE';

/**
 * Whoever moves or deletes an event in the calendar moves or cancels the booking. Where both were changed, ours stands,
 * as the customer was told of it, and is written over the event.
 *
 * @param event null where it is gone.
 */
export function followingOf(
  booking: Pick<Booking, 'status' | 'calendarStatus' | 'calendarEtag' | 'startsAt' | 'endsAt'>,
  event: CalendarEvent | null,
): Following {
  if (booking.status !== 'CONFIRMED' || booking.calendarStatus !== 'SYNCED') return 'NOTHING';
  if (!event || event.canceled) return 'CANCEL';
  if (event.etag === booking.calendarEtag) return 'NOTHING';
  // A booking has a time of day.
  if (!event.time || event.allDay) return 'RESTORE';
  const { startsAt, endsAt } = event.time;
  return startsAt.getTime() === booking.startsAt.getTime() && endsAt.getTime() === booking.endsAt.getTime() ? 'NOTHING' : 'MOVE';
}

/** Lets a booking follow its event; does nothing where it has done so before. */
export async function followEvent(app: CalendarApp, { bookingId, event }: { bookingId: string; event: CalendarEvent | null }): Promise<void> {
  const booking = await app.db.booking.findFirst({ where: { id: bookingId } });
  if (!booking) return;
  const following = followingOf(booking, event);
  const etag = event?.etag ?? null;
  const isCurrent = booking.status === 'CONFIRMED' && booking.calendarStatus === 'SYNCED';
  if (following === 'NOTHING' && (!isCurrent || booking.calendarEtag === etag)) return;
  if (following === 'MOVE' && event?.time && (await move(app, booking, event.time, etag))) return;
  // What the calendar says of a moment that has passed again counts no longer.
  const unchanged = { id: bookingId, calendarStatus: 'SYNCED' as const, calendarEtag: booking.calendarEtag, status: booking.status };
  const data = {
    NOTHING: { calendarEtag: etag },
    CANCEL: { calendarEtag: etag, status: 'CANCELED' as const, updatedAt: app.clock.now() },
    // The move was refused, or was none: the event goes back to where the booking is.
    MOVE: { calendarEtag: etag, calendarStatus: 'PENDING' as const },
    RESTORE: { calendarEtag: etag, calendarStatus: 'PENDING' as const },
  }[following];
  await transact(app, async (tx, emit) => {
    const { count } = await tx.booking.updateMany({ where: unchanged, data });
    if (count === 0 || following === 'NOTHING') return;
    const { workspaceId, assistantId, startsAt } = booking;
    emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId });
    if (following === 'CANCEL') emit({ type: 'SlotsChanged', workspaceId, assistantId, days: [utcDay(startsAt)] });
  });
}

/** @returns false where the assistant's capacity does not allow it. The owner decides about hours and notice, but not that two bookings share a lane. */
async function move(app: CalendarApp, { id, assistantId }: Booking, time: CalendarTime, calendarEtag: string | null): Promise<boolean> {
  const { db, clock } = app;
  const now = clock.now();
  try {
    await transact(app, async (tx, emit) => {
      const assistant = await lockAssistant(tx, db.$workspaceId, assistantId);
      if (!assistant) throw new Full();
      const { capacity, bufferMinutes } = rulesOf(assistant);
      const [before] = await tx.booking.updateManyAndReturn({ where: { id, status: 'CONFIRMED', calendarStatus: 'SYNCED' }, data: { status: 'CANCELED' } });
      if (!before) return;
      const blockedUntil = new Date(time.endsAt.getTime() + bufferMinutes * MINUTE);
      const columns = timeColumns({ ...time, blockedUntil });
      const { workspaceId, timeZone, customerName, createdAt } = before;
      const row = { ...columns, id: newId(), workspaceId, assistantId, timeZone, customerName, status: 'CONFIRMED' as const, createdAt, updatedAt: now };
      const placeholder = await claimLane(tx, row, { capacity, overbook: assistant.allowOverbooking, busy: [], now });
      if (!placeholder) throw new Full();
      await tx.booking.deleteMany({ where: { id: placeholder.id } });
      const data = {
        ...columns,
        lane: placeholder.lane,
        status: 'CONFIRMED' as const,
        calendarStatus: 'SYNCED' as const,
        calendarEtag,
        movedAt: now,
        updatedAt: now,
      };
      await tx.booking.updateMany({ where: { id }, data });
      emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId: id });
      emit({ type: 'SlotsChanged', workspaceId, assistantId, days: [...new Set([utcDay(before.startsAt), utcDay(time.startsAt)])] });
    });
    return true;
  } catch (error) {
    if (error instanceof Full) return false;
    throw error;
  }
}

/** Rolls back: the booking keeps its time. */
class Full extends Error {}
