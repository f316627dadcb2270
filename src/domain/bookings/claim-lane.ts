import { type Assistant, type Booking, Prisma } from '../../generated/prisma/client.ts';
import { freeLanes, type SlotTime, type TakenTime } from './slots.ts';
import { hasExpired } from './taken-times.ts';

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
 * transaction to end), and the lanes are looked at again. A hold that has expired gives way.
 *
 * @returns the row, or null when no lane took it.
 */
export async function claimLane(tx: Prisma.TransactionClient, row: NewBooking, claim: Claim): Promise<Booking | null> {
  const refused = new Set<number | null>();
  for (;;) {
    const lanes = await openLanes(tx, row, claim);
    const lane = lanes.length > 1 ? await quietLane(tx, row, lanes) : lanes[0];
    // Refused again although it looks free: it is not for the lane, the call has the time already.
    if (lane === undefined || refused.has(lane)) return null;
    const [booking] = await tx.booking.createManyAndReturn({ data: [{ ...row, lane }], skipDuplicates: true });
    if (booking) return booking;
    refused.add(lane);
  }
}

/** The lanes that a row may try, as it looks now; null stands for no lane at all. */
async function openLanes(tx: Prisma.TransactionClient, row: NewBooking, { capacity, overbook, busy, now }: Claim): Promise<(number | null)[]> {
  const [from, to] = [new Date(row.startsAt), new Date(row.blockedUntil)];
  const kept = await overlappingRows(tx, row, from, to);
  const expired = kept.filter((time) => hasExpired(time, now));
  if (expired.length > 0) await dropExpired(tx, row.workspaceId, expired, now);
  const overlapping = [...kept.filter((time) => !hasExpired(time, now)), ...busy.filter((time) => time.startsAt < to && time.blockedUntil > from)];
  const lanes = capacity !== null ? freeLanes(capacity, overlapping) : overlapping.some(isBusy) ? [] : [null];
  return lanes.length === 0 && overbook ? [null] : lanes;
}

/** The live rows that touch a stretch, found by the very index that keeps them apart. */
function overlappingRows(tx: Prisma.TransactionClient, { workspaceId, assistantId }: NewBooking, from: Date, to: Date) {
  return tx.$queryRaw<{ id: string; lane: number | null; heldUntil: Date | null }[]>`
    select "id", "lane", "heldUntil" from "Booking" where "workspaceId" = ${workspaceId} and "assistantId" = ${assistantId} and "status" <> 'CANCELED'
    and tstzrange("startsAt", "blockedUntil") && tstzrange(${from}, ${to})`;
}

/**
 * A lane that nobody else is claiming for this start at this moment; the first where there is none. Without it all who
 * ask at once would wait for one another at the first lane, then at the second. It is only a word between them: the
 * lock keeps nobody out.
 */
async function quietLane(
  tx: Prisma.TransactionClient,
  { assistantId, startsAt }: NewBooking,
  lanes: readonly (number | null)[],
): Promise<number | null | undefined> {
  const place = `${assistantId} ${new Date(startsAt).getTime()} `;
  const [quiet] = await tx.$queryRaw<{ lane: number }[]>`
    select lane from unnest(${lanes}::int[]) lane where pg_try_advisory_xact_lock(hashtextextended(${place} || lane, 0)) limit 1`;
  return quiet ? quiet.lane : lanes[0];
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
