import { describe, expect, test } from 'vitest';
import { openLine, openNow } from '../../src/domain/assistants/open-now.ts';
import type { OpeningTimes } from '../../src/domain/assistants/opening-hours.ts';
import { briefing } from '../../src/domain/calls/briefing.ts';
import { claimedCall } from '../support/talk.ts';

const ZONE = 'America/New_York';
const week: OpeningTimes = {
  hours: [
    { day: 'MONDAY', opens: '09:00', closes: '12:00' },
    { day: 'MONDAY', opens: '13:00', closes: '17:00' },
    { day: 'FRIDAY', opens: '18:00', closes: '00:00' },
    { day: 'SATURDAY', opens: '00:00', closes: '02:00' },
  ],
  closedDates: ['2026-09-14'],
  specialHours: [{ date: '2026-09-09', opens: '10:00', closes: '11:00' }],
};
const always: OpeningTimes = {
  hours: (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const).map((day) => ({ day, opens: '00:00', closes: '00:00' })),
  closedDates: [],
  specialHours: [],
};
const never: OpeningTimes = { hours: [], closedDates: [], specialHours: [] };
/** September 7, 2026 is a Monday. */
const at = (local: string) => new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds);

describe('whether it is open, and until when', () => {
  test.each([
    ['in the morning', week, '2026-09-07T09:00', true, '2026-09-07T12:00'],
    ['a second before it opens', week, '2026-09-07T08:59:59', false, '2026-09-07T09:00'],
    ['over lunch', week, '2026-09-07T12:00', false, '2026-09-07T13:00'],
    ['after hours, before a special day', week, '2026-09-07T17:00', false, '2026-09-09T10:00'],
    ['across midnight', week, '2026-09-11T23:00', true, '2026-09-12T02:00'],
    ['over a closed date', week, '2026-09-12T02:00', false, '2026-09-18T18:00'],
    ['day and night', always, '2026-09-07T12:00', true, null],
    ['never', never, '2026-09-07T12:00', false, null],
  ] as const)('%s', (_when, times, now, open, until) => {
    expect(openNow(times, ZONE, at(now))).toEqual({ open, until: until && at(until) });
  });
});

describe('what the assistant is told of it', () => {
  test.each([
    [week, '2026-09-07T10:30', 'The business is open now and closes today at 12:00.'],
    [week, '2026-09-11T23:00', 'The business is open now and closes on Saturday, September 12 at 02:00.'],
    [always, '2026-09-07T12:00', 'The business is open now.'],
    [never, '2026-09-07T12:00', ''],
  ])('while it is open', (times, now, line) => {
    expect(openLine(times, ZONE, at(now))).toBe(line);
  });

  test('while it is closed: that callers are to be told so, and what can be done for them', () => {
    expect(openLine(week, ZONE, at('2026-09-07T17:00'))).toBe(
      'The business is closed at the moment and opens next on Wednesday, September 9 at 10:00. Tell the caller so in your first answer; ' +
        'nobody there can come to the telephone. You can still help them, take a message and book appointments for times when it is open.',
    );
    expect(openLine(week, ZONE, at('2026-09-07T08:00'))).toContain('opens next today at 09:00.');
  });

  test('it stands behind the day and the time of each bridge that takes the call', () => {
    const plan = { ...claimedCall.plan, instructions: 'Be kind.', timeZone: ZONE, openingTimes: week };
    expect(briefing(plan, at('2026-09-07T10:30'))).toBe(
      'Be kind.\n\nIt is Monday, September 7, 2026, 10:30 on the clock of America/New_York (UTC-04:00). The business is open now and closes today at 12:00.',
    );
    expect(briefing({ ...plan, direction: 'OUTBOUND' }, at('2026-09-07T17:30'))).not.toContain('closed');
    expect(briefing({ ...plan, openingTimes: null }, at('2026-09-07T17:30'))).not.toContain('closed');
  });
});
