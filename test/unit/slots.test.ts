import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OpeningHours, WEEKDAYS, weekdayOf } from '../../src/domain/assistants/opening-hours.ts';
import { alternativeSlots } from '../../src/domain/bookings/alternatives.ts';
import { localStart, localTimeOf } from '../../src/domain/bookings/choices.ts';
import { daySlots, freeLanes, type SlotRules, slotAt, type TakenTime } from '../../src/domain/bookings/slots.ts';

const MINUTE = 60_000;

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

describe('against a slow and obvious model, over real zones and the days on which their clocks change', () => {
  const ZONES = [
    'America/New_York',
    'America/St_Johns',
    'America/Havana',
    'America/Santiago',
    'Europe/Berlin',
    'Europe/Lisbon',
    'Atlantic/Azores',
    'Africa/Cairo',
    'Africa/Casablanca',
    'Antarctica/Troll',
    'Asia/Beirut',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Pacific/Apia',
    'UTC',
  ];

  /** A date of a zone; most often one on which, or beside which, the clocks change. */
  const day = fc
    .tuple(fc.constantFrom(...ZONES), fc.integer({ min: 2000, max: 2036 }), fc.integer({ min: 0, max: 364 }), fc.integer({ min: -1, max: 8 }))
    .map(([timeZone, year, offset, near]) => {
      const start = Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days: offset });
      const change = near <= 1 ? start.toZonedDateTime(timeZone).getTimeZoneTransition('next') : null;
      return { timeZone, date: change ? change.toPlainDate().add({ days: near }) : start };
    });

  const hours = (date: Temporal.PlainDate) =>
    fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 }).map((quarters) => {
      const edges = quarters.toSorted((a, b) => a - b).map((quarter) => clock((quarter % 96) * 15));
      const spans: OpeningHours[] = [];
      for (let i = 0; i + 1 < edges.length; i += 2) spans.push({ day: weekdayOf(date), opens: edges[i] ?? '', closes: edges[i + 1] ?? '' });
      return spans;
    });

  const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

  /** Special hours, mostly of the date itself. */
  const special = (date: Temporal.PlainDate) =>
    fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      fc
        .tuple(hours(date), fc.constantFrom(0, 0, 1))
        .map(([spans, offset]) => spans.map(({ opens, closes }) => ({ date: date.add({ days: offset }).toString(), opens, closes }))),
    );

  const world = day.chain(({ timeZone, date }) => {
    const start = date.toZonedDateTime(timeZone).epochMilliseconds;
    const booking = fc
      .tuple(fc.integer({ min: -300, max: 1_600 }), fc.integer({ min: 5, max: 240 }), fc.constantFrom<TakenTime['lane'][]>(0, 0, 1, 1, 2, 3, 4, null, null, 'every'))
      .map(
        ([from, length, lane]): TakenTime => ({ startsAt: new Date(start + from * MINUTE), blockedUntil: new Date(start + (from + length) * MINUTE), lane }),
      );
    return fc.record({
      date: fc.constant(date),
      now: fc.integer({ min: -3_000, max: 1_600 }).map((minutes) => new Date(start + minutes * MINUTE)),
      booked: fc.array(booking, { maxLength: 12 }).map((list) => list.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())),
      rules: fc.record({
        timeZone: fc.constant(timeZone),
        hours: hours(date),
        closedDates: fc.constantFrom([], [], [], [date.toString()], [date.add({ days: 1 }).toString()]),
        specialHours: special(date),
        slotMinutes: fc.integer({ min: 5, max: 90 }),
        bufferMinutes: fc.constantFrom(0, 0, 5, 15, 60),
        minimumNoticeMinutes: fc.constantFrom(0, 0, 60, 1_440),
        maximumDaysAhead: fc.constantFrom(1, 2, 30),
        capacity: fc.option(fc.integer({ min: 1, max: 4 })),
      }),
    });
  });

  test('slots are the same', () => {
    fc.assert(
      fc.property(world, ({ rules: made, date, booked, now }) => {
        const slots = daySlots(made, date, booked, now).slots.map((slot) => [slot.startsAt.toISOString(), slot.endsAt.toISOString(), slot.remaining]);
        expect(slots).toEqual(slowly(made, date, booked, now));
      }),
      { numRuns: 400 },
    );
  });

  test('slots never overlap, never lie in the past, and each may be booked exactly where it says so', () => {
    fc.assert(
      fc.property(world, ({ rules: made, date, booked, now }) => {
        let end = 0;
        for (const slot of daySlots(made, date, booked, now).slots) {
          expect(slot.startsAt.getTime()).toBeGreaterThanOrEqual(end);
          expect(slot.startsAt.getTime()).toBeGreaterThan(now.getTime());
          end = slot.endsAt.getTime();
          expect(slotAt(made, slot.startsAt, now)).toEqual({
            startsAt: slot.startsAt,
            endsAt: slot.endsAt,
            blockedUntil: new Date(end + made.bufferMinutes * MINUTE),
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  /** Looks at the clock on the wall once a minute, all day. */
  function slowly(made: SlotRules, date: Temporal.PlainDate, booked: readonly TakenTime[], now: Date): (string | number | null)[][] {
    const first = date.toZonedDateTime(made.timeZone).epochMilliseconds;
    const after = date.add({ days: 1 }).toZonedDateTime(made.timeZone).epochMilliseconds;
    const minutes: { at: number; wall: string }[] = [];
    for (let at = first; at < after; at += MINUTE) minutes.push({ at, wall: localTimeOf(new Date(at), made.timeZone) });
    const whenWallShows = (time: string) => minutes.find((minute) => minute.wall >= time)?.at ?? after;

    const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(made.timeZone).toPlainDate();
    if (today.until(date).days > made.maximumDaysAhead) return [];
    const found: (string | number | null)[][] = [];
    if (made.closedDates.some((closed) => date.equals(closed))) return [];
    const special = made.specialHours.filter((span) => date.equals(span.date));
    const open: { opens: string; closes: string }[] = special.length > 0 ? special : [...made.hours];
    for (const span of open.toSorted((a, b) => a.opens.localeCompare(b.opens))) {
      const closes = span.closes === '00:00' ? after : whenWallShows(span.closes);
      let start = whenWallShows(span.opens);
      while (start + made.slotMinutes * MINUTE <= closes) {
        const end = start + made.slotMinutes * MINUTE;
        const blocked = end + made.bufferMinutes * MINUTE;
        const there = booked.filter((booking) => booking.startsAt.getTime() < blocked && booking.blockedUntil.getTime() > start);
        if (start > now.getTime() && start >= now.getTime() + made.minimumNoticeMinutes * MINUTE) {
          found.push([new Date(start).toISOString(), new Date(end).toISOString(), there.some(({ lane }) => lane === 'every') ? 0 : made.capacity === null ? null : lanesLeft(made.capacity, there)]);
        }
        start = blocked;
      }
    }
    return found;
  }

  /** The most lanes that could be kept open from the bottom so that they and all bookings beyond them do not exceed the capacity. */
  function lanesLeft(capacity: number, there: readonly TakenTime[]): number {
    for (let open = capacity; open >= 0; open--) {
      const beyond = new Set(there.flatMap((booking) => (typeof booking.lane === 'number' && booking.lane >= open ? [booking.lane] : []))).size;
      const without = there.filter((booking) => booking.lane === null).length;
      if (open + beyond + without > capacity) continue;
      return Array.from({ length: open }, (_, lane) => lane).filter((lane) => !there.some((booking) => booking.lane === lane)).length;
    }
    return 0;
  }
});
