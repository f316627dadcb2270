import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDate, type OpeningHours, weekdayOf } from '../../src/domain/assistants/opening-hours.ts';
import { localTimeOf } from '../../src/domain/bookings/choices.ts';
import { daySlots, type SlotRules, slotAt, type TakenTime, takenByDay } from '../../src/domain/bookings/slots.ts';

const MINUTE = 60_000;

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
      .tuple(
        fc.integer({ min: -300, max: 1_600 }),
        fc.integer({ min: 5, max: 240 }),
        fc.constantFrom<TakenTime['lane'][]>(0, 0, 1, 1, 2, 3, 4, null, null, 'every'),
      )
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
        expect(daySlots(made, date, takenByDay(booked, made.timeZone)(date), now)).toEqual(daySlots(made, date, booked, now));
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
    for (let at = first; at < after; at += MINUTE) {
      // Clocks that go back across midnight show the day before once more.
      if (localDate(new Date(at), made.timeZone).equals(date)) minutes.push({ at, wall: localTimeOf(new Date(at), made.timeZone) });
    }
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
          found.push([
            new Date(start).toISOString(),
            new Date(end).toISOString(),
            there.some(({ lane }) => lane === 'every') ? 0 : made.capacity === null ? null : lanesLeft(made.capacity, there),
          ]);
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
