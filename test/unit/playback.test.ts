import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heardText } from '../../src/domain/calls/heard-text.ts';
import {
  audioSent,
  cleared,
  isHeard,
  isSilent,
  markReturned,
  markSent,
  nextMark,
  type Playback,
  position,
  remainingOf,
  silence,
} from '../../src/media/playback.ts';

const sendWithMark = (playback: Playback, itemId: string, ms: number, nowMs: number): Playback => {
  const sent = audioSent(playback, itemId, ms, nowMs);
  return markSent(sent, nextMark(sent, true) ?? '');
};

describe('the position of the carrier', () => {
  test('runs from the moment audio is sent into silence', () => {
    const playback = audioSent(silence, 'a', 1_000, 500);
    expect(position(playback, 500)).toBe(0);
    expect(position(playback, 800)).toBe(300);
  });

  test('never runs past what was sent', () => {
    expect(position(audioSent(silence, 'a', 200, 0), 5_000)).toBe(200);
  });

  test('stands still between two answers and goes on with the second', () => {
    const first = audioSent(silence, 'a', 200, 0);
    const second = audioSent(first, 'b', 400, 3_000);
    expect(position(second, 3_100)).toBe(300);
  });

  test('is held where a mark does not come back', () => {
    const playback = audioSent(sendWithMark(silence, 'a', 1_000, 0), 'a', 4_000, 10);
    expect(position(playback, 3_000)).toBe(1_150);
  });

  test('is corrected by a mark that comes late', () => {
    const sent = audioSent(sendWithMark(silence, 'a', 1_000, 0), 'a', 4_000, 10);
    const playback = markReturned(sent, '0:1000', 1_600);
    expect(position(playback, 1_700)).toBe(1_100);
  });

  test('a mark that comes back early moves it forward', () => {
    const sent = audioSent(sendWithMark(silence, 'a', 1_000, 0), 'a', 4_000, 10);
    expect(position(markReturned(sent, '0:1000', 900), 900)).toBe(1_000);
  });

  test('an unknown mark says nothing', () => {
    const playback = sendWithMark(silence, 'a', 1_000, 0);
    expect(markReturned(playback, '7:99', 100)).toBe(playback);
  });
});

describe('an interruption', () => {
  test('tells what was heard of each item', () => {
    const playback = audioSent(audioSent(silence, 'a', 400, 0), 'b', 600, 10);
    expect(cleared(playback, 700, null).cut.map(({ itemId, heardMs }) => [itemId, heardMs])).toEqual([['b', 300]]);
    expect(cleared(playback, 100, null).cut.map(({ itemId, heardMs }) => [itemId, heardMs])).toEqual([
      ['a', 100],
      ['b', 0],
    ]);
  });

  test('cuts an answer that was heard as far as it had come but would have gone on', () => {
    const playback = audioSent(silence, 'a', 400, 0);
    expect(cleared(playback, 900, 'a').cut).toEqual([{ itemId: 'a', startMs: 0, ms: 400, heardMs: 400 }]);
  });

  test('marks that the clear sends back do not count for what comes after', () => {
    const before = sendWithMark(silence, 'a', 1_000, 0);
    const after = sendWithMark(cleared(before, 100, null).playback, 'b', 500, 200);
    expect(markReturned(after, '0:1000', 210)).toBe(after);
  });
});

test('everything is heard only when the last mark is back', () => {
  const playback = sendWithMark(silence, 'a', 200, 0);
  expect(isSilent(playback, 300)).toBe(true);
  expect(isHeard(playback, 300)).toBe(false);
  expect(isHeard(markReturned(playback, '0:200', 210), 300)).toBe(true);
});

test('however audio, marks and time come, nothing is heard that was not sent, and time never runs backwards', () => {
  const moves = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('send' as const), ms: fc.integer({ min: 1, max: 2_000 }) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
      fc.record({ kind: fc.constant('mark' as const), ms: fc.constant(0) }),
    ),
  );
  fc.assert(
    fc.property(moves, (steps) => {
      let playback = silence;
      let now = 0;
      let sent = 0;
      for (const { kind, ms } of steps) {
        if (kind === 'wait') now += ms;
        if (kind === 'send') {
          playback = sendWithMark(playback, 'a', ms, now);
          sent += ms;
        }
        if (kind === 'mark' && playback.marks[0]) playback = markReturned(playback, playback.marks[0].name, now);
        const at = position(playback, now);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(sent);
        expect(remainingOf(playback, 'a', now)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

describe('the text that was heard', () => {
  test.each([
    ['I have half past two', 0, 1_000, ''],
    ['I have half past two', 1_000, 1_000, 'I have half past two'],
    ['I have half past two', 500, 1_000, 'I have'],
    ['I have half past two', 310, 1_000, 'I have'],
    ['I have half past two', 20, 1_000, ''],
    ['Hello', 900, 1_000, ''],
    ['', 100, 1_000, ''],
    ['Hello there', 500, 0, ''],
  ])('%j after %i of %i ms is %j', (text, heardMs, audioMs, expected) => {
    expect(heardText(text, heardMs, audioMs)).toBe(expected);
  });

  test('is always the beginning of the text, whole words only', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (words, share) => {
        const heard = heardText(words.join(' '), share * 1_000, 1_000);
        expect(heard === '' ? [] : heard.split(' ')).toEqual(words.slice(0, heard === '' ? 0 : heard.split(' ').length));
      }),
    );
  });
});
