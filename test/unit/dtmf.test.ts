import { describe, expect, test } from 'vitest';
import { DTMF_DIGITS, dtmfTones } from '../../src/kit/dtmf.ts';
import { KeypadEar } from '../../src/simulator/audio/keypad-ear.ts';
import { decodeSample } from '../../src/simulator/audio/mulaw.ts';

/** The keys that a receiver of its own making hears. */
const heard = (audio: Buffer): string => {
  const ear = new KeypadEar();
  let keys = '';
  for (let at = 0; at < audio.length; at += 160) keys += ear.push(audio.subarray(at, at + 160));
  return keys;
};

describe('keys as sound', () => {
  test.each([...'0123456789*#'])('%s is its own pair of tones and no other', (digit) => {
    expect(heard(dtmfTones(digit))).toBe(digit);
  });

  test('many are heard in order, each as often as it was pressed', () => {
    expect(heard(dtmfTones('00441234*#7788'))).toBe('00441234*#7788');
  });

  test('a key takes 100 ms and a gap of 100 ms; w waits for half a second, W for one', () => {
    expect(dtmfTones('1').length).toBe(8 * 200);
    expect(dtmfTones('1w2W').length).toBe(8 * (200 + 500 + 200 + 1_000));
    expect(heard(dtmfTones('1w2W3'))).toBe('123');
  });

  test('is loud enough to be heard and never clipped', () => {
    const samples = [...dtmfTones('5').subarray(80, 720)].map(decodeSample);
    const peak = Math.max(...samples.map(Math.abs));
    const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    expect(peak).toBeLessThan(20_000);
    expect(20 * Math.log10(rms / 32_767)).toBeGreaterThan(-16);
    expect(20 * Math.log10(rms / 32_767)).toBeLessThan(-9);
  });

  test('what is no key is refused', () => {
    expect(() => dtmfTones('1a')).toThrow(RangeError);
    expect(DTMF_DIGITS.test('12*#wW')).toBe(true);
    expect(DTMF_DIGITS.test('12-3')).toBe(false);
  });
});
