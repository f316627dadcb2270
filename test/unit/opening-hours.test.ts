import { describe, expect, test } from 'vitest';
import {
  describeDates,
  describeHours,
  hoursProblem,
  isOpen,
  type OpeningHours,
  type OpeningTimes,
  openSpans,
  specialHoursProblem,
} from '../../src/domain/assistants/opening-hours.ts';

const at = (text: string) => new Date(text);
/** A week without special dates. */
const weekly = (...hours: OpeningHours[]): OpeningTimes => ({ hours, closedDates: [], specialHours: [] });
const span = (day: OpeningHours['day'], opens: string, closes: string): OpeningHours => ({ day, opens, closes });

test.each([
  [
    'a day that closes before it opens',
    [span('MONDAY', '17:00', '09:00')],
    0,
    'closes',
    'Monday opens at 17:00 and must close later the same day, not at 09:00.',
  ],
  ['a span of no length', [span('FRIDAY', '09:00', '09:00')], 0, 'closes', 'must close later'],
  ['spans that overlap', [span('MONDAY', '09:00', '12:00'), span('MONDAY', '11:30', '17:00')], 1, 'opens', 'overlaps 09:00 to 12:00'],
  ['a span inside another', [span('SUNDAY', '09:00', '00:00'), span('SUNDAY', '22:00', '23:00')], 1, 'opens', 'overlaps'],
] as const)('%s is refused with the field that is wrong', (_name, hours, index, field, message) => {
  expect(hoursProblem(hours)).toEqual({ index, field, message: expect.stringContaining(message) });
});

test('hours past midnight are two spans, and a refused overnight span says so', () => {
  expect(hoursProblem([span('FRIDAY', '22:00', '02:00')])?.message).toContain('close at 00:00 and add a span that opens at 00:00 on the next day');
  const hours = [span('FRIDAY', '22:00', '00:00'), span('SATURDAY', '00:00', '02:00')];
  expect(hoursProblem(hours)).toBeNull();
  expect(['23:59', '00:00', '01:59', '02:00'].map((time, index) => isOpen(weekly(...hours), 'UTC', at(`2026-09-0${index === 0 ? 4 : 5}T${time}:00Z`)))).toEqual(
    [true, true, true, false],
  );
});

test('one span may begin where another ends', () => {
  expect(hoursProblem([span('MONDAY', '09:00', '12:00'), span('MONDAY', '12:00', '17:00')])).toBeNull();
});

test.each([
  ['2026-09-07T08:59:59Z', false],
  ['2026-09-07T09:00:00Z', true],
  ['2026-09-07T12:00:00Z', false],
  ['2026-09-07T13:30:00Z', true],
  ['2026-09-06T10:00:00Z', false],
])('with a break at noon, %s is open: %s', (instant, open) => {
  const hours = [span('MONDAY', '13:00', '17:00'), span('MONDAY', '09:00', '12:00')];
  expect(isOpen(weekly(...hours), 'UTC', at(instant))).toBe(open);
});

test('the day is that of the assistant, not of the server', () => {
  const hours = [span('TUESDAY', '09:00', '17:00')];
  expect(isOpen(weekly(...hours), 'Pacific/Auckland', at('2026-09-07T22:00:00Z'))).toBe(true);
  expect(isOpen(weekly(...hours), 'America/Los_Angeles', at('2026-09-07T22:00:00Z'))).toBe(false);
});

test.each([
  ['an hour is skipped: open all day is 23 hours', 'America/New_York', '2026-03-08', ['00:00', '00:00'], 23],
  ['an hour comes twice: open all day is 25 hours', 'America/New_York', '2026-11-01', ['00:00', '00:00'], 25],
  ['half an hour comes twice', 'Australia/Lord_Howe', '2026-04-05', ['00:00', '00:00'], 24.5],
  ['opening in the skipped hour is opening at the jump', 'America/New_York', '2026-03-08', ['02:30', '04:00'], 1],
  ['closing in the skipped hour is closing at the jump', 'America/New_York', '2026-03-08', ['01:00', '02:30'], 1],
  ['a span inside the skipped hour does not open', 'America/New_York', '2026-03-08', ['02:15', '02:45'], 0],
  ['closing in the hour that comes twice is closing the first time', 'America/New_York', '2026-11-01', ['00:00', '01:30'], 1.5],
  ['midnight itself may be skipped', 'Africa/Cairo', '2026-04-24', ['00:00', '02:00'], 1],
] as const)('%s', (_name, timeZone, date, [opens, closes], hours) => {
  const day = Temporal.PlainDate.from(date);
  const week = (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const).map((name) => span(name, opens, closes));
  expect(openSpans(weekly(...week), day, timeZone).reduce((sum, open) => sum + (open.to - open.from) / 3_600_000, 0)).toBe(hours);
});

test('hours are put into words by groups of equal days', () => {
  const weekdays = (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] as const).flatMap((day) => [
    span(day, '09:00', '12:00'),
    span(day, '13:00', '17:30'),
  ]);
  expect(describeHours([...weekdays, span('SATURDAY', '10:00', '00:00')])).toBe(
    'Monday to Friday 09:00 to 12:00 and 13:00 to 17:30; Saturday 10:00 to midnight; closed on Sunday.',
  );
  expect(describeHours([span('SUNDAY', '00:00', '00:00')])).toBe('Sunday all day; closed on Monday, Tuesday, Wednesday, Thursday, Friday and Saturday.');
  expect(describeHours([])).toBe('No opening hours are set.');
});

describe('single dates', () => {
  const week = {
    hours: [span('THURSDAY', '09:00', '17:00')],
    closedDates: ['2026-12-25'],
    specialHours: [{ date: '2026-12-24', opens: '09:00', closes: '12:00' }],
  };

  test.each([
    ['a Thursday like any other', '2026-12-17T13:00:00Z', true],
    ['before closing on the special date', '2026-12-24T11:59:00Z', true],
    ['after closing on the special date', '2026-12-24T12:00:00Z', false],
    ['a closed date', '2026-12-25T10:00:00Z', false],
  ])('%s', (_name, instant, open) => {
    expect(isOpen(week, 'UTC', at(instant))).toBe(open);
  });

  test('are put into words after the week', () => {
    expect(describeDates(week)).toBe('Closed all day: December 25, 2026. Other hours: December 24, 2026 09:00 to 12:00.');
    expect(describeDates({ closedDates: ['2026-12-24'], specialHours: week.specialHours })).toBe('Closed all day: December 24, 2026.');
    expect(describeDates({ closedDates: [], specialHours: [] })).toBe('');
  });

  test('with spans that overlap or end before they begin are refused with the field that is wrong', () => {
    const on = (opens: string, closes: string, date = '2026-12-24') => ({ date, opens, closes });
    expect(specialHoursProblem([on('09:00', '12:00'), on('11:00', '13:00')])).toMatchObject({
      index: 1,
      field: 'opens',
      message: expect.stringContaining('2026-12-24'),
    });
    expect(specialHoursProblem([on('12:00', '09:00')])).toMatchObject({ index: 0, field: 'closes' });
    expect(specialHoursProblem([on('09:00', '12:00'), on('09:00', '12:00', '2026-12-25')])).toBeNull();
  });
});
