import { describe, expect, test } from 'vitest';
import { deleteAssistant } from '../../src/domain/assistants/delete-assistant.ts';
import { updateBookingPolicy } from '../../src/domain/assistants/update-assistant.ts';
import { bookingsBetween, slotsBetween } from '../../src/domain/bookings/bookings.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { newId } from '../../src/kit/ids.ts';
import { ask, booked, bookingApp, later, problem, starts, THURSDAY } from '../support/booking-app.ts';

describe('a hundred callers and one calendar', () => {
  test('fifty simultaneous callers on one free slot book it once, and the others are given alternatives', async () => {
    await using app = await bookingApp();
    const results = await Promise.all(Array.from({ length: 50 }, () => ask(app)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    for (const result of results.filter((each) => !each.ok)) {
      expect(problem(result).code).toBe('SLOT_TAKEN');
      expect(starts(problem(result).alternatives)).toEqual([
        '2026-09-03T13:30',
        '2026-09-03T14:00',
        '2026-09-03T15:00',
        '2026-09-03T15:30',
        '2026-09-10T14:30',
      ]);
    }
    expect(await app.database.root.booking.count()).toBe(1);
    expect(app.told).toHaveLength(1);
  });

  test('fifty simultaneous callers get exactly as many lanes as the policy has', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 5, maxConcurrentBookings: 3 });
    const results = await Promise.all(Array.from({ length: 50 }, () => ask(app)));
    expect(results.filter((result) => result.ok)).toHaveLength(3);
    expect(await app.database.root.booking.findMany({ select: { lane: true }, orderBy: { lane: 'asc' } })).toEqual([{ lane: 0 }, { lane: 1 }, { lane: 2 }]);
  });

  test('without limit everybody is booked', async () => {
    await using app = await bookingApp({ bookingMode: 'UNLIMITED' });
    const results = await Promise.all(Array.from({ length: 20 }, () => ask(app)));
    expect(results.every((result) => result.ok)).toBe(true);
  });

  test('appointments that only touch do not collide, and those that overlap by their pause do', async () => {
    await using app = await bookingApp({ bufferMinutes: 30 });
    const [first, second] = await Promise.all([ask(app, later(-0.5)), ask(app, later(0.5))]);
    expect([first.ok, second.ok]).toEqual([true, true]);
    await expect(app.database.root.booking.updateMany({ data: { blockedUntil: later(1) } })).rejects.toThrow();
  });

  test('a rush of bookings, moves and cancellations never puts two into one lane', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 2, maxConcurrentBookings: 2, bufferMinutes: 10, slotMinutes: 20 });
    let state = 7;
    const chance = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const [day] = await slotsBetween(app, {
      assistantId: app.assistantId,
      from: Temporal.PlainDate.from('2026-09-03'),
      to: Temporal.PlainDate.from('2026-09-03'),
    });
    const slots = day?.slots.slice(0, 5) ?? [];
    const anySlot = () => slots[chance(slots.length)]?.startsAt ?? THURSDAY;
    const ids: string[] = [];
    const one = async () => {
      const id = ids[chance(Math.max(1, ids.length))];
      const what = chance(4);
      if (what === 0 && id) return cancelBooking(app, { id });
      if (what === 1 && id) return rescheduleBooking(app, { id, startsAt: anySlot(), movedBy: 'ASSISTANT' });
      const result = await ask(app, anySlot());
      if (result.ok) ids.push(result.value.id);
      return result;
    };
    const codes = new Set<string>();
    for (let round = 0; round < 15; round++) {
      for (const result of await Promise.all(Array.from({ length: 20 }, one))) if (!result.ok) codes.add(problem(result).code);
      expect(await app.mostAtOnce()).toBeLessThanOrEqual(2);
    }
    expect([...codes].toSorted()).toEqual(['ILLEGAL_STATE', 'SLOT_TAKEN']);
  });
});

describe('a booking', () => {
  test('keeps who, when and for what, is linked to its call, and is told once', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const booking = booked(
      await ask(app, THURSDAY, {
        callId,
        customerName: '  Ada\n Byron ',
        customerPhone: '(202) 555-0142',
        customerEmail: ' Ada@Example.com',
        details: 'a trim ',
      }),
    );
    expect(booking).toMatchObject({
      callId,
      customerName: 'Ada Byron',
      customerPhone: '+12025550142',
      customerEmail: 'ada@example.com',
      details: 'a trim',
      status: 'CONFIRMED',
      startsAt: THURSDAY,
      endsAt: later(0.5),
      blockedUntil: later(0.5),
      timeZone: 'America/Chicago',
      lane: 0,
    });
    expect(app.told).toEqual([{ type: 'BookingChanged', workspaceId: app.workspaceId, assistantId: app.assistantId, bookingId: booking.id }]);
  });

  test('is the same when the same call asks again, also twenty times at once', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 9, maxConcurrentBookings: 9 });
    const callId = await app.newCall();
    const results = await Promise.all(Array.from({ length: 20 }, () => ask(app, THURSDAY, { callId })));
    expect(new Set(results.map((result) => booked(result).id)).size).toBe(1);
    expect(app.told).toHaveLength(1);
    const other = booked(await ask(app, THURSDAY, { callId: await app.newCall() }));
    expect(await app.mostAtOnce()).toBe(2);
    expect(results.map((result) => booked(result).lane)).not.toContain(other.lane);
  });

  test('that was canceled can be made again in the same call', async () => {
    await using app = await bookingApp();
    const callId = await app.newCall();
    const first = booked(await ask(app, THURSDAY, { callId }));
    booked(await cancelBooking(app, { id: first.id }));
    expect(booked(await ask(app, THURSDAY, { callId })).id).not.toBe(first.id);
  });

  test.each([
    ['outside the opening hours', new Date('2026-09-04T19:30:00Z'), 'OUTSIDE_HOURS', 'Friday the 4th at half past two is outside the opening hours.'],
    ['between slots', new Date('2026-09-03T19:40:00Z'), 'INVALID', 'No appointment begins on Thursday the 3rd at twenty to three.'],
    ['too soon', new Date('2026-09-01T14:30:00Z'), 'INVALID', 'Tuesday the 1st at half past nine is too soon: appointments need at least 1 hour of notice.'],
    ['in the past', new Date('2026-08-27T19:30:00Z'), 'INVALID', 'Thursday the 27th of August at half past two has passed.'],
    [
      'too far away',
      new Date('2027-01-07T20:30:00Z'),
      'INVALID',
      'Thursday the 7th of January at half past two is too far away: appointments can be made up to 60 days ahead.',
    ],
  ])('%s is refused, with a sentence that says why', async (_name, startsAt, code, message) => {
    await using app = await bookingApp();
    expect(problem(await ask(app, startsAt))).toMatchObject({ code, message, path: ['input', 'startsAt'] });
  });

  test('outside the hours comes with times that are free', async () => {
    await using app = await bookingApp();
    expect(starts(problem(await ask(app, new Date('2026-09-04T19:30:00Z'))).alternatives)).toEqual([
      '2026-09-03T16:00',
      '2026-09-03T16:30',
      '2026-09-10T09:00',
      '2026-09-10T09:30',
    ]);
  });

  test.each([
    [{ customerName: ' ' }, 'customerName', 'A booking needs the name of the customer.'],
    [{ customerName: 'x'.repeat(121) }, 'customerName', 'The name of the customer has at most 120 characters.'],
    [{ customerPhone: '12' }, 'customerPhone', 'The telephone number cannot be one; write it like +1 202 555 0142.'],
    [{ customerEmail: 'ada at home' }, 'customerEmail', 'The e-mail address cannot be one.'],
    [{ details: 'x'.repeat(2_001) }, 'details', 'The details have at most 2000 characters.'],
  ])('%o is refused with its path', async (more, field, message) => {
    await using app = await bookingApp();
    expect(problem(await ask(app, THURSDAY, more))).toEqual({ code: 'INVALID', message, path: ['input', field] });
  });

  test('is not made with an assistant that is deleted, or that is of another workspace', async () => {
    await using app = await bookingApp();
    expect(problem(await ask(app, THURSDAY, { assistantId: newId() })).code).toBe('NOT_FOUND');
    await deleteAssistant(app, { id: app.assistantId });
    expect(problem(await ask(app)).code).toBe('NOT_FOUND');
  });
});

describe('capacity', () => {
  test('a person may overbook where the policy allows it, the assistant on the phone never', async () => {
    await using app = await bookingApp({ allowOverbooking: true });
    booked(await ask(app));
    expect(booked(await ask(app, THURSDAY, { bookedBy: 'PERSON' })).lane).toBeNull();
    expect(problem(await ask(app)).code).toBe('SLOT_TAKEN');
  });

  test('bookings of a larger capacity count when it has shrunk', async () => {
    await using app = await bookingApp({ bookingMode: 'FLEXIBLE', employeeCount: 3, maxConcurrentBookings: 3 });
    const [zero] = [booked(await ask(app)), booked(await ask(app)), booked(await ask(app))];
    await updateBookingPolicy(app, { assistantId: app.assistantId, maxConcurrentBookings: 2 });
    booked(await cancelBooking(app, { id: zero.id }));
    expect(problem(await ask(app)).code).toBe('SLOT_TAKEN');
    await updateBookingPolicy(app, { assistantId: app.assistantId, maxConcurrentBookings: 3 });
    expect(booked(await ask(app)).lane).toBe(0);
  });

  test('bookings without a lane count when a limit comes', async () => {
    await using app = await bookingApp({ bookingMode: 'UNLIMITED' });
    booked(await ask(app));
    await updateBookingPolicy(app, { assistantId: app.assistantId, mode: 'STRICT' });
    expect(problem(await ask(app)).code).toBe('SLOT_TAKEN');
  });
});

test('canceling twice changes nothing the second time', async () => {
  await using app = await bookingApp();
  const booking = booked(await ask(app));
  const first = booked(await cancelBooking(app, { id: booking.id }));
  app.clock.advance(1_000);
  expect(booked(await cancelBooking(app, { id: booking.id }))).toEqual(first);
  expect(app.told).toHaveLength(2);
  expect(problem(await cancelBooking(app, { id: newId() })).code).toBe('NOT_FOUND');
});

test('lists of bookings and slots go by the days of the zone, and ask for no more than a quarter', async () => {
  await using app = await bookingApp();
  const booking = booked(await ask(app));
  const day = (text: string) => Temporal.PlainDate.from(text);
  const list = (from: string, to: string) => bookingsBetween(app, { from: day(from), to: day(to), timeZone: 'America/Chicago' });
  expect((await list('2026-09-03', '2026-09-03')).map(({ id }) => id)).toEqual([booking.id]);
  expect(await list('2026-09-04', '2026-09-04')).toEqual([]);
  await expect(list('2026-09-04', '2026-09-03')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(slotsBetween(app, { assistantId: app.assistantId, from: day('2026-01-01'), to: day('2026-12-31') })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  const [slots] = await slotsBetween(app, { assistantId: app.assistantId, from: day('2026-09-03'), to: day('2026-09-03') });
  expect(slots?.slots.filter((slot) => slot.isBooked).map((slot) => slot.startsAt)).toEqual([THURSDAY]);
});
