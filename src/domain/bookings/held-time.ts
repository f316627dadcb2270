import type { Booking, Prisma } from '../../generated/prisma/client.ts';
import { SECOND } from '../../kit/time.ts';
import type { SlotTime, TakenTime } from './slots.ts';
import { hasExpired } from './taken-times.ts';

/** How long a time that was spoken aloud is kept for the caller who heard it. */
export const HOLD_MS = 90 * SECOND;

/** What a call holds or has booked at a start; null where it is neither. */
export async function timeOfCall(tx: Prisma.TransactionClient, callId: string | null, assistantId: string, startsAt: Date): Promise<Booking | null> {
  if (callId === null) return null;
  // A booking before a hold: it may have been moved there while the call held the time.
  return tx.booking.findFirst({ where: { callId, assistantId, startsAt, status: { not: 'CANCELED' } }, orderBy: { status: 'desc' } });
}

/** From when the notice of a time counts: it was offered when the hold began, but no longer ago than a hold lasts, however often it was begun anew. */
export function heldSince(hold: Booking | null, now: Date): Date {
  if (hold?.status !== 'HELD' || hasExpired(hold, now)) return now;
  return new Date(Math.max(hold.createdAt.getTime(), now.getTime() - HOLD_MS));
}

/** What a hold must still fit to be kept. */
interface Fit {
  readonly slot: SlotTime;
  readonly capacity: number | null;
  readonly busy: readonly TakenTime[];
}

/**
 * Changes a hold in place, in one statement: also one that has expired, as long as nobody has taken its time over.
 *
 * @returns null where there is none any more, or where it does not fit the slot as it is now: then it is gone, and the time has to be claimed.
 */
export async function keepHold(
  tx: Prisma.TransactionClient,
  hold: Booking | null,
  { slot: { startsAt, endsAt, blockedUntil }, capacity, busy }: Fit,
  data: Prisma.BookingUncheckedUpdateManyInput,
): Promise<Booking | null> {
  if (hold?.status !== 'HELD') return null;
  const free = !busy.some((time) => time.startsAt < blockedUntil && time.blockedUntil > startsAt);
  const lane = capacity === null ? {} : { lane: { lt: capacity } };
  const [kept] = free ? await tx.booking.updateManyAndReturn({ where: { id: hold.id, status: 'HELD', endsAt, blockedUntil, ...lane }, data }) : [];
  // The policy or the calendar has changed since: the hold is for a time that is no longer to be had like this.
  if (!kept) await tx.booking.deleteMany({ where: { id: hold.id, status: 'HELD' } });
  return kept ?? null;
}
