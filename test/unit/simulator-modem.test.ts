import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Demodulator, wordsToText } from '../../src/simulator/audio/demodulator.ts';
import { heardText, SYMBOL_SAMPLES, silence, speak } from '../../src/simulator/audio/modem.ts';
import { decodeSample, encodeSample } from '../../src/simulator/audio/mulaw.ts';
import { VoiceActivity } from '../../src/simulator/audio/voice-activity.ts';

const listen = (...chunks: Uint8Array[]) => {
  const demodulator = new Demodulator();
  return wordsToText(chunks.flatMap((chunk) => demodulator.push(chunk)));
};
const spaced = (text: string) => text.toWellFormed().split(/\s+/u).filter(Boolean).join(' ');

function cut(audio: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < audio.length; index += 1) {
    const length = lengths[index % lengths.length] ?? 160;
    chunks.push(audio.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

describe('words as sound', () => {
  test('any text arrives as it was spoken, however the audio is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }), (text, lengths) => {
        expect(listen(...cut(speak(text).audio, lengths))).toBe(spaced(text));
      }),
      { numRuns: 150 },
    );
  });

  test('it survives being decoded to linear audio and encoded again', () => {
    const { audio } = speak('Grüße from Łódź, table for 6 at 19:30 — naïve café 👩‍🍳');
    const again = audio.map((byte) => encodeSample(decodeSample(byte)));
    expect(listen(again)).toBe('Grüße from Łódź, table for 6 at 19:30 — naïve café 👩‍🍳');
  });

  test('it survives a line that is half as loud, noisy and a few samples late', () => {
    const { audio } = speak('I would like to book a haircut for Tuesday at three.');
    let seed = 1;
    const noise = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return (seed / 2_147_483_647 - 0.5) * 600;
    };
    const line = Buffer.from([...silence(3), ...audio].map((byte) => encodeSample(Math.round(decodeSample(byte) / 2 + noise()))));
    expect(listen(line)).toBe('I would like to book a haircut for Tuesday at three.');
  });

  test('an utterance that is cut off anywhere yields the words that were whole, and what follows is understood', () => {
    const first = speak('Certainly, we are open from nine to five.');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: first.audio.length }), (length) => {
        // A word whose last tone was cut short may still be made out.
        const heard = [length, length + SYMBOL_SAMPLES].map((samples) => spaced(`${heardText(first.words, samples / 8)} Sorry, go on.`));
        expect(heard).toContain(listen(first.audio.subarray(0, length), speak('Sorry, go on.').audio));
      }),
      { numRuns: 60 },
    );
  });

  test('a damaged word is left out rather than misheard', () => {
    const { audio, words } = speak('alpha bravo charlie');
    const damaged = Buffer.from(audio);
    const bravo = words[1];
    damaged.fill(0x20, ((bravo?.startMs ?? 0) + 60) * 8, ((bravo?.startMs ?? 0) + 90) * 8);
    expect(listen(damaged)).toBe('alpha charlie');
  });

  test('an ordinary sentence takes as long as people take for it', () => {
    const text = 'Hello, I would like to book a haircut for next Tuesday afternoon, please.';
    const perSecond = text.length / (speak(text).durationMs / 1_000);
    expect(perSecond).toBeGreaterThan(14);
    expect(perSecond).toBeLessThan(25);
  });

  test.skipIf(!fs.existsSync('../shared/data/speech'))('recorded human speech holds no words', () => {
    for (const name of fs.readdirSync('../shared/data/speech').filter((file) => file.endsWith('.ulaw'))) {
      expect(listen(fs.readFileSync(`../shared/data/speech/${name}`)), name).toBe('');
    }
  });
});

describe('telling speech from silence', () => {
  test('speech begins with its first loud sound and ends after the silence that was asked for', () => {
    const vad = new VoiceActivity({ silenceMs: 500 });
    const changes = [silence(400), speak('Hello there').audio, silence(800)].flatMap((audio) => vad.push(audio));
    const { words } = speak('Hello there');
    expect(changes).toEqual([
      { type: 'started', atMs: 400 + (words[0]?.startMs ?? 0) },
      { type: 'stopped', atMs: expect.any(Number), noticedMs: expect.any(Number) },
    ]);
    const [, stopped] = changes;
    expect(Math.abs((stopped?.atMs ?? 0) - 400 - (words[1]?.endMs ?? 0))).toBeLessThanOrEqual(10);
    expect(stopped?.type === 'stopped' && stopped.noticedMs - stopped.atMs).toBe(500);
  });

  test('pauses between words and sentences do not end it', () => {
    const vad = new VoiceActivity({ silenceMs: 300 });
    const changes = [speak('One, two. Three!').audio, silence(1_000)].flatMap((audio) => vad.push(audio));
    expect(changes.map((change) => change.type)).toEqual(['started', 'stopped']);
  });

  test('the cutting of the audio changes nothing', () => {
    const audio = Buffer.concat([silence(130), speak('A table for two, please.').audio, silence(900), speak('Hello?').audio, silence(900)]);
    const whole = new VoiceActivity({ silenceMs: 500 }).push(audio);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 }), (lengths) => {
        const vad = new VoiceActivity({ silenceMs: 500 });
        expect(cut(audio, lengths).flatMap((chunk) => vad.push(chunk))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  test('clicks are no speech', () => {
    const vad = new VoiceActivity({ silenceMs: 500 });
    expect([silence(200), Buffer.alloc(80, 0x80), silence(200)].flatMap((audio) => vad.push(audio))).toEqual([]);
  });

  test.skipIf(!fs.existsSync('../shared/data/speech'))('a noisy line with clicks is silence, and a person is not', () => {
    const heard = (name: string) => new VoiceActivity({ silenceMs: 500 }).push(fs.readFileSync(`../shared/data/speech/${name}.ulaw`)).length;
    expect(heard('noise-only')).toBe(0);
    expect(heard('booking')).toBeGreaterThan(0);
  });
});
