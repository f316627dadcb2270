import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resolveSpokenClock, resolveSpokenDate, resolveSpokenTime } from '../../src/domain/bookings/spoken/spoken-time.ts';

const now = new Date('2026-03-11T10:15:00-05:00');
const timeZone = 'America/Chicago';

describe('a time that a model wrote', () => {
  test.each([
    ['local', '2026-03-13T15:00', '2026-03-13T20:00:00.000Z', 'OK'],
    ['with seconds and a blank', '2026-03-13 15:00:00', '2026-03-13T20:00:00.000Z', 'OK'],
    ['in UTC', '2026-03-13T20:00:00Z', '2026-03-13T20:00:00.000Z', 'OK'],
    ['with another offset', '2026-03-13T16:00:00-0400', '2026-03-13T20:00:00.000Z', 'OK'],
    ['with digits left out', '2026-3-13T9:05', '2026-03-13T14:05:00.000Z', 'OK'],
    ['of a wrong year', '2024-06-01T09:00', '2026-06-01T14:00:00.000Z', 'YEAR_CORRECTED'],
    ['of a wrong year with an offset keeps its clock time', '2024-06-01T09:00+02:00', '2026-06-01T14:00:00.000Z', 'YEAR_CORRECTED'],
    ['exactly 180 days ahead with its year repaired', '2025-09-07T10:15', '2026-09-07T15:15:00.000Z', 'YEAR_CORRECTED'],
    ['a minute more than that', '2025-09-07T10:16', null, 'PAST'],
    ['of this year and past', '2026-03-10T10:00', null, 'PAST'],
    ['of a day that this year does not have', '2024-02-29T10:00', null, 'PAST'],
    ['more than a year away', '2027-03-11T10:16', null, 'TOO_FAR'],
    ['exactly a year away', '2027-03-11T10:15', '2027-03-11T16:15:00.000Z', 'OK'],
    ['of no day', '2026-02-30T10:00', null, 'INVALID'],
    ['of no hour', '2026-03-13T24:30', null, 'INVALID'],
    ['with no such offset', '2026-03-13T10:00+99:00', null, 'INVALID'],
    ['that the clocks skip', '2027-03-14T02:30', null, 'TOO_FAR'],
    ['without a time', '2026-03-13', null, 'NO_TIME'],
    ['in words', 'whenever it suits you', null, 'VAGUE'],
    ['that is empty', '', null, 'VAGUE'],
  ])('%s', (_name, text, startsAt, reason) => {
    const resolved = resolveSpokenTime(text, { now, timeZone });
    expect({ startsAt: resolved.startsAt?.toISOString() ?? null, reason: resolved.reason }).toEqual({ startsAt, reason });
  });

  test('a skipped time is refused, and one that comes twice is asked about', () => {
    expect(resolveSpokenTime('2026-03-08T02:30', { now: new Date('2026-03-01T12:00:00Z'), timeZone })).toEqual({
      startsAt: null,
      ambiguous: false,
      reason: 'DST_GAP',
    });
    expect(resolveSpokenTime('2026-11-01T01:30', { now: new Date('2026-10-30T12:00:00Z'), timeZone })).toEqual({
      startsAt: null,
      ambiguous: true,
      reason: 'DST_OVERLAP',
    });
    expect(resolveSpokenTime('2026-11-01T01:30-06:00', { now: new Date('2026-10-30T12:00:00Z'), timeZone }).startsAt).toEqual(new Date('2026-11-01T07:30:00Z'));
  });
});

test.each([
  ['2026-03-11', '2026-03-11', 'OK'],
  ['2026-03-13T09:00', '2026-03-13', 'OK'],
  ['2024-03-13', '2026-03-13', 'YEAR_CORRECTED'],
  ['2026-03-10', null, 'PAST'],
  ['2027-03-12', null, 'TOO_FAR'],
  ['2026-02-30', null, 'INVALID'],
  ['Friday', '2026-03-13', 'OK'],
  ['Friday week', '2026-03-20', 'OK'],
  ['tomorrow afternoon', '2026-03-12', 'OK'],
  ['first thing on Monday', '2026-03-16', 'OK'],
  ['the third at ten', '2026-04-03', 'OK'],
  ['in two hours', '2026-03-11', 'OK'],
  ['Thursday, no, Friday', '2026-03-13', 'OK'],
  ['Wednesday', null, 'WEEKDAY_IS_TODAY'],
  ['Thursday the thirteenth', null, 'WEEKDAY_MISMATCH'],
  ['Thursday or Friday', null, 'SEVERAL'],
  ['next week', null, 'VAGUE'],
  ['by Friday', null, 'VAGUE'],
  ['every Friday', null, 'VAGUE'],
  ['yesterday', null, 'PAST'],
  ['February thirtieth', null, 'INVALID'],
  ['some day', null, 'VAGUE'],
])('the date %s is %s: %s', (text, date, reason) => {
  const resolved = resolveSpokenDate(text, { now, timeZone });
  expect({ date: resolved.date?.toString() ?? null, reason: resolved.reason }).toEqual({ date, reason });
});

interface Row {
  readonly id: string;
  readonly now: string;
  readonly timeZone: string;
  readonly utterance: string;
  readonly expected: { readonly startsAt: string | null; readonly ambiguous: boolean; readonly reason: string };
}

const rowsOf = (table: URL): Row[] =>
  fs
    .readFileSync(table, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line));

const heard = ({ now, timeZone, utterance }: Row) => resolveSpokenTime(utterance, { now: new Date(now), timeZone });

const fixture = new URL('../fixtures/spoken-times.jsonl', import.meta.url);
const shared = new URL('../../../shared/data/spoken-times.jsonl', import.meta.url);

describe.each([
  ['what people and models say', fixture],
  ['the shared table (skipped where it is missing)', shared],
])('%s', (_name, table) => {
  test.skipIf(!fs.existsSync(table))('is understood, asked about or refused as each row says, and never taken for another time', () => {
    const rows = rowsOf(table);
    expect(rows.length).toBeGreaterThan(100);
    const wrong = rows.flatMap((row) => {
      const { startsAt, ambiguous, reason } = heard(row);
      const expected = { ...row.expected, startsAt: row.expected.startsAt && new Date(row.expected.startsAt).toISOString() };
      const got = { startsAt: startsAt?.toISOString() ?? null, ambiguous, reason };
      return JSON.stringify(got) === JSON.stringify(expected) ? [] : [{ id: row.id, utterance: row.utterance, got, expected }];
    });
    const { length } = rows.filter(({ expected }) => expected.startsAt);
    console.info(`${rows.length - wrong.length} of ${rows.length} rows are as expected, ${length} of them times`);
    expect(wrong).toEqual([]);
  });
});

test('a time is read in less than a millisecond', () => {
  const took = rowsOf(fixture).map((row) => {
    const began = performance.now();
    heard(row);
    return performance.now() - began;
  });
  const [median = Number.NaN] = took.toSorted((one, other) => one - other).slice(Math.floor(took.length / 2));
  console.info(`median ${median.toFixed(3)} ms`);
  expect(median).toBeLessThan(1);
});

test.each([
  ['14:30', '14:30:00'],
  ['03:30', '03:30:00'],
  ['14:30:00', '14:30:00'],
  ['half past two', '14:30:00'],
  ['at seven in the evening', '19:00:00'],
  ['nine', '09:00:00'],
  ['seven', 'AMBIGUOUS_HOUR'],
  ['two or three', 'SEVERAL'],
  ['25:00', 'INVALID'],
  ['after three', 'VAGUE'],
  ['tomorrow at three', 'VAGUE'],
  ['at tea time', 'VAGUE'],
  ['', 'VAGUE'],
])('the time of day %s is %s', (text, time) => {
  expect(String(resolveSpokenClock(text))).toBe(time);
});
