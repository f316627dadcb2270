import { transact } from '../../db/transaction.ts';
import type { Booking } from '../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { claimLane, lockAssistant, timeColumns } from './claim-lane.ts';
import type { BookingApp } from './claim-time.ts';
import { heldSince, timeOfCall } from './held-time.ts';
import { utcDay } from './kept-times-cache.ts';
import { refuseTime, type TimeRefusal } from './refuse-time.ts';
import { retryDeadlock } from './retry-deadlock.ts';
import type { SlotProblem } from './slot-problem.ts';
import { rulesOf, slotAt } from './slots.ts';
import { busyFrom } from './taken-times.ts';

export interface RescheduleInput {
  readonly id: string;
  readonly startsAt: Date;
  readonly movedBy: 'PERSON' | 'ASSISTANT';
  /** The call that moves it, which may hold the new time. */
  readonly callId?: string | null | undefined;
}

/**
 * Moves a booking to another time, also one that overlaps the old. It keeps its id, its call and its customer, takes on
 * the length that the policy has today, and never loses its old time unless it has the new one. What the call holds at
 * the new time becomes the booking's.
 *
 * @returns the moved booking; or SLOT_TAKEN, OUTSIDE_HOURS or INVALID about the time, each with free alternatives;
 *   or NOT_FOUND; or ILLEGAL_STATE for a canceled one.
 */
export async function rescheduleBooking(app: BookingApp, input: RescheduleInput): Promise<Result<Booking, SlotProblem | Problem>> {
  const before = await app.db.booking.findFirst({ where: { id: input.id, status: { not: 'HELD' } } });
  if (!before) return noSuchBooking;
  try {
    return await retryDeadlock(() => move(app, before.assistantId, input));
  } catch (error) {
    if (error instanceof Refused) return refuseTime(app, error.refusal, { ...input, assistantId: before.assistantId });
    throw error;
  }
}

async function move(app: BookingApp, assistantId: string, { id, startsAt, movedBy, callId = null }: RescheduleInput): Promise<Result<Booking>> {
  const { db, clock } = app;
  const now = clock.now();
  const busy = await busyFrom(app, assistantId, startsAt);
  return transact(app, async (tx, emit): Promise<Result<Booking>> => {
    const assistant = await lockAssistant(tx, db.$workspaceId, assistantId);
    if (!assistant) return noSuchBooking;
    const rules = rulesOf(assistant);
    const mine = await timeOfCall(tx, callId, assistantId, startsAt);
    const slot = slotAt(rules, startsAt, heldSince(mine, now));
    if ('refused' in slot) throw new Refused({ why: slot.refused, rules, now });

    // Free the old time first, so that it is not in its own way; whatever follows, the commit has both or neither.
    const [before] = await tx.booking.updateManyAndReturn({ where: { id, status: 'CONFIRMED' }, data: { status: 'CANCELED' } });
    if (!before) return refuse('ILLEGAL_STATE', 'A canceled booking cannot be moved. Book the new time instead.', ['input', 'id']);
    // Nobody gets in between: whoever wants the lane that was held waits for this transaction.
    if (mine) await tx.booking.deleteMany({ where: { id: mine.id, status: 'HELD' } });
    // An update cannot step aside from a conflict as an insert can: a placeholder claims the lane and hands it over.
    const { workspaceId, customerName, createdAt } = before;
    const time = { ...timeColumns(slot), timeZone: rules.timeZone };
    const row = { ...time, id: newId(), workspaceId, assistantId, customerName, status: 'CONFIRMED' as const, createdAt, updatedAt: now };
    const overbook = movedBy === 'PERSON' && assistant.allowOverbooking;
    const placeholder = await claimLane(tx, row, { capacity: rules.capacity, overbook, busy, now });
    if (!placeholder) throw new Refused({ why: 'TAKEN', rules, now });
    await tx.booking.deleteMany({ where: { id: placeholder.id } });
    const data = { ...time, lane: placeholder.lane, status: 'CONFIRMED' as const, movedAt: now, updatedAt: now };
    const [booking] = await tx.booking.updateManyAndReturn({ where: { id }, data });
    if (!booking) throw new Error(`Booking ${id} vanished within its own transaction`);
    emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId: id });
    emit({ type: 'SlotsChanged', workspaceId, assistantId, days: [...new Set([utcDay(before.startsAt), utcDay(startsAt)])] });
    return ok(booking);
  });
}

const noSuchBooking = refuse('NOT_FOUND', 'There is no such booking.', ['input', 'id']);

/** Thrown to roll the transaction back: the booking keeps its old time, and the call what it holds. */
class Refused extends Error {
  readonly refusal: TimeRefusal;
  constructor(refusal: TimeRefusal) {
    super('The booking keeps its time.');
    this.refusal = refusal;
  }
}
