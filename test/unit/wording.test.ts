import { expect, test } from 'vitest';
import { nearestSlots, spokenChoices } from '../../src/domain/bookings/choices.ts';
import type { Slot } from '../../src/domain/bookings/slots.ts';
import { ordinal, spokenClock, spokenTime } from '../../src/domain/bookings/wording.ts';

test.each([
  [14, 30, 'half past two'],
  [9, 0, 'nine'],
  [12, 0, 'noon'],
  [0, 0, 'midnight'],
  [12, 15, 'quarter past twelve'],
  [11, 45, 'quarter to twelve'],
  [13, 50, 'ten to two'],
  [8, 20, 'twenty past eight'],
  [7, 0, 'seven in the morning'],
  [19, 0, 'seven in the evening'],
  [6, 45, 'quarter to seven in the morning'],
  [18, 45, 'quarter to seven in the evening'],
  [7, 45, 'quarter to eight'],
  [19, 45, 'quarter to eight in the evening'],
  [2, 30, 'half past two at night'],
  [5, 0, 'five in the morning'],
  [17, 25, 'twenty-five past five'],
  [18, 0, 'six'],
  [22, 30, 'half past ten at night'],
  [23, 45, 'quarter to twelve at night'],
  [10, 7, '7 minutes past ten'],
  [10, 59, '1 minute to eleven'],
])('%i:%i is “%s”', (hour, minute, words) => {
  expect(spokenClock(hour, minute)).toBe(words);
});

test('days have their endings', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '22nd',
    '23rd',
    '30th',
    '31st',
  ]);
});

test.each([
  ['2026-09-03T19:30:00Z', 'Thursday the 3rd at half past two'],
  ['2026-09-28T19:30:00Z', 'Monday the 28th at half past two'],
  ['2026-09-29T19:30:00Z', 'Tuesday the 29th of September at half past two'],
  ['2027-01-04T15:00:00Z', 'Monday the 4th of January at nine'],
  ['2026-08-31T15:00:00Z', 'Monday the 31st of August at ten'],
])('said on the first of September in Chicago, %s is “%s”', (instant, words) => {
  expect(spokenTime(new Date(instant), 'America/Chicago', new Date('2026-09-01T15:00:00Z'))).toBe(words);
});

test('of a time that comes twice, it says which', () => {
  const now = new Date('2026-10-28T12:00:00Z');
  expect(spokenTime(new Date('2026-11-01T06:30:00Z'), 'America/Chicago', now)).toBe('Sunday the 1st at half past one at night, before the clocks go back');
  expect(spokenTime(new Date('2026-11-01T07:30:00Z'), 'America/Chicago', now)).toBe('Sunday the 1st at half past one at night, after the clocks go back');
});

test('choices name the day only where it is another one', () => {
  const slot = (startsAt: string): Slot => ({ startsAt: new Date(startsAt), endsAt: new Date(startsAt), timeZone: 'UTC', isBooked: false, remaining: 1 });
  const slots = ['2026-09-03T14:00:00Z', '2026-09-03T15:00:00Z', '2026-09-04T09:00:00Z', '2026-09-10T14:30:00Z'].map(slot);
  const now = new Date('2026-09-01T12:00:00Z');
  const nearest = nearestSlots(slots, new Date('2026-09-03T14:30:00Z'), 3);
  expect(spokenChoices(nearest, Temporal.PlainDate.from('2026-09-03'), now)).toBe('two or three, or Friday the 4th at nine');
});
