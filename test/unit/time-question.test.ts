import { expect, test } from 'vitest';
import { resolveSpokenDate, resolveSpokenTime } from '../../src/domain/bookings/spoken/spoken-time.ts';
import { clockChangeAt, clockQuestion, dateQuestion, timeQuestion } from '../../src/domain/bookings/spoken/time-question.ts';

/** A Wednesday. */
const context = { now: new Date('2026-03-11T10:15:00-05:00'), timeZone: 'America/Chicago' };

test.each([
  ['at seven', 'Seven in the morning or in the evening?'],
  ['tomorrow at seven', 'On Thursday the 12th, seven in the morning or in the evening?'],
  ['tomorrow at half past seven', 'On Thursday the 12th, in the morning or in the evening?'],
  ['midnight tomorrow', 'On Thursday the 12th, at midnight when the day begins, or when it ends?'],
  ['Wednesday at two', 'Today, or Wednesday the 18th?'],
  ['Thursday the thirteenth at eleven', 'The 13th is a Friday. Which day do you mean?'],
  ['tomorrow at two or at four', 'Which day and time shall I take, just one of them?'],
  ['Friday', 'At what time on Friday the 13th?'],
  ['2026-03-13', 'At what time on Friday the 13th?'],
  ['sometime next week', 'Which day, and at what time?'],
  ['whenever you have something', 'I did not get the date and time. When would you like to come?'],
  ['yesterday at three', 'That time has passed. When would you like to come?'],
  ['2028-03-13T15:00', 'That is more than a year away. When would you like to come?'],
  ['twenty-five o’clock', 'There is no such date or time. When would you like to come?'],
  ['November first at half past one in the morning', 'The clocks go back that night and that time comes twice. Do you mean the first or the second?'],
])('%s is answered with: %s', (text, question) => {
  const { startsAt, reason } = resolveSpokenTime(text, context);
  expect([startsAt, timeQuestion(reason, text, context)]).toEqual([null, question]);
});

test.each([
  ['Wednesday', 'Today, or Wednesday the 18th?'],
  ['Thursday the thirteenth', 'The 13th is a Friday. Which day do you mean?'],
  ['Thursday or Friday', 'Which day shall I look at, just one of them?'],
  ['yesterday', 'That date has passed. Which day would you like?'],
  ['2028-01-01', 'That is more than a year away. Which day would you like?'],
  ['February thirtieth', 'There is no such date. Which day would you like?'],
  ['next week', 'I did not get the date. Which day would you like?'],
])('the day %s is answered with: %s', (text, question) => {
  const { date, reason } = resolveSpokenDate(text, context);
  expect([date, dateQuestion(reason, text, context)]).toEqual([null, question]);
});

test('a time of day alone is asked about by its half, or once more', () => {
  expect(clockQuestion('AMBIGUOUS_HOUR', 'seven')).toBe('Seven in the morning or in the evening?');
  expect(clockQuestion('VAGUE', 'at tea time')).toBe('I did not get the time of day. Which time would suit you?');
});

test('a time that the clocks skip or show twice is known as such', () => {
  const at = (date: string, time: string) => clockChangeAt(Temporal.PlainDate.from(date), Temporal.PlainTime.from(time), 'America/Chicago');
  expect([at('2026-03-08', '02:30'), at('2026-11-01', '01:30'), at('2026-03-13', '14:30')]).toEqual(['DST_GAP', 'DST_OVERLAP', null]);
});
