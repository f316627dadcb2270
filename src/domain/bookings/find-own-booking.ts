import type { TenantDb } from '../../db/tenant.ts';
import type { Booking } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Claimant, type OwnBooking, ownBooking } from './own-booking.ts';

const MOST_CANDIDATES = 200;

/** The booking to come of an assistant that somebody on the telephone means and may change, by the rule of `ownBooking`. */
export async function findOwnBooking(
  { db, clock }: { db: TenantDb; clock: Clock },
  { assistantId, status, ...claimant }: Claimant & { readonly assistantId: string; readonly status: 'CONFIRMED' | 'CANCELED' },
): Promise<OwnBooking<Booking>> {
  const { callId, number, startsAt } = claimant;
  const bookings = await db.booking.findMany({
    where: {
      assistantId,
      status,
      startsAt: { gt: clock.now() },
      OR: [{ callId }, ...(number === null ? [] : [{ customerPhone: number }]), ...(startsAt === null ? [] : [{ startsAt }])],
    },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
    take: MOST_CANDIDATES,
  });
  return ownBooking(bookings, claimant);
}
