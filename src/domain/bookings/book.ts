import type { Booking } from '../../generated/prisma/client.ts';
import type { Problem, Result } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { parseInput } from '../../kit/parse.ts';
import { claimLane, timeColumns } from './claim-lane.ts';
import { type BookingApp, claimTime } from './claim-time.ts';
import { type CustomerInput, customerFields } from './customer.ts';
import { keepHold, timeOfCall } from './held-time.ts';
import { utcDay } from './kept-times-cache.ts';
import type { SlotProblem } from './slot-problem.ts';
import { busyFrom } from './taken-times.ts';

export interface BookSlotInput extends CustomerInput {
  readonly assistantId: string;
  /** The call that books; one call books one start once, and asking again answers with the same booking. */
  readonly callId?: string | null | undefined;
  readonly startsAt: Date;
  /** Only a person may go over the capacity, and only where the policy allows it. */
  readonly bookedBy: 'PERSON' | 'ASSISTANT';
}

/**
 * Books a slot. However many ask at once, by whatever path, no more get it than the policy's capacity: the exclusion
 * constraint of the database decides. What the call holds becomes the booking, in one statement.
 *
 * @returns the confirmed booking; or SLOT_TAKEN, OUTSIDE_HOURS or INVALID about the time, each with free alternatives;
 *   or NOT_FOUND for the assistant; or INVALID about the customer.
 */
export async function bookSlot(app: BookingApp, input: BookSlotInput): Promise<Result<Booking, SlotProblem | Problem>> {
  const { db } = app;
  const [workspace, busy] = await Promise.all([
    db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } }),
    busyFrom(app, input.assistantId, input.startsAt),
  ]);
  const customer = parseInput(customerFields(workspace.country), input);
  if (!customer.ok) return customer;
  const { assistantId, startsAt, callId = null } = input;

  return claimTime(app, { assistantId, callId, startsAt }, async ({ assistant, rules, slot, mine, now }, tx, emit) => {
    const firm = { ...customer.value, timeZone: rules.timeZone, status: 'CONFIRMED' as const, createdAt: now, updatedAt: now };
    const row = { ...firm, id: newId(), workspaceId: db.$workspaceId, assistantId, callId, ...timeColumns(slot) };
    const confirm = (hold: Booking | null) => keepHold(tx, hold, { slot, capacity: rules.capacity, busy }, { ...firm, heldUntil: null });
    const overbook = input.bookedBy === 'PERSON' && assistant.allowOverbooking;
    let booking = (await confirm(mine)) ?? (await claimLane(tx, row, { capacity: rules.capacity, overbook, busy, now }));
    if (!booking) {
      // The same call may have asked twice at once, and its other request was first.
      const other = await timeOfCall(tx, callId, assistantId, startsAt);
      if (other?.status === 'CONFIRMED') return other;
      booking = await confirm(other);
    }
    if (!booking) return null;
    emit({ type: 'BookingChanged', workspaceId: db.$workspaceId, assistantId, bookingId: booking.id });
    emit({ type: 'SlotsChanged', workspaceId: db.$workspaceId, assistantId, days: [utcDay(startsAt)] });
    return booking;
  });
}
