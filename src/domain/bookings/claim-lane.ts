import { type Assistant, type Booking, Prisma } from '../../generated/prisma/client.ts';
import { freeLanes, type SlotTime, type TakenTime } from './slots.ts';
import { hasExpired, LONGEST_MS } from './taken-times.ts';

export type NewBooking = Omit<Prisma.BookingCreateManyInput, 'lane'>;

/**
 * Reads an assistant and locks its rules for the rest of the transaction, so that they cannot change between the look
 * at the lanes and the commit. Bookings share the lock; a change of the policy waits for them.
 *
 * @returns the assistant's row as it now stands; null where there is none or it was deleted.
 */
export async function lockAssistant(tx: Prisma.TransactionClient, workspaceId: string, assistantId: string): Promise<Assistant | null> {
  const [assistant] = await tx.$queryRaw<Assistant[]>`
    select * from "Assistant" where "workspaceId" = ${workspaceId} and "id" = ${assistantId} and "deletedAt" is null for share`;
  return assistant ?? null;
}

export interface Claim {
  /** How many may share the time; null without limit. */
  readonly capacity: number | null;
  /** Goes over the capacity, and over busy times, when every lane is taken. */
  readonly overbook: boolean;
  /** What a calendar says of the time. */
  readonly busy: readonly TakenTime[];
  readonly now: Date;
}

/**
 * Inserts a booking or a hold into the first lane that takes it. The exclusion constraint decides, not the look at the
 * lanes before: a lane that somebody else has just taken refuses the row (ON CONFLICT DO NOTHING waits for the other
 * transaction to end), and the next lane is tried. A hold that has expired gives way.
 *
 * @returns the row, or null when no lane took it.
 */
export async function claimLane(tx: Prisma.TransactionClient, row: NewBooking, { capacity, overbook, busy, now }: Claim): Promise<Booking | null> {
  const [from, to] = [new Date(row.startsAt), new Date(row.blockedUntil)];
  const kept = await tx.booking.findMany({
    where: {
      assistantId: row.assistantId,
      status: { not: 'CANCELED' },
      startsAt: { gt: new Date(from.getTime() - LONGEST_MS), lt: to },
      blockedUntil: { gt: from },
    },
    select: { id: true, lane: true, heldUntil: true },
  });
  const expired = kept.filter((time) => hasExpired(time, now));
  if (expired.length > 0) await dropExpired(tx, row.workspaceId, expired, now);

  const overlapping = [...kept.filter((time) => !hasExpired(time, now)), ...busy.filter((time) => time.startsAt < to && time.blockedUntil > from)];
  const lanes: (number | null)[] = capacity !== null ? freeLanes(capacity, overlapping) : overlapping.some(isBusy) ? [] : [null];
  if (overbook && !lanes.includes(null)) lanes.push(null);
  for (const lane of lanes) {
    const [booking] = await tx.booking.createManyAndReturn({ data: [{ ...row, lane }], skipDuplicates: true });
    if (booking) return booking;
  }
  return null;
}

/** One that is being confirmed or dropped at this moment is left to whoever does it: the constraint waits for them. */
async function dropExpired(tx: Prisma.TransactionClient, workspaceId: string, expired: readonly { readonly id: string }[], now: Date): Promise<void> {
  const ids = Prisma.join(expired.map(({ id }) => id));
  await tx.$executeRaw`delete from "Booking" where "id" in (
    select "id" from "Booking" where "workspaceId" = ${workspaceId} and "id" in (${ids}) and "status" = 'HELD' and "heldUntil" <= ${now}
    for update skip locked)`;
}

const isBusy = ({ lane }: Pick<TakenTime, 'lane'>) => lane === 'every';

/** The three columns of a booking's time. */
export const timeColumns = ({ startsAt, endsAt, blockedUntil }: SlotTime) => ({ startsAt, endsAt, blockedUntil });
