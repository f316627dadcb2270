import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BusyTime, isBusyKnown, mergeTimes, subtractTimes } from '../../src/domain/bookings/calendar/calendar-busy.ts';
import { HOUR } from '../../src/kit/time.ts';

const time = (from: number, to: number): BusyTime => ({ startsAt: new Date(from * HOUR), endsAt: new Date(to * HOUR) });
const times = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 })).map(([from, length]) => time(from, from + length)),
  { maxLength: 12 },
);
/** The hours that some times cover: slow and plain. */
const hours = (given: readonly BusyTime[]) =>
  Array.from({ length: 60 }, (_, hour) => hour).filter((hour) =>
    given.some(({ startsAt, endsAt }) => startsAt.getTime() <= hour * HOUR && hour * HOUR < endsAt.getTime()),
  );
const areApart = (given: readonly BusyTime[]) => given.every((one, index) => index === 0 || (given[index - 1]?.endsAt ?? one.startsAt) < one.startsAt);

test('times that overlap or touch are told as one, in order', () => {
  expect(mergeTimes([time(5, 6), time(1, 3), time(2, 4), time(4, 5)])).toEqual([time(1, 6)]);
  fc.assert(fc.property(times, (given) => areApart(mergeTimes(given)) && String(hours(mergeTimes(given))) === String(hours(given))));
});

test('what is left of times without others covers what it should', () => {
  expect(subtractTimes([time(1, 6)], [time(2, 3), time(5, 8)])).toEqual([time(1, 2), time(3, 5)]);
  fc.assert(
    fc.property(times, times, (given, without) => {
      const left = subtractTimes(given, without);
      const holes = new Set(hours(without));
      return areApart(left) && String(hours(left)) === String(hours(given).filter((hour) => !holes.has(hour)));
    }),
  );
});

test('busy times hold for an hour', () => {
  const now = new Date('2026-09-03T12:00:00Z');
  const before = (ms: number) => ({ busyKnownAt: new Date(now.getTime() - ms) });
  expect([isBusyKnown(before(0), now), isBusyKnown(before(HOUR), now), isBusyKnown(before(HOUR + 1), now)]).toEqual([true, true, false]);
  expect(isBusyKnown({ busyKnownAt: null }, now)).toBe(false);
});
