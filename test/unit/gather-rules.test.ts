import { describe, expect, test } from 'vitest';
import { type GatherFacts, gatherLine, gatherMove, heardSince, LISTEN_SECONDS, speechHints, spokenMs } from '../../src/domain/calls/gather/gather-rules.ts';

const facts: GatherFacts = {
  words: '',
  digits: '',
  quietSeconds: 0,
  asked: false,
  silenceSeconds: 20,
  elapsedMs: 10_000,
  maximumSeconds: 1_800,
  limitedByPlan: false,
};

describe('what follows from what was heard', () => {
  test.each<[string, Partial<GatherFacts>, ReturnType<typeof gatherMove>]>([
    ['words are answered', { words: ' Hello there. ' }, { type: 'answer', text: 'Hello there.' }],
    ['keys are answered', { digits: '42' }, { type: 'answer', text: '[pressed 42]' }],
    ['words and keys are one turn', { words: 'It is', digits: '7#' }, { type: 'answer', text: 'It is [pressed 7#]' }],
    ['words after a long silence are answered', { words: 'Yes', quietSeconds: 19, asked: true }, { type: 'answer', text: 'Yes' }],
    ['a short silence is listened through', {}, { type: 'listen', quietSeconds: LISTEN_SECONDS }],
    ['a longer one too', { quietSeconds: 12 }, { type: 'listen', quietSeconds: 12 + LISTEN_SECONDS }],
    ['a long one is asked about', { quietSeconds: 20 - LISTEN_SECONDS }, { type: 'ask' }],
    ['once', { quietSeconds: 20 - LISTEN_SECONDS, asked: true }, { type: 'end', reason: 'silence' }],
    ['the longest time ends it', { elapsedMs: 1_800_000 }, { type: 'end', reason: 'maximum-duration' }],
    ['whatever is being said', { elapsedMs: 1_900_000, words: 'And another thing' }, { type: 'end', reason: 'maximum-duration' }],
  ])('%s', (_name, more, move) => expect(gatherMove({ ...facts, ...more })).toEqual(move));

  test('a turn has an end', () => {
    const move = gatherMove({ ...facts, words: 'x'.repeat(10_000) });
    expect(move.type === 'answer' && move.text.length).toBe(4_000);
  });
});

describe('what was heard of a sentence', () => {
  const text = 'We are open from Monday to Friday, from nine to five.';

  test('is all of it where there was time to say it', () => {
    for (const sinceMs of [spokenMs(text), spokenMs(text) * 3, text.length * 40]) {
      expect(heardSince(text, sinceMs, '')).toEqual({ heardText: text, interrupted: false, audioMs: spokenMs(text), heardMs: spokenMs(text) });
    }
  });

  test('is cut at a word where there was not, and never grows when the reply was longer', () => {
    let before = text.length;
    for (const reply of ['No', 'No, not that', 'No, not that, I mean the other one']) {
      const heard = heardSince(text, 2_900, reply);
      expect(heard.interrupted).toBe(true);
      expect(text.startsWith(heard.heardText)).toBe(true);
      expect(heard.heardText.length).toBeLessThanOrEqual(before);
      expect(heard.heardMs).toBeLessThanOrEqual(heard.audioMs);
      before = heard.heardText.length;
    }
  });

  test('is nothing where the clock went backwards', () => {
    expect(heardSince(text, -5_000, 'Hi')).toMatchObject({ heardText: '', heardMs: 0, interrupted: true });
  });
});

test('a model is told that it hears through speech recognition, and in which language it speaks', () => {
  expect(gatherLine('de-DE')).toContain('speech recognition');
  expect(gatherLine('de-DE')).toContain('de-DE');
});

test('the name of the business is likely to be said', () => {
  expect(speechHints({ businessName: 'Brightwater Dental' })).toContain('Brightwater Dental');
});
