import { describe, expect, test } from 'vitest';
import { updateBookingPolicy } from '../../src/domain/assistants/update-assistant.ts';
import { bookingsBetween, slotsBetween } from '../../src/domain/bookings/bookings.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { HOLD_MS } from '../../src/domain/bookings/held-time.ts';
import { holdSlot } from '../../src/domain/bookings/hold-slot.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { advanceCall } from '../../src/domain/calls/advance-call.ts';
import { ask, type BookingApp, booked, bookingApp, later, problem, starts, THURSDAY } from '../support/booking-app.ts';

const hold = (app: BookingApp, callId: string, startsAt = THURSDAY) => holdSlot(app, { assistantId: app.assistantId, callId, startsAt });
const rows = (app: BookingApp) => app.database.root.booking.findMany({ where: { status: { not: 'CANCELED' } }, orderBy: { startsAt: 'asc' } });

async function fullSlots(app: BookingApp): Promise<string[]> {
  const day = Temporal.PlainDate.from('2026-09-03');
  const [slots] = await slotsBetween(app, { assistantId: app.assistantId, from: day, to: day });
  return starts(slots?.slots.filter((slot) => slot.isBooked));
}

describe('a time that was spoken aloud', () => {
  test('is kept for the call for ninety seconds, full to everybody else, and free to them one instant later', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const held = booked(await hold(app, callId));
    expect(held).toMatchObject({ status: 'HELD', callId, lane: 0, heldUntil: new Date(app.clock.now().getTime() + 90_000) });
    expect(await fullSlots(app)).toEqual(['2026-09-03T14:30']);

    app.clock.advance(HOLD_MS - 1);
    expect(problem(await ask(app, THURSDAY, { bookedBy: 'PERSON' })).code).toBe('SLOT_TAKEN');
    expect(problem(await hold(app, await app.newCall())).code).toBe('SLOT_TAKEN');

    app.clock.advance(1);
    expect(await fullSlots(app)).toEqual([]);
    const other = booked(await ask(app, THURSDAY, { bookedBy: 'PERSON' }));
    expect(await rows(app)).toMatchObject([{ id: other.id, status: 'CONFIRMED' }]);
  });

  test('becomes the booking of the call that holds it: the same row, told once', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const held = booked(await hold(app, callId));
    expect(app.told).toEqual([]);
    app.clock.advance(30_000);
    const booking = booked(await ask(app, THURSDAY, { callId }));
    expect(booking).toMatchObject({ id: held.id, status: 'CONFIRMED', heldUntil: null, customerName: 'Ada Byron', createdAt: app.clock.now() });
    expect(app.told).toEqual([{ type: 'BookingChanged', workspaceId: app.workspaceId, assistantId: app.assistantId, bookingId: booking.id }]);
    expect(await app.database.root.booking.count()).toBe(1);
  });

  test('can still be booked after the ninety seconds, as long as nobody else has taken it', async () => {
    await using app = await bookingApp();
    const [slow, quick] = [await app.newCall(), await app.newCall()];
    booked(await hold(app, slow));
    booked(await hold(app, quick, later(1)));
    app.clock.advance(HOLD_MS * 3);
    booked(await ask(app, THURSDAY, { callId: slow }));
    booked(await ask(app, later(1)));
    const refusal = problem(await ask(app, later(1), { callId: quick }));
    expect(refusal.code).toBe('SLOT_TAKEN');
    expect(starts(refusal.alternatives)).toEqual(['2026-09-03T14:00', '2026-09-03T15:00', '2026-09-03T16:00', '2026-09-03T16:30', '2026-09-10T15:30']);
  });

  test('stays as it is when it is spoken again, for another ninety seconds', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const first = booked(await hold(app, callId));
    app.clock.advance(60_000);
    expect(booked(await hold(app, callId))).toMatchObject({ id: first.id, heldUntil: new Date(app.clock.now().getTime() + HOLD_MS) });
    app.clock.advance(60_000);
    expect(problem(await ask(app)).code).toBe('SLOT_TAKEN');
  });

  test('gives way to the next that the call picks, and is kept when that one is not to be had', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    booked(await ask(app, later(1)));
    booked(await hold(app, callId));
    expect(problem(await hold(app, callId, later(1))).code).toBe('SLOT_TAKEN');
    expect(await fullSlots(app)).toEqual(['2026-09-03T14:30', '2026-09-03T15:30']);
    booked(await hold(app, callId, later(2)));
    expect(await fullSlots(app)).toEqual(['2026-09-03T15:30', '2026-09-03T16:30']);
  });

  test('that was offered in time may be booked although the notice has run out meanwhile', async () => {
    await using app = await bookingApp({ hours: [{ day: 'TUESDAY', opens: '09:00', closes: '17:00' }], minimumNoticeMinutes: 60 });
    const [callId, inOneHour] = [await app.newCall(), new Date(app.clock.now().getTime() + 3_600_000)];
    booked(await hold(app, callId, inOneHour));
    app.clock.advance(60_000);
    expect(problem(await ask(app, inOneHour, { callId: await app.newCall() })).code).toBe('INVALID');
    expect(booked(await ask(app, inOneHour, { callId })).status).toBe('CONFIRMED');
  });

  test('held again and again is no way around the notice', async () => {
    await using app = await bookingApp({ hours: [{ day: 'TUESDAY', opens: '09:00', closes: '17:00' }], minimumNoticeMinutes: 60 });
    const [callId, inOneHour] = [await app.newCall(), new Date(app.clock.now().getTime() + 3_600_000)];
    booked(await hold(app, callId, inOneHour));
    app.clock.advance(80_000);
    booked(await hold(app, callId, inOneHour));
    app.clock.advance(80_000);
    expect(problem(await hold(app, callId, inOneHour)).code).toBe('INVALID');
  });

  test('takes one lane of several, and twenty calls hold as many as there are', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 3, maxConcurrentBookings: 3 });
    const calls = await Promise.all(Array.from({ length: 20 }, () => app.newCall()));
    const held = await Promise.all(calls.map((callId) => hold(app, callId)));
    expect(held.filter((result) => result.ok)).toHaveLength(3);
    for (const result of held.filter((each) => !each.ok)) expect(problem(result).alternatives?.length).toBeGreaterThan(0);
    expect(new Set((await rows(app)).map(({ lane }) => lane))).toEqual(new Set([0, 1, 2]));
  });

  test('asked for twenty times at once by one call is one hold', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 9, maxConcurrentBookings: 9 });
    const callId = await app.newCall();
    const held = await Promise.all(Array.from({ length: 20 }, () => hold(app, callId)));
    expect(new Set(held.map((result) => booked(result).id)).size).toBe(1);
    expect(await rows(app)).toHaveLength(1);
  });

  test('that has expired goes to exactly one of those who want it, or stays with the call that confirms it', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    booked(await hold(app, callId));
    app.clock.advance(HOLD_MS);
    const results = await Promise.all([ask(app, THURSDAY, { callId }), ...Array.from({ length: 20 }, () => ask(app))]);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await rows(app)).toMatchObject([{ status: 'CONFIRMED' }]);
  });

  test('of a policy that has shrunk or of appointments that have grown longer is claimed anew', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 2, maxConcurrentBookings: 2 });
    const [first, second] = [await app.newCall(), await app.newCall()];
    booked(await hold(app, first));
    expect(booked(await hold(app, second)).lane).toBe(1);
    await updateBookingPolicy(app, { assistantId: app.assistantId, mode: 'STRICT' });
    expect(problem(await ask(app, THURSDAY, { callId: second })).code).toBe('SLOT_TAKEN');
    await updateBookingPolicy(app, { assistantId: app.assistantId, slotMinutes: 15 });
    expect(booked(await ask(app, THURSDAY, { callId: first }))).toMatchObject({ lane: 0, endsAt: later(0.25) });
    expect(await rows(app)).toHaveLength(1);
  });
});

describe('a hold is no booking', () => {
  test('lists do not show it, and it is neither canceled nor moved', async () => {
    await using app = await bookingApp();
    const held = booked(await hold(app, await app.newCall()));
    const day = Temporal.PlainDate.from('2026-09-03');
    expect(await bookingsBetween(app, { from: day, to: day, timeZone: 'America/Chicago' })).toEqual([]);
    expect(problem(await cancelBooking(app, { id: held.id })).code).toBe('NOT_FOUND');
    expect(problem(await rescheduleBooking(app, { id: held.id, startsAt: later(1), movedBy: 'PERSON' })).code).toBe('NOT_FOUND');
    expect(app.told).toEqual([]);
    expect(app.changedDays).toEqual([['2026-09-03']]);
  });

  test('the end of the call lets go of it, and of no other', async () => {
    await using app = await bookingApp();
    const [callId, other] = [await app.newCall(), await app.newCall()];
    booked(await hold(app, callId));
    booked(await hold(app, other, later(1)));
    booked(await ask(app, later(2), { callId }));
    await advanceCall(app, { callId, event: 'carrier-completed' });
    expect(await fullSlots(app)).toEqual(['2026-09-03T15:30', '2026-09-03T16:30']);
    expect(app.changedDays.at(-1)).toEqual(['2026-09-03']);
  });
});

describe('moving a booking to a time that the call holds', () => {
  test('takes the hold over', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const booking = booked(await ask(app));
    booked(await hold(app, callId, later(1)));
    expect(problem(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'ASSISTANT' })).code).toBe('SLOT_TAKEN');
    const moved = booked(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'ASSISTANT', callId }));
    expect(moved).toMatchObject({ id: booking.id, startsAt: later(1), status: 'CONFIRMED', heldUntil: null });
    expect(await rows(app)).toHaveLength(1);
  });

  test('that cannot be moved keeps the hold', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const booking = booked(await ask(app));
    booked(await ask(app, later(1)));
    booked(await hold(app, callId, later(2)));
    expect(problem(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'ASSISTANT', callId })).code).toBe('SLOT_TAKEN');
    expect((await rows(app)).map(({ status }) => status)).toEqual(['CONFIRMED', 'CONFIRMED', 'HELD']);
  });
});
