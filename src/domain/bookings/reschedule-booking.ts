import { transact } from '../../db/transaction.ts';
import { type Booking, Prisma } from '../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { alternativesTo, type BookingApp } from './book.ts';
import { claimLane, lockAssistant, timeColumns } from './claim-lane.ts';
import { type SlotProblem, slotRefused, slotTaken } from './slot-problem.ts';
import { rulesOf, slotAt } from './slots.ts';

export interface RescheduleInput {
  readonly id: string;
  readonly startsAt: Date;
  readonly movedBy: 'PERSON' | 'ASSISTANT';
}

type Moved = Result<Booking, SlotProblem | Problem>;

/**
 * Moves a booking to another time, also one that overlaps the old. It keeps its id, its call and its customer, takes on
 * the length that the policy has today, and never loses its old time unless it has the new one.
 *
 * @returns the moved booking; or SLOT_TAKEN, OUTSIDE_HOURS or INVALID about the time, each with free alternatives;
 *   or NOT_FOUND; or ILLEGAL_STATE for a canceled one.
 */
export async function rescheduleBooking(app: BookingApp, input: RescheduleInput): Promise<Moved> {
  // Two bookings that change places wait for each other; the database picks one, which starts again and finds its place free.
  for (let tries = 1; ; tries++) {
    try {
      return await move(app, input);
    } catch (error) {
      if (error instanceof Kept) return error.answer;
      if (tries >= 5 || !isDeadlock(error)) throw error;
    }
  }
}

async function move(app: BookingApp, { id, startsAt, movedBy }: RescheduleInput): Promise<Moved> {
  const { db, clock } = app;
  const now = clock.now();
  return transact(app, async (tx, emit): Promise<Moved> => {
    const before = await tx.booking.findFirst({ where: { id } });
    const assistant = before && (await lockAssistant(tx, db.$workspaceId, before.assistantId));
    if (!before || !assistant) return refuse('NOT_FOUND', 'There is no such booking.', ['input', 'id']);
    const rules = rulesOf(assistant);
    const slot = slotAt(rules, startsAt, now);
    if ('refused' in slot) return slotRefused(slot.refused, rules, startsAt, now, await alternativesTo(tx, assistant.id, rules, startsAt, now));

    // Free the old time first, so that it is not in its own way; whatever follows, the commit has both or neither.
    const freed = await tx.booking.updateMany({ where: { id, status: { not: 'CANCELED' } }, data: { status: 'CANCELED' } });
    if (freed.count === 0) return refuse('ILLEGAL_STATE', 'A canceled booking cannot be moved. Book the new time instead.', ['input', 'id']);
    // An update cannot step aside from a conflict as an insert can: a placeholder claims the lane and hands it over.
    const time = { ...timeColumns(slot), timeZone: rules.timeZone };
    const overbook = movedBy === 'PERSON' && assistant.allowOverbooking;
    const placeholder = await claimLane(tx, { ...before, ...time, id: newId(), status: 'HELD' }, { capacity: rules.capacity, overbook });
    if (!placeholder) {
      throw new Kept(slotTaken(startsAt, rules.timeZone, now, await alternativesTo(tx, assistant.id, rules, startsAt, now)));
    }
    await tx.booking.deleteMany({ where: { id: placeholder.id } });
    const data = { ...time, lane: placeholder.lane, status: before.status, updatedAt: now };
    const [booking] = await tx.booking.updateManyAndReturn({ where: { id }, data });
    if (!booking) throw new Error(`Booking ${id} vanished within its own transaction`);
    emit({ type: 'BookingChanged', workspaceId: db.$workspaceId, assistantId: assistant.id, bookingId: id });
    return ok(booking);
  });
}

/** Thrown to roll the transaction back: the booking keeps its old time. */
class Kept extends Error {
  readonly answer: Moved;
  constructor(answer: Moved) {
    super('The booking keeps its time.');
    this.answer = answer;
  }
}

const isDeadlock = (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
