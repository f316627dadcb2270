import type { Booking, Prisma } from '../../generated/prisma/client.ts';
import { freeLanes, type SlotTime, type TakenTime } from './slots.ts';

export type NewBooking = Omit<Prisma.BookingCreateManyInput, 'lane'>;

/**
 * Locks an assistant's rules for the rest of the transaction, so that they cannot change between the look at the
 * lanes and the commit. Bookings share the lock; a change of the policy waits for them.
 *
 * @returns the assistant's row as it now stands; null where there is none or it was deleted.
 */
export async function lockAssistant(tx: Prisma.TransactionClient, workspaceId: string, assistantId: string) {
  await tx.$queryRaw`select 1 from "Assistant" where "workspaceId" = ${workspaceId} and "id" = ${assistantId} for share`;
  return tx.assistant.findFirst({ where: { id: assistantId, deletedAt: null } });
}

/**
 * Inserts a booking into the first lane that takes it. The exclusion constraint decides, not the look at the lanes
 * before: a lane that somebody else has just taken refuses the row (ON CONFLICT DO NOTHING waits for the other
 * transaction to end), and the next lane is tried.
 *
 * @param capacity how many may share the time; null without limit.
 * @param overbook goes over the capacity when every lane is taken.
 * @returns the row, or null when no lane took it.
 */
export async function claimLane(
  tx: Prisma.TransactionClient,
  row: NewBooking,
  { capacity, overbook }: { capacity: number | null; overbook: boolean },
): Promise<Booking | null> {
  const overlapping = await takenTimes(tx, row.assistantId, new Date(row.startsAt), new Date(row.blockedUntil));
  const lanes: (number | null)[] = capacity === null ? [null] : freeLanes(capacity, overlapping);
  if (overbook) lanes.push(null);
  for (const lane of lanes) {
    const [booking] = await tx.booking.createManyAndReturn({ data: [{ ...row, lane }], skipDuplicates: true });
    if (booking) return booking;
  }
  return null;
}

/** The times that live bookings of an assistant keep and that touch a stretch, in order of their start. */
export function takenTimes(db: Pick<Prisma.TransactionClient, 'booking'>, assistantId: string, from: Date, to: Date): Promise<TakenTime[]> {
  return db.booking.findMany({
    where: { assistantId, status: { not: 'CANCELED' }, startsAt: { lt: to }, blockedUntil: { gt: from } },
    select: { startsAt: true, blockedUntil: true, lane: true },
    orderBy: { startsAt: 'asc' },
  });
}

/** The three columns of a booking's time. */
export const timeColumns = ({ startsAt, endsAt, blockedUntil }: SlotTime) => ({ startsAt, endsAt, blockedUntil });
