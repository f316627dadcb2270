import { expect, test } from 'vitest';
import { readRange } from '../../src/http/byte-range.ts';

test.each([
  [undefined, 'whole'],
  ['bytes=0-99', { first: 0, last: 99 }],
  ['bytes=0-', { first: 0, last: 999 }],
  ['bytes=500-', { first: 500, last: 999 }],
  ['bytes=999-5000', { first: 999, last: 999 }],
  ['bytes=-100', { first: 900, last: 999 }],
  ['bytes=-5000', { first: 0, last: 999 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=9-3', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=a-b', 'whole'],
  ['items=0-1', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=99999999999999999999-', 'whole'],
] as const)('of a thousand bytes, %s is %j', (header, asked) => {
  expect(readRange(header, 1_000)).toEqual(asked);
});

test('of nothing there is no part', () => {
  expect(readRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(readRange(undefined, 0)).toBe('whole');
});
