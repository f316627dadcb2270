import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveSpokenDate, resolveSpokenTime } from '../../src/domain/bookings/spoken/spoken-time.ts';
import { clock, context, day, instantsOf, todayOf } from '../support/spoken-phrases.ts';

test('a phrase of known meaning is that time, or it is refused for the reason that is true', () => {
  const counts = { phrases: 0, resolved: 0, bookable: 0 };
  fc.assert(
    fc.property(context, day, clock, fc.constantFrom('day first', 'time first', 'comma'), ({ ms, timeZone }, dayOf, { text: time, minute }, order) => {
      const { text: said, date } = dayOf(todayOf(ms, timeZone));
      const text = order === 'time first' ? `${time} ${said}` : order === 'comma' ? `${said}, ${time}` : `${said} ${time}`;
      const { startsAt, reason } = resolveSpokenTime(text, { now: new Date(ms), timeZone });
      const local = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
      const instants = instantsOf(local, timeZone);
      const [first] = instants;
      counts.phrases += 1;
      const coming = instants.some((instant) => instant > ms);
      if (startsAt) {
        counts.resolved += 1;
        expect([text, startsAt.getTime()]).toEqual([text, first]);
        expect(instants).toHaveLength(1);
        expect(coming).toBe(true);
      } else if (reason === 'PAST') {
        expect([text, coming]).toEqual([text, false]);
      } else if (reason === 'TOO_FAR') {
        expect(todayOf(ms, timeZone).until(date).days).toBeGreaterThanOrEqual(365);
      } else if (reason === 'DST_GAP') {
        expect([text, instants]).toEqual([text, []]);
      } else if (reason === 'DST_OVERLAP') {
        expect(instants).toHaveLength(2);
      } else if (coming && instants.length === 1) {
        // Asked about although it is plain.
        counts.bookable += 1;
      }
    }),
    { numRuns: 5_000 },
  );
  const plain = counts.resolved + counts.bookable;
  console.info(`${counts.phrases} phrases: ${plain} plain and to come, of which ${((100 * counts.resolved) / plain).toFixed(1)} % were resolved`);
  expect(counts.resolved / plain).toBeGreaterThan(0.98);
});

test('one word more that changes the meaning is never passed over', () => {
  const spoilers = [
    'every',
    'except',
    'unless',
    'or',
    'either',
    'between',
    'Easter',
    'Thanksgiving',
    'couple',
    'few',
    'never',
    'plus',
    'minus',
    'thousand',
    'Zurich',
    "can't",
  ];
  fc.assert(
    fc.property(context, day, clock, fc.constantFrom(...spoilers), fc.nat(), ({ ms, timeZone }, dayOf, { text: time }, spoiler, place) => {
      const words = `${dayOf(todayOf(ms, timeZone)).text} ${time}`.split(' ');
      const text = words.toSpliced(place % (words.length + 1), 0, spoiler).join(' ');
      expect([text, resolveSpokenTime(text, { now: new Date(ms), timeZone }).startsAt]).toEqual([text, null]);
    }),
    { numRuns: 3_000 },
  );
});

test('a limit is no time, and what is taken back is never taken', () => {
  fc.assert(
    fc.property(
      context,
      day,
      clock,
      fc.constantFrom('before', 'after', 'by', 'until', 'from', 'since', 'not'),
      ({ ms, timeZone }, dayOf, { text: time }, limit) => {
        const text = `${dayOf(todayOf(ms, timeZone)).text} ${limit} ${time}`;
        expect([text, resolveSpokenTime(text, { now: new Date(ms), timeZone }).startsAt]).toEqual([text, null]);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a correction puts the new day or time in the place of the old one and keeps the rest, or it is asked about', () => {
  let resolved = 0;
  const correction = fc.constantFrom(', no wait, ', ', sorry, I meant ', ', no, make it ', '. Actually, ', ', or rather ');
  fc.assert(
    fc.property(context, day, day, clock, clock, correction, fc.boolean(), ({ ms, timeZone }, firstDay, secondDay, firstClock, secondClock, words, ofDay) => {
      const [before, after] = [firstDay(todayOf(ms, timeZone)), secondDay(todayOf(ms, timeZone))];
      const text = `${before.text} ${firstClock.text}${words}${ofDay ? after.text : secondClock.text}`;
      const { startsAt } = resolveSpokenTime(text, { now: new Date(ms), timeZone });
      if (!startsAt) return;
      resolved += 1;
      const local = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toZonedDateTimeISO(timeZone);
      const { date, minute } = ofDay ? { date: after.date, minute: firstClock.minute } : { date: before.date, minute: secondClock.minute };
      const corrected = local.toPlainDate().toString() === date.toString() && local.hour * 60 + local.minute === minute;
      // The half of the day of the old time, and the month of the old date, stay.
      const keepsHalf = !ofDay && / in the evening/.test(firstClock.text) && local.hour * 60 + local.minute === minute + 720;
      const keepsMonth = ofDay && /^the [a-z-]+$/.test(after.text) && local.day === after.date.day && local.month === before.date.month;
      expect([text, corrected || keepsHalf || keepsMonth]).toEqual([text, true]);
    }),
    { numRuns: 3_000 },
  );
  expect(resolved).toBeGreaterThan(800);
});

const VOCABULARY =
  "today tomorrow next last this Friday Monday week weeks weekend month fortnight the a an of in on at from to past after before half quarter two three seven ten twelve thirty 15 3:30 noon midnight morning evening p.m. tonight third first March May 2026 or not no wait sorry actually hour hours minutes ago now and , . oh hundred o'clock between ish constructor 2026-03-13 T15:00 day Christmas".split(
    ' ',
  );

test('whatever is said, the answer is a time to come within a year or a reason', () => {
  fc.assert(
    fc.property(
      context,
      fc.oneof(
        fc.array(fc.constantFrom(...VOCABULARY), { maxLength: 14 }).map((words) => words.join(' ')),
        fc.string({ unit: 'grapheme' }),
      ),
      ({ ms, timeZone }, text) => {
        const { startsAt, ambiguous, reason } = resolveSpokenTime(text, { now: new Date(ms), timeZone });
        const { date } = resolveSpokenDate(text, { now: new Date(ms), timeZone });
        expect(startsAt !== null).toBe(reason === 'OK' || reason === 'YEAR_CORRECTED');
        if (startsAt) expect([ambiguous, startsAt.getTime() > ms, startsAt.getTime() <= ms + 366 * 86_400_000]).toEqual([false, true, true]);
        if (date) expect(Temporal.PlainDate.compare(date, todayOf(ms, timeZone))).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 5_000 },
  );
});
