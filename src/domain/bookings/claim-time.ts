import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact, type Work } from '../../db/transaction.ts';
import type { Assistant, Booking } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Problem, type Result, refuse } from '../../kit/errors.ts';
import { lockAssistant } from './claim-lane.ts';
import { heldSince, timeOfCall } from './held-time.ts';
import { refuseTime, type TimeRefusal } from './refuse-time.ts';
import { retryDeadlock } from './retry-deadlock.ts';
import type { SlotProblem } from './slot-problem.ts';
import { rulesOf, type SlotRules, type SlotTime, slotAt } from './slots.ts';
import type { KeptTimes } from './taken-times.ts';

export interface BookingApp {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  /** What is known of kept times; only looks use it, who books asks the database. */
  readonly keptTimes?: KeptTimes;
}

interface WantedTime {
  readonly assistantId: string;
  /** The call that wants it, if one does. */
  readonly callId: string | null;
  readonly startsAt: Date;
}

/** What is known of a wanted time under the assistant's lock, and is true until the commit. */
export interface OpenTime {
  readonly assistant: Assistant;
  readonly rules: SlotRules;
  readonly slot: SlotTime;
  /** What the call holds at this time. */
  readonly mine: Booking | null;
  readonly now: Date;
}

/**
 * Claims a time in one transaction, under the assistant's rules as they now stand. A call that has booked it already has it.
 *
 * @param take writes the row that claims it; null when somebody else has the time.
 * @returns that row; or SLOT_TAKEN, OUTSIDE_HOURS or INVALID about the time, each with free alternatives; or NOT_FOUND
 *   for the assistant.
 */
export async function claimTime(
  app: BookingApp,
  wanted: WantedTime,
  take: (open: OpenTime, ...transaction: Parameters<Work<never>>) => Promise<Booking | null>,
): Promise<Result<Booking, SlotProblem | Problem>> {
  const { db, clock } = app;
  const { assistantId, callId, startsAt } = wanted;
  const now = clock.now();
  const claim: Work<Booking | TimeRefusal | null> = async (tx, emit) => {
    const assistant = await lockAssistant(tx, db.$workspaceId, assistantId);
    if (!assistant) return null;
    const rules = rulesOf(assistant);
    const mine = await timeOfCall(tx, callId, assistantId, startsAt);
    if (mine?.status === 'CONFIRMED') return mine;
    const slot = slotAt(rules, startsAt, heldSince(mine, now));
    if ('refused' in slot) return { why: slot.refused, rules, now };
    return (await take({ assistant, rules, slot, mine, now }, tx, emit)) ?? { why: 'TAKEN', rules, now };
  };
  const claimed = await retryDeadlock(() => transact(app, claim));
  if (!claimed) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  return 'why' in claimed ? refuseTime(app, claimed, wanted) : ok(claimed);
}
