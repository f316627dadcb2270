import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OpeningHours, WEEKDAYS } from '../../src/domain/assistants/opening-hours.ts';
import { alternativeSlots } from '../../src/domain/bookings/alternatives.ts';
import { localStart, localTimeOf } from '../../src/domain/bookings/choices.ts';
import { daySlots, freeLanes, type SlotRules, slotAt, type TakenTime } from '../../src/domain/bookings/slots.ts';

const rules: SlotRules = {
  timeZone: 'America/Chicago',
  hours: WEEKDAYS.slice(0, 5).map((day) => ({ day, opens: '09:00', closes: '12:00' })),
  closedDates: [],
  specialHours: [],
  slotMinutes: 30,
  bufferMinutes: 0,
  minimumNoticeMinutes: 0,
  maximumDaysAhead: 60,
  capacity: 1,
};

const taken = (from: string, to: string, lane: number | null = 0): TakenTime => ({ startsAt: new Date(from), blockedUntil: new Date(to), lane });
const times = (made: SlotRules, date: string, booked: readonly TakenTime[], now: string) =>
  daySlots(made, Temporal.PlainDate.from(date), booked, new Date(now)).slots.map(
    (slot) => `${localTimeOf(slot.startsAt, slot.timeZone)}${slot.isBooked ? ' full' : ''}`,
  );

describe('the slots of a day', () => {
  const morning = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'];

  test('follow each other through the opening hours', () => {
    expect(times(rules, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual(morning);
  });

  test('leave the pause between appointments, which may reach past closing', () => {
    expect(times({ ...rules, slotMinutes: 45, bufferMinutes: 15 }, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual(['09:00', '10:00', '11:00']);
    expect(times({ ...rules, slotMinutes: 60, bufferMinutes: 60 }, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual(['09:00', '11:00']);
  });

  test('none ends after closing, and breaks are kept', () => {
    const hours: OpeningHours[] = [
      { day: 'THURSDAY', opens: '13:00', closes: '14:00' },
      { day: 'THURSDAY', opens: '09:00', closes: '10:15' },
    ];
    expect(times({ ...rules, hours }, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual(['09:00', '09:30', '13:00', '13:30']);
  });

  test('a closed date has none, special hours stand in place of the week, and closed wins', () => {
    const closed = { ...rules, closedDates: ['2026-09-03'] };
    expect(times(closed, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual([]);
    expect(times(closed, '2026-09-10', [], '2026-09-01T12:00:00Z')).toEqual(morning);
    const special = {
      ...rules,
      specialHours: [
        { date: '2026-09-05', opens: '15:00', closes: '16:00' },
        { date: '2026-09-03', opens: '13:00', closes: '14:00' },
        { date: '2026-09-03', opens: '08:00', closes: '09:00' },
      ],
    };
    expect(times(special, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual(['08:00', '08:30', '13:00', '13:30']);
    expect(times(special, '2026-09-05', [], '2026-09-01T12:00:00Z')).toEqual(['15:00', '15:30']);
    expect(times(special, '2026-09-12', [], '2026-09-01T12:00:00Z')).toEqual([]);
    expect(times({ ...special, closedDates: ['2026-09-03'] }, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual([]);
  });

  test('a time that is busy in the calendar is full, whatever the capacity', () => {
    const busy = [{ ...taken('2026-09-03T14:45:00Z', '2026-09-03T15:30:00Z'), lane: 'every' as const }];
    const full = ['09:00', '09:30 full', '10:00 full', '10:30', '11:00', '11:30'];
    for (const capacity of [1, 5, null]) expect(times({ ...rules, capacity }, '2026-09-03', busy, '2026-09-01T12:00:00Z')).toEqual(full);
  });

  test('in a new time zone follow its clock, and are full where bookings of the old one stand', () => {
    // Nine and half past nine in Chicago are 19:45 and 20:15 in Kathmandu: neither is on the grid of the new hours.
    const booked = [taken('2026-09-03T14:00:00Z', '2026-09-03T14:30:00Z'), taken('2026-09-03T14:30:00Z', '2026-09-03T15:00:00Z')];
    const moved = { ...rules, timeZone: 'Asia/Kathmandu', hours: [{ day: 'THURSDAY' as const, opens: '19:00', closes: '22:00' }] };
    expect(times(moved, '2026-09-03', booked, '2026-09-01T12:00:00Z')).toEqual(['19:00', '19:30 full', '20:00 full', '20:30 full', '21:00', '21:30']);
  });

  test('those that have begun or are too soon are left out', () => {
    expect(times(rules, '2026-09-03', [], '2026-09-03T15:00:00Z')).toEqual(['10:30', '11:00', '11:30']);
    expect(times({ ...rules, minimumNoticeMinutes: 60 }, '2026-09-03', [], '2026-09-03T15:00:00Z')).toEqual(['11:00', '11:30']);
  });

  test('a closed day, a past day and a day too far ahead have none', () => {
    expect(times(rules, '2026-09-05', [], '2026-09-01T12:00:00Z')).toEqual([]);
    expect(times(rules, '2026-08-31', [], '2026-09-01T12:00:00Z')).toEqual([]);
    expect(times({ ...rules, maximumDaysAhead: 2 }, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual(morning);
    expect(times({ ...rules, maximumDaysAhead: 1 }, '2026-09-03', [], '2026-09-01T12:00:00Z')).toEqual([]);
  });

  test('a booking fills every slot that it touches, its pause included', () => {
    const booked = [taken('2026-09-03T14:15:00Z', '2026-09-03T15:10:00Z')];
    expect(times(rules, '2026-09-03', booked, '2026-09-01T12:00:00Z')).toEqual(['09:00 full', '09:30 full', '10:00 full', '10:30', '11:00', '11:30']);
  });

  test('tell how many more fit', () => {
    const booked = [taken('2026-09-03T14:00:00Z', '2026-09-03T14:30:00Z', 0), taken('2026-09-03T14:00:00Z', '2026-09-03T14:30:00Z', 1)];
    const slots = (capacity: number | null) =>
      daySlots({ ...rules, capacity }, Temporal.PlainDate.from('2026-09-03'), booked, new Date('2026-09-01T12:00:00Z')).slots;
    expect(slots(3)[0]).toMatchObject({ remaining: 1, isBooked: false });
    expect(slots(2)[0]).toMatchObject({ remaining: 0, isBooked: true });
    expect(slots(null)[0]).toMatchObject({ remaining: null, isBooked: false });
  });

  test('skip the hour that the clocks skip and use the one that comes twice', () => {
    const hours: OpeningHours[] = [{ day: 'SUNDAY', opens: '00:00', closes: '04:00' }];
    const night = { ...rules, timeZone: 'America/New_York', hours, slotMinutes: 60 };
    expect(times(night, '2026-03-08', [], '2026-03-01T12:00:00Z')).toEqual(['00:00', '01:00', '03:00']);
    expect(times(night, '2026-11-01', [], '2026-10-20T12:00:00Z')).toEqual(['00:00', '01:00', '01:00', '02:00', '03:00']);
    const twice = daySlots(night, Temporal.PlainDate.from('2026-11-01'), [], new Date('2026-10-20T12:00:00Z')).slots.slice(1, 3);
    expect(twice.map((slot) => localStart(slot.startsAt, slot.timeZone))).toEqual(['2026-11-01T01:00-04:00', '2026-11-01T01:00-05:00']);
  });
});

describe('whether an appointment may begin', () => {
  test.each([
    ['at a slot', '2026-09-03T14:30:00Z', null],
    ['between slots', '2026-09-03T14:40:00Z', 'BETWEEN_SLOTS'],
    ['so late that it would end after closing', '2026-09-03T16:45:00Z', 'CLOSED'],
    ['on a closed day', '2026-09-05T14:30:00Z', 'CLOSED'],
    ['in the past', '2026-08-31T14:30:00Z', 'PAST'],
    ['at this very moment', '2026-09-01T14:00:00Z', 'PAST'],
    ['sooner than the notice', '2026-09-01T14:30:00Z', 'NOTICE'],
    ['later than the last day', '2026-11-03T15:30:00Z', 'TOO_FAR'],
  ])('%s', (_name, startsAt, refused) => {
    const found = slotAt({ ...rules, minimumNoticeMinutes: 60 }, new Date(startsAt), new Date('2026-09-01T14:00:00Z'));
    expect('refused' in found ? found.refused : null).toBe(refused);
  });
});

describe('lanes', () => {
  test.each([
    ['nobody there', 2, [], [0, 1]],
    ['one taken', 3, [1], [0, 2]],
    ['full', 2, [0, 1], []],
    ['a booking of a larger capacity closes the top lane', 2, [5], [0]],
    ['one over capacity closes the top lane', 2, [null], [0]],
    ['it closes the next where the top one is taken too', 2, [1, null], []],
    ['more than fit leave nothing', 2, [0, 1, null, null], []],
    ['bookings of different length in one lane count once', 2, [1, 1], [0]],
  ])('%s', (_name, capacity, lanes, free) => {
    expect(
      freeLanes(
        capacity,
        lanes.map((lane) => ({ lane })),
      ),
    ).toEqual(free);
  });

  test('those that are free and those that are taken never exceed the capacity, or nothing is free', () => {
    const lane = fc.option(fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(lane, { maxLength: 10 }), (capacity, lanes) => {
        const free = freeLanes(
          capacity,
          lanes.map((taken) => ({ lane: taken })),
        );
        const distinct = new Set(lanes.filter((taken) => taken !== null)).size + lanes.filter((taken) => taken === null).length;
        expect(free.every((open) => !lanes.includes(open))).toBe(true);
        // Every free lane may be filled, and nothing that fits is withheld.
        expect(free.length === 0 || distinct + free.length <= capacity).toBe(true);
        expect(free.length).toBeGreaterThanOrEqual(Math.min(1, Math.max(0, capacity - distinct)));
      }),
    );
  });
});

describe('alternatives', () => {
  const now = new Date('2026-09-01T12:00:00Z');
  const words = (wished: string, booked: readonly TakenTime[] = [], made: Partial<SlotRules> = {}) =>
    alternativeSlots({ ...rules, ...made }, new Date(wished), booked, now).map((slot) => localStart(slot.startsAt, slot.timeZone));

  test('are the nearest before and after, and the same time a week later', () => {
    expect(words('2026-09-03T15:00:00Z')).toEqual(['2026-09-03T09:00', '2026-09-03T09:30', '2026-09-03T10:30', '2026-09-03T11:00', '2026-09-10T10:00']);
  });

  test('go to the days before and after where the day is full', () => {
    const booked = [taken('2026-09-03T14:00:00Z', '2026-09-03T17:00:00Z')];
    expect(words('2026-09-03T15:00:00Z', booked)).toEqual(['2026-09-02T11:00', '2026-09-02T11:30', '2026-09-04T09:00', '2026-09-04T09:30', '2026-09-10T10:00']);
  });

  test('never lie in the past, nor further ahead than the policy allows', () => {
    expect(words('2026-09-01T14:00:00Z', [], { maximumDaysAhead: 0 })).toEqual(['2026-09-01T09:30', '2026-09-01T10:00']);
  });

  test('are none where nothing is free', () => {
    expect(words('2026-09-03T15:00:00Z', [taken('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')])).toEqual([]);
  });
});
