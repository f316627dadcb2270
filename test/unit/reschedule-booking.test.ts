import { describe, expect, test } from 'vitest';
import { updateBookingPolicy } from '../../src/domain/assistants/update-assistant.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { newId } from '../../src/kit/ids.ts';
import { ask, booked, bookingApp, later, problem, starts, THURSDAY } from '../support/booking-app.ts';

describe('moving a booking', () => {
  test('keeps its id and its customer, and frees its old time', async () => {
    await using app = await bookingApp();
    const booking = booked(await ask(app));
    const moved = booked(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'PERSON' }));
    expect(moved).toMatchObject({
      id: booking.id,
      startsAt: later(1),
      endsAt: later(1.5),
      customerName: 'Ada Byron',
      status: 'CONFIRMED',
      createdAt: booking.createdAt,
    });
    expect(booked(await ask(app)).startsAt).toEqual(THURSDAY);
    expect(await app.database.root.booking.count()).toBe(2);
  });

  test('to a taken time leaves it where it was, with alternatives', async () => {
    await using app = await bookingApp();
    const booking = booked(await ask(app));
    booked(await ask(app, later(1)));
    const refusal = problem(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'PERSON' }));
    expect(refusal.code).toBe('SLOT_TAKEN');
    expect(starts(refusal.alternatives)).toContain('2026-09-03T15:00');
    expect(await app.database.root.booking.findUnique({ where: { id: booking.id } })).toEqual(booking);
    expect(app.told).toHaveLength(2);
  });

  test('to a time that overlaps its own is no collision', async () => {
    await using app = await bookingApp({ slotMinutes: 60 });
    const booking = booked(await ask(app, later(-0.5)));
    await updateBookingPolicy(app, { assistantId: app.assistantId, slotMinutes: 30 });
    expect(booked(await rescheduleBooking(app, { id: booking.id, startsAt: THURSDAY, movedBy: 'PERSON' })).startsAt).toEqual(THURSDAY);
  });

  test('two that change places at once end with one in each place, or each in its own', async () => {
    await using app = await bookingApp();
    const [one, two] = [booked(await ask(app)), booked(await ask(app, later(1)))];
    await Promise.all([
      rescheduleBooking(app, { id: one.id, startsAt: later(1), movedBy: 'PERSON' }),
      rescheduleBooking(app, { id: two.id, startsAt: THURSDAY, movedBy: 'PERSON' }),
    ]);
    const rows = await app.database.root.booking.findMany({ orderBy: { startsAt: 'asc' } });
    expect(rows.map((row) => [row.startsAt, row.status])).toEqual([
      [THURSDAY, 'CONFIRMED'],
      [later(1), 'CONFIRMED'],
    ]);
  });

  test('is refused for one that is canceled, and for one that is not there', async () => {
    await using app = await bookingApp();
    const booking = booked(await ask(app));
    booked(await cancelBooking(app, { id: booking.id }));
    expect(problem(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'PERSON' })).code).toBe('ILLEGAL_STATE');
    expect(problem(await rescheduleBooking(app, { id: newId(), startsAt: later(1), movedBy: 'PERSON' })).code).toBe('NOT_FOUND');
  });
});
