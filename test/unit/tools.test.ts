import { describe, expect, test } from 'vitest';
import { toolsFor } from '../../src/domain/calls/tools/tools.ts';
import { THURSDAY } from '../support/booking-app.ts';
import { desk } from '../support/desk.ts';

describe('check_availability', () => {
  test('tells the free times of a day, three of them to say', async () => {
    await using at = await desk();
    const { output, then } = await at.use('check_availability', { date: '2026-09-03' });
    expect(output).toMatchObject({ date: '2026-09-03', weekday: 'Thursday', say: 'On Thursday the 3rd, there is nine, half past twelve or half past four.' });
    expect(output.free).toHaveLength(16);
    expect(then).toBe('answer');
  });

  test('answers for the wished time', async () => {
    await using at = await desk();
    expect((await at.use('check_availability', { date: '2026-09-03', time: '14:30' })).output).toMatchObject({
      available: true,
      startsAt: '2026-09-03T14:30',
      say: 'Thursday the 3rd at half past two is free.',
    });
    await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' });
    expect((await at.use('check_availability', { date: '2026-09-03', time: '14:30' })).output).toMatchObject({
      available: false,
      alternatives: ['2026-09-03T13:30', '2026-09-03T14:00', '2026-09-03T15:00', '2026-09-03T15:30', '2026-09-10T14:30'],
      say: 'Thursday the 3rd at half past two is not free. Free: half past one, two or three.',
    });
  });

  test('looks further where the day is closed or full', async () => {
    await using at = await desk();
    expect((await at.use('check_availability', { date: '2026-09-04' })).output).toMatchObject({
      free: [],
      say: 'Friday the 4th is closed. Free: Thursday the 3rd at four or half past four, or Thursday the 10th at nine.',
    });
  });

  test.each([
    [{ date: '2026-08-27' }, 'PAST', 'That date has passed. Which day would you like?'],
    [{ date: 'next week' }, 'VAGUE', 'I did not get the date. Which day would you like?'],
    [{ date: 'Friday the third' }, 'WEEKDAY_MISMATCH', 'The 3rd is a Thursday. Which day do you mean?'],
    [{ date: 'Thursday', time: 'seven' }, 'AMBIGUOUS_HOUR', 'Seven in the morning or in the evening?'],
    [
      { date: '2026-11-01', time: 'half past one in the morning' },
      'DST_OVERLAP',
      'The clocks go back that night and that time comes twice. Do you mean the first or the second?',
    ],
    [{ date: '2026-09-03', time: 'at tea time' }, 'VAGUE', 'I did not get the time of day. Which time would suit you?'],
  ])('%o is answered with a question', async (given, error, say) => {
    await using at = await desk();
    expect((await at.use('check_availability', given)).output).toEqual({ error, say });
  });

  test('a wrong year is put right, and the weekday and date are said', async () => {
    await using at = await desk();
    expect((await at.use('check_availability', { date: '2024-09-03' })).output).toMatchObject({ date: '2026-09-03', weekday: 'Thursday' });
  });
});

test('a date and a time may come in the words of the caller, and are said back with weekday and date', async () => {
  await using at = await desk();
  expect((await at.use('check_availability', { date: 'this Thursday', time: 'half past two' })).output).toMatchObject({
    date: '2026-09-03',
    weekday: 'Thursday',
    startsAt: '2026-09-03T14:30',
    say: 'Thursday the 3rd at half past two is free.',
  });
  expect((await at.use('book_appointment', { startsAt: 'Thursday at half past two', customerName: 'Ada' })).output).toMatchObject({
    booked: true,
    startsAt: '2026-09-03T14:30',
    say: 'Thursday the 3rd at half past two is booked for Ada.',
  });
});

describe('book_appointment', () => {
  test('books, with the number that the caller calls from, and says when', async () => {
    await using at = await desk();
    const { output } = await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada Byron', details: 'a trim' });
    expect(output).toEqual({
      booked: true,
      startsAt: '2026-09-03T14:30',
      endsAt: '2026-09-03T15:00',
      customerName: 'Ada Byron',
      say: 'Thursday the 3rd at half past two is booked for Ada Byron.',
    });
    expect(await at.app.database.root.booking.findFirst()).toMatchObject({
      callId: at.callId,
      startsAt: THURSDAY,
      customerPhone: '+12025550142',
      details: 'a trim',
    });
  });

  test('a taken time is not booked, and free ones are offered', async () => {
    await using at = await desk();
    await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' }, { callId: await at.app.newCall() });
    expect((await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Bob' })).output).toEqual({
      booked: false,
      reason: 'SLOT_TAKEN',
      alternatives: ['2026-09-03T13:30', '2026-09-03T14:00', '2026-09-03T15:00', '2026-09-03T15:30', '2026-09-10T14:30'],
      say: 'Thursday the 3rd at half past two is already taken. Free: half past one, two or three.',
    });
  });

  test.each([
    ['2026-09-03', 'NO_TIME', 'At what time on Thursday the 3rd?'],
    ['Thursday at seven', 'AMBIGUOUS_HOUR', 'On Thursday the 3rd, seven in the morning or in the evening?'],
    ['Tuesday at three', 'WEEKDAY_IS_TODAY', 'Today, or Tuesday the 8th?'],
    ['whenever', 'VAGUE', 'I did not get the date and time. When would you like to come?'],
    ['2026-08-27T14:30', 'PAST', 'That time has passed. When would you like to come?'],
    [
      '2026-09-04T14:30',
      'OUTSIDE_HOURS',
      'Friday the 4th at half past two is outside the opening hours. Free: Thursday the 3rd at four or half past four, or Thursday the 10th at nine.',
    ],
  ])('%s books nothing and says why', async (startsAt, reason, say) => {
    await using at = await desk();
    expect((await at.use('book_appointment', { startsAt, customerName: 'Ada' })).output).toMatchObject({ booked: false, reason, say });
    expect(await at.app.database.root.booking.count()).toBe(0);
  });

  test('a number that cannot be one is asked for again', async () => {
    await using at = await desk();
    const { output } = await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada', customerPhone: '12' });
    expect(output).toMatchObject({ booked: false, reason: 'INVALID', field: 'customerPhone' });
  });

  test('asked again in the same call after a crash, it finds the booking that was made', async () => {
    await using at = await desk();
    const given = { startsAt: '2026-09-03T14:30', customerName: 'Ada' };
    const first = await at.use('book_appointment', given);
    expect(await at.use('book_appointment', given)).toEqual(first);
    expect(await at.app.database.root.booking.count()).toBe(1);
  });
});

describe('the tools of an assistant', () => {
  const closed = { hours: [], closedDates: [], specialHours: [] };
  const EVERYTHING = { transfers: true, outbound: true, otherLanguages: ['es'] };
  const open = { ...closed, hours: [{ day: 'MONDAY', opens: '09:00', closes: '17:00' }] };

  test('are those for appointments only where it takes any', () => {
    expect(toolsFor(open).map(({ name }) => name)).toEqual([
      'check_availability',
      'book_appointment',
      'reschedule_appointment',
      'cancel_appointment',
      'take_message',
      'end_call',
    ]);
    expect(toolsFor({ ...closed, specialHours: [{ date: '2026-12-24', opens: '09:00', closes: '12:00' }] })).toHaveLength(6);
    expect(toolsFor(closed).map(({ name }) => name)).toEqual(['take_message', 'end_call']);
  });

  test('are those for persons, keys and languages only where there is a use for them', () => {
    const setting = { transfers: false, outbound: false, otherLanguages: [] as string[] };
    const names = (more: Partial<typeof EVERYTHING>) => toolsFor(closed, { ...setting, ...more }).map(({ name }) => name);
    expect(names({ transfers: true })).toEqual(['take_message', 'transfer_to_human', 'end_call']);
    expect(names({ outbound: true })).toEqual(['take_message', 'send_dtmf', 'end_call']);
    expect(names({ otherLanguages: ['es'] })).toEqual(['take_message', 'switch_language', 'end_call']);
  });

  test('have parameters as JSON Schema, each with a description', () => {
    for (const { parameters, description } of toolsFor(open, EVERYTHING)) {
      expect(description.length).toBeGreaterThan(40);
      expect(parameters).toMatchObject({ type: 'object', additionalProperties: false });
      for (const field of Object.values(parameters.properties as Record<string, { description?: string }>)) expect(field.description).toBeTruthy();
    }
  });
});
