import { describe, expect, test } from 'vitest';
import { writtenTime } from '../../src/domain/bookings/calendar/calendar-letters.ts';
import { occasionOf } from '../../src/domain/bookings/calendar/calendar-mail.ts';
import { MINUTE } from '../../src/kit/time.ts';
import { later, THURSDAY } from '../support/booking-app.ts';

describe('what a customer does not know yet', () => {
  const at = { startsAt: THURSDAY, endsAt: later(0.5) };
  const told = (occasion: string, startsAt = THURSDAY) => `${occasion} ${startsAt.toISOString()}/${new Date(startsAt.getTime() + 30 * MINUTE).toISOString()}`;
  test.each([
    ['CONFIRMED', null, false, 'CONFIRMED'],
    ['CONFIRMED', told('CONFIRMED'), false, null],
    ['CONFIRMED', told('CONFIRMED', later(1)), false, 'MOVED'],
    ['CONFIRMED', told('MOVED'), false, null],
    ['CONFIRMED', null, true, 'RECEIVED'],
    ['CONFIRMED', told('RECEIVED'), true, null],
    ['CONFIRMED', told('RECEIVED'), false, 'CONFIRMED'],
    ['CONFIRMED', told('CONFIRMED'), true, null],
    ['CONFIRMED', told('CONFIRMED', later(1)), true, 'RECEIVED'],
    ['CANCELED', null, false, null],
    ['CANCELED', told('CONFIRMED'), true, 'CANCELED'],
    ['CANCELED', told('CANCELED'), false, null],
  ] as const)('%s, told "%s", calendar away: %s', (status, mailedState, uncertain, occasion) => {
    expect(occasionOf({ ...at, status, mailedState, calendarStatus: 'PENDING' }, uncertain)).toBe(occasion);
  });
});

test('a time is written out in the zone of the appointment', () => {
  expect(writtenTime(new Date('2026-12-03T19:30:00Z'), 'America/New_York')).toBe('Thursday, December 3, 2026 at 2:30 PM EST');
});
