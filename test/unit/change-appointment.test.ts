import { describe, expect, test } from 'vitest';
import type { BookSlotInput } from '../../src/domain/bookings/book.ts';
import { ask, booked, later, THURSDAY } from '../support/booking-app.ts';
import { type Desk, desk } from '../support/desk.ts';

/** A booking that was made in another call; from the caller's own number, unless told otherwise. */
const standing = async (at: Desk, startsAt = THURSDAY, more: Partial<BookSlotInput> = {}) =>
  booked(await ask(at.app, startsAt, { customerPhone: '+12025550142', ...more }));
const find = (at: Desk, id: string) => at.app.database.root.booking.findUniqueOrThrow({ where: { id } });

describe('check_availability and book_appointment', () => {
  test('a wished time that is free is held, and booked with the name', async () => {
    await using at = await desk();
    const { output } = await at.use('check_availability', { date: '2026-09-03', time: '14:30' });
    expect(output).toMatchObject({ available: true, held: true, startsAt: '2026-09-03T14:30', say: 'Thursday the 3rd at half past two is free.' });
    const other = { callId: await at.app.newCall() };
    expect((await at.use('check_availability', { date: '2026-09-03', time: '14:30' }, other)).output).toMatchObject({ available: false });
    // Asked again, what the caller holds is still free to them.
    expect((await at.use('check_availability', { date: '2026-09-03', time: '14:30' })).output).toMatchObject({ available: true });
    expect((await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' })).output).toMatchObject({ booked: true });
    expect(await at.app.database.root.booking.count()).toBe(1);
  });

  test('three to choose from are not held; the one that is picked is, without a name yet', async () => {
    await using at = await desk();
    await at.use('check_availability', { date: '2026-09-03' });
    expect(await at.app.database.root.booking.count()).toBe(0);
    expect((await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: ' ' })).output).toEqual({
      booked: false,
      held: true,
      startsAt: '2026-09-03T14:30',
      say: 'Thursday the 3rd at half past two is free, and I am keeping it for you. What name is it for?',
    });
    const { output } = await at.use('book_appointment', { startsAt: '2026-09-03T14:30' }, { callId: await at.app.newCall() });
    expect(output).toMatchObject({ booked: false, held: false, reason: 'SLOT_TAKEN', say: expect.stringContaining('is already taken. Free:') });
    expect((await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' })).output).toMatchObject({ booked: true });
  });

  test('the only free time of a day is held', async () => {
    await using at = await desk({ hours: [{ day: 'THURSDAY', opens: '09:00', closes: '09:30' }] });
    expect((await at.use('check_availability', { date: '2026-09-03' })).output).toMatchObject({ say: 'On Thursday the 3rd, there is nine.' });
    expect(await at.app.database.root.booking.findMany()).toMatchObject([{ status: 'HELD', callId: at.callId }]);
  });

  test('a time that is taken while the caller hesitates is refused in their words, with what is free near it', async () => {
    await using at = await desk();
    await at.use('check_availability', { date: '2026-09-03', time: '14:30' });
    at.app.clock.advance(120_000);
    await standing(at);
    expect((await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' })).output).toMatchObject({
      booked: false,
      reason: 'SLOT_TAKEN',
      say: 'Thursday the 3rd at half past two is already taken. Free: half past one, two or three.',
    });
  });
});

describe('reschedule_appointment', () => {
  test('moves the appointment of who calls from its number, to the time that was held', async () => {
    await using at = await desk();
    const booking = await standing(at);
    await at.use('check_availability', { date: '2026-09-03', time: '16:00' });
    expect((await at.use('reschedule_appointment', { newStartsAt: '2026-09-03T16:00' })).output).toEqual({
      moved: true,
      from: '2026-09-03T14:30',
      startsAt: '2026-09-03T16:00',
      endsAt: '2026-09-03T16:30',
      customerName: 'Ada Byron',
      say: 'The appointment of Ada Byron is now on Thursday the 3rd at four.',
    });
    expect(await find(at, booking.id)).toMatchObject({ startsAt: later(1.5), status: 'CONFIRMED' });
    expect(await at.app.database.root.booking.count()).toBe(1);
  });

  test('to a taken time leaves it where it is, with alternatives', async () => {
    await using at = await desk();
    const booking = await standing(at);
    await standing(at, later(1), { customerPhone: null });
    expect((await at.use('reschedule_appointment', { newStartsAt: '2026-09-03T15:30' })).output).toMatchObject({
      moved: false,
      reason: 'SLOT_TAKEN',
      alternatives: expect.arrayContaining(['2026-09-03T15:00', '2026-09-03T16:00']),
      say: 'Thursday the 3rd at half past three is already taken. Free: three, four or half past four.',
    });
    expect(await find(at, booking.id)).toEqual(booking);
  });

  test('asked again after it was cut off, finds it where it was to be', async () => {
    await using at = await desk();
    await standing(at, THURSDAY, { customerPhone: null });
    const given = { newStartsAt: '2026-09-03T16:00', currentStartsAt: '2026-09-03T14:30', customerName: 'Ada Byron' };
    expect((await at.use('reschedule_appointment', given)).output.moved).toBe(true);
    expect((await at.use('reschedule_appointment', given)).output).toMatchObject({ moved: true, startsAt: '2026-09-03T16:00' });
  });

  test.each([
    [{ newStartsAt: '2026-09-03' }, 'At what time on Thursday the 3rd?'],
    [{ newStartsAt: '2026-09-03T16:00', currentStartsAt: 'the other day' }, 'I did not get when the appointment is. Which day and time was it?'],
  ])('%o is answered with a question', async (given, say) => {
    await using at = await desk();
    await standing(at);
    expect((await at.use('reschedule_appointment', given)).output).toMatchObject({ moved: false, say });
  });
});

describe('cancel_appointment', () => {
  test('cancels the appointment of who calls from its number, once', async () => {
    await using at = await desk();
    const booking = await standing(at);
    const answer = {
      canceled: true,
      startsAt: '2026-09-03T14:30',
      say: 'The appointment of Ada Byron on Thursday the 3rd at half past two is canceled.',
    };
    expect((await at.use('cancel_appointment', {})).output).toEqual(answer);
    expect((await find(at, booking.id)).status).toBe('CANCELED');
    expect((await at.use('cancel_appointment', {})).output).toEqual(answer);
    expect(at.app.told).toHaveLength(2);
  });

  test('asks which one where there are two, and names only theirs', async () => {
    await using at = await desk();
    await standing(at);
    await standing(at, later(1));
    await standing(at, later(2), { customerPhone: '+12025550199', customerName: 'Bob Stone' });
    expect((await at.use('cancel_appointment', {})).output).toEqual({
      canceled: false,
      reason: 'SEVERAL',
      appointments: [
        { startsAt: '2026-09-03T14:30', customerName: 'Ada Byron' },
        { startsAt: '2026-09-03T15:30', customerName: 'Ada Byron' },
      ],
      say: 'There is Thursday the 3rd at half past two and Thursday the 3rd at half past three. Which one do you mean?',
    });
    expect((await at.use('cancel_appointment', { startsAt: '2026-09-03T15:30' })).output).toMatchObject({ canceled: true, startsAt: '2026-09-03T15:30' });
  });

  test('from another number needs the name and the time, and says nothing of what there is', async () => {
    await using at = await desk();
    const booking = await standing(at, THURSDAY, { customerPhone: '+12025550199' });
    const refused = async (given: object) => (await at.use('cancel_appointment', given)).output;
    expect(await refused({})).toMatchObject({
      canceled: false,
      reason: 'WHO_AND_WHEN',
      say: 'Which day and time is the appointment, and what name is it under?',
    });
    expect(await refused({ customerName: 'Ada Byron' })).toMatchObject({ canceled: false, reason: 'WHO_AND_WHEN' });
    const wrongName = await refused({ customerName: 'Eve Moss', startsAt: '2026-09-03T14:30' });
    expect(wrongName).toMatchObject({ canceled: false, reason: 'NOT_FOUND' });
    expect(await refused({ customerName: 'Ada Byron', startsAt: '2026-09-03T15:00' })).toEqual(wrongName);
    expect(await find(at, booking.id)).toEqual(booking);
    expect(await refused({ customerName: 'Ada Byron', startsAt: '2026-09-03T14:30' })).toMatchObject({ canceled: true });
  });

  test('touches nothing that has begun, and nothing of another assistant', async () => {
    await using at = await desk();
    const booking = await standing(at);
    at.app.clock.advance(THURSDAY.getTime() - at.app.clock.now().getTime());
    expect((await at.use('cancel_appointment', {})).output).toMatchObject({ canceled: false });
    expect(await find(at, booking.id)).toEqual(booking);
  });
});

describe('busy times of the linked calendar', () => {
  /** A calendar that was heard of so long ago. */
  const link = async (at: Desk, minutesAgo: number, startsAt: Date, endsAt: Date) => {
    const { workspaceId, clock, database } = at.app;
    const now = clock.now();
    const words = { provider: 'GOOGLE', accountId: '1000', email: 'mara@example.com', calendarId: 'primary', refreshToken: '', accessToken: '' };
    const times = { accessTokenExpiresAt: now, nextSyncAt: now, createdAt: now, busyKnownAt: new Date(now.getTime() - minutesAgo * 60_000) };
    const { id } = await database.root.calendarLink.create({ data: { id: 'link', workspaceId, ...words, ...times } });
    await database.root.calendarBusy.create({ data: { workspaceId, linkId: id, key: 'a meeting', source: 'EVENT', startsAt, endsAt } });
  };

  test('are neither offered nor booked, whatever the capacity, for an hour after the last word of it', async () => {
    await using at = await desk({ bookingMode: 'UNLIMITED' });
    await link(at, 59, later(-0.25), later(0.25));
    expect((await at.use('check_availability', { date: '2026-09-03', time: '14:30' })).output).toMatchObject({ available: false });
    const { output } = await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' });
    expect(output).toMatchObject({ booked: false, reason: 'SLOT_TAKEN', alternatives: expect.not.arrayContaining(['2026-09-03T14:00']) });
    const moved = booked(await ask(at.app, later(1), { customerPhone: '+12025550142' }));
    expect((await at.use('reschedule_appointment', { newStartsAt: '2026-09-03T14:00' })).output).toMatchObject({ moved: false, reason: 'SLOT_TAKEN' });
    expect(await find(at, moved.id)).toEqual(moved);
  });

  test('give way to a person where the policy lets people overbook', async () => {
    await using at = await desk({ allowOverbooking: true });
    await link(at, 1, THURSDAY, later(0.5));
    expect((await ask(at.app, THURSDAY)).ok).toBe(false);
    expect(booked(await ask(at.app, THURSDAY, { bookedBy: 'PERSON' })).lane).toBeNull();
  });
});
