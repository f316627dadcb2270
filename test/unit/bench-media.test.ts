import { describe, expect, test } from 'vitest';
import { Playout } from '../../bench/media/fakes/playout.ts';
import { Histogram } from '../../bench/media/histogram.ts';
import { readOptions } from '../../bench/media/options.ts';
import { FRAME_BYTES, type Stamp, StampReader, stampedRun } from '../../bench/media/stamp.ts';

describe('the histogram of the media bench', () => {
  test('gives quantiles within 1.6 % of the values, whatever their size', () => {
    for (const scale of [1, 100, 10_000, 1_000_000]) {
      const histogram = new Histogram();
      for (let value = 1; value <= 1_000; value++) histogram.add(value * scale);
      for (const share of [0.5, 0.95, 0.99]) {
        const exact = share * 1_000 * scale;
        expect(Math.abs(histogram.quantile(share) - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.016));
      }
      expect(histogram.quantile(1)).toBe(1_000 * scale);
    }
  });

  test('merged parts are as if all had been added to one', () => {
    const [one, other, both] = [new Histogram(), new Histogram(), new Histogram()];
    for (let value = 0; value < 500; value++) {
      (value % 2 ? one : other).add(value * 37);
      both.add(value * 37);
    }
    expect(one.merge(other.data).data).toEqual(both.data);
  });
});

describe('the stamped frames of the media bench', () => {
  const stamp: Stamp = { flags: 3, call: 399, sequence: 7, turn: 2, sentAtUs: 1_234_567.5 };
  const audio = Buffer.from(stampedRun(5, stamp), 'base64');

  function read(pieces: readonly Buffer[]) {
    const found: Stamp[] = [];
    const reader = new StampReader((frame) => found.push(frame));
    for (const piece of pieces) reader.read(piece);
    return { found, foreign: reader.foreignBytes, damaged: reader.damagedFrames };
  }

  test('are found whole however a bridge cuts them', () => {
    for (const size of [1, 33, FRAME_BYTES, 500]) {
      const pieces = Array.from({ length: Math.ceil(audio.length / size) }, (_, index) => audio.subarray(index * size, (index + 1) * size));
      const { found, foreign, damaged } = read(pieces);
      expect(found).toEqual([7, 8, 9, 10, 11].map((sequence) => ({ ...stamp, sequence })));
      expect({ foreign, damaged }).toEqual({ foreign: 0, damaged: 0 });
    }
  });

  test('show silence that was put between them and bytes that were changed', () => {
    const silence = Buffer.alloc(320, 0xff);
    const changed = Buffer.from(audio.subarray(FRAME_BYTES, 2 * FRAME_BYTES));
    changed[100] = (changed[100] ?? 0) ^ 1;
    const { found, foreign, damaged } = read([audio.subarray(0, FRAME_BYTES), silence, changed]);
    expect(found.map(({ sequence }) => sequence)).toEqual([7, 8]);
    expect({ foreign, damaged }).toEqual({ foreign: 320, damaged: 1 });
  });
});

describe('the playout of a caller in the media bench', () => {
  const SECOND_OF_AUDIO = 8_000;

  test('knows what was heard of each answer when it is cleared', () => {
    const playout = new Playout();
    playout.add(1, SECOND_OF_AUDIO, 0);
    playout.add(2, SECOND_OF_AUDIO, 200_000);
    playout.mark('both', 200_000);
    expect(playout.dueMarks(1_400_000)).toEqual([]);
    expect(playout.clear(1_400_000)).toEqual({ marks: ['both'], cut: [{ answer: 2, heardMs: 400 }] });
    expect(playout.remainingMs(1_400_000)).toBe(0);
  });

  test('stands still while nothing is there to play', () => {
    const playout = new Playout();
    playout.add(1, SECOND_OF_AUDIO, 0);
    playout.mark('first', 0);
    expect(playout.dueMarks(1_000_000)).toEqual(['first']);
    playout.add(1, SECOND_OF_AUDIO, 3_000_000);
    expect(playout.clear(3_250_000).cut).toEqual([{ answer: 1, heardMs: 1_250 }]);
  });
});

test('the media bench names an option that it cannot use', () => {
  expect(() => readOptions(['--levels', 'many'])).toThrow(/--levels/);
  expect(() => readOptions(['--loud', '1'])).toThrow(/--loud/);
  expect(readOptions(['--levels', '50,100'])).toMatchObject({ levels: [50, 100], rounds: 2 });
});
