import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Booking, Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Problem, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { parseInput } from '../../kit/parse.ts';
import { alternativeSlots, alternativesRange } from './alternatives.ts';
import { claimLane, lockAssistant, takenTimes, timeColumns } from './claim-lane.ts';
import { type CustomerInput, customerFields } from './customer.ts';
import { type SlotProblem, slotRefused, slotTaken } from './slot-problem.ts';
import { instantsAround, rulesOf, type Slot, type SlotRules, slotAt } from './slots.ts';

export interface BookingApp {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

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
 * constraint of the database decides.
 *
 * @returns the confirmed booking; or SLOT_TAKEN, OUTSIDE_HOURS or INVALID about the time, each with free alternatives;
 *   or NOT_FOUND for the assistant; or INVALID about the customer.
 */
export async function bookSlot(app: BookingApp, input: BookSlotInput): Promise<Result<Booking, SlotProblem | Problem>> {
  const { db, clock } = app;
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } });
  const customer = parseInput(customerFields(workspace.country), input);
  if (!customer.ok) return customer;
  const { assistantId, startsAt, callId = null } = input;
  const now = clock.now();

  return transact(app, async (tx, emit): Promise<Result<Booking, SlotProblem | Problem>> => {
    const assistant = await lockAssistant(tx, db.$workspaceId, assistantId);
    if (!assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
    const before = await bookingOfCall(tx, callId, assistantId, startsAt);
    if (before) return ok(before);
    const rules = rulesOf(assistant);
    const slot = slotAt(rules, startsAt, now);
    if ('refused' in slot) return slotRefused(slot.refused, rules, startsAt, now, await alternativesTo(tx, assistantId, rules, startsAt, now));

    const row = {
      id: newId(),
      workspaceId: db.$workspaceId,
      assistantId,
      callId,
      ...timeColumns(slot),
      timeZone: rules.timeZone,
      ...customer.value,
      status: 'CONFIRMED' as const,
      createdAt: now,
      updatedAt: now,
    };
    const overbook = input.bookedBy === 'PERSON' && assistant.allowOverbooking;
    const booking = await claimLane(tx, row, { capacity: rules.capacity, overbook });
    if (booking) {
      emit({ type: 'BookingChanged', workspaceId: db.$workspaceId, assistantId, bookingId: booking.id });
      return ok(booking);
    }
    // The same call may have asked twice at once, and its other request was first.
    const other = await bookingOfCall(tx, callId, assistantId, startsAt);
    return other ? ok(other) : slotTaken(startsAt, rules.timeZone, now, await alternativesTo(tx, assistantId, rules, startsAt, now));
  });
}

/** Free slots near a time that cannot be had. */
export async function alternativesTo(tx: Prisma.TransactionClient, assistantId: string, rules: SlotRules, startsAt: Date, now: Date): Promise<Slot[]> {
  const range = alternativesRange(startsAt, rules.timeZone);
  const { from, to } = instantsAround(range.from, range.to, rules.timeZone);
  return alternativeSlots(rules, startsAt, await takenTimes(tx, assistantId, from, to), now);
}

function bookingOfCall(tx: Prisma.TransactionClient, callId: string | null, assistantId: string, startsAt: Date) {
  return callId === null ? null : tx.booking.findFirst({ where: { callId, assistantId, startsAt, status: { not: 'CANCELED' } } });
}
