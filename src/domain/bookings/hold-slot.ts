import type { Booking } from '../../generated/prisma/client.ts';
import type { Problem, Result } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { claimLane, timeColumns } from './claim-lane.ts';
import { type BookingApp, claimTime } from './claim-time.ts';
import { HOLD_MS, keepHold, timeOfCall } from './held-time.ts';
import { utcDay } from './kept-times-cache.ts';
import type { SlotProblem } from './slot-problem.ts';
import { busyFrom } from './taken-times.ts';

export interface HoldInput {
  readonly assistantId: string;
  /** Who it is kept for. */
  readonly callId: string;
  readonly startsAt: Date;
}

/**
 * Keeps a slot for a call, for 90 seconds: to everybody else it is as good as booked. A call keeps one time of an
 * assistant: holding another lets go of the one before. Holding the same one again begins the 90 seconds anew.
 *
 * A hold is a row of its own in a lane, so that whatever keeps two bookings apart keeps holds and bookings apart. It is
 * no booking: no list, live view, calendar or mail knows of it.
 *
 * @returns the held row, or the booking where the call has booked the time already; or SLOT_TAKEN, OUTSIDE_HOURS or
 *   INVALID about the time, each with free alternatives, and what was held before is still held; or NOT_FOUND.
 */
export async function holdSlot(app: BookingApp, { assistantId, callId, startsAt }: HoldInput): Promise<Result<Booking, SlotProblem | Problem>> {
  const { db } = app;
  const busy = await busyFrom(app, assistantId, startsAt);
  return claimTime(app, { assistantId, callId, startsAt }, async ({ rules, slot, mine, now }, tx, emit) => {
    const heldUntil = new Date(now.getTime() + HOLD_MS);
    const row = { id: newId(), workspaceId: db.$workspaceId, assistantId, callId, ...timeColumns(slot), timeZone: rules.timeZone, customerName: '' };
    const hold =
      (await keepHold(tx, mine, { slot, capacity: rules.capacity, busy }, { heldUntil, updatedAt: now })) ??
      (await claimLane(tx, { ...row, status: 'HELD', heldUntil, createdAt: now, updatedAt: now }, { capacity: rules.capacity, overbook: false, busy, now })) ??
      // The same call may have asked twice at once, and its other request was first.
      (await timeOfCall(tx, callId, assistantId, startsAt));
    if (!hold) return null;

    const others = { callId, assistantId, status: 'HELD' as const, id: { not: hold.id } };
    const before = await tx.booking.findMany({ where: others, select: { id: true, startsAt: true } });
    if (before.length > 0) await tx.booking.deleteMany({ where: { ...others, id: { in: before.map(({ id }) => id) } } });
    const days = [hold, ...before].map((time) => utcDay(time.startsAt));
    emit({ type: 'SlotsChanged', workspaceId: db.$workspaceId, assistantId, days: [...new Set(days)] });
    return hold;
  });
}
