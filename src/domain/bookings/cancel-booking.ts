import { transact } from '../../db/transaction.ts';
import type { Booking } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import type { BookingApp } from './claim-time.ts';
import { utcDay } from './kept-times-cache.ts';

/**
 * Cancels a booking; its time is free again at once. Canceling it once more changes nothing.
 *
 * @returns the canceled booking, or NOT_FOUND.
 */
export async function cancelBooking(app: BookingApp, { id }: { id: string }): Promise<Result<Booking>> {
  return transact(app, async (tx, emit) => {
    const [canceled] = await tx.booking.updateManyAndReturn({
      where: { id, status: 'CONFIRMED' },
      data: { status: 'CANCELED', updatedAt: app.clock.now() },
    });
    if (canceled) {
      const { workspaceId, assistantId, startsAt } = canceled;
      emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId: id });
      emit({ type: 'SlotsChanged', workspaceId, assistantId, days: [utcDay(startsAt)] });
    }
    const booking = canceled ?? (await tx.booking.findFirst({ where: { id, status: 'CANCELED' } }));
    return booking ? ok(booking) : refuse('NOT_FOUND', 'There is no such booking.', ['input', 'id']);
  });
}
