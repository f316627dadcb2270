import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isOptOut } from '../../src/domain/contacts/opt-out.ts';

const row = z.object({ utterance: z.string(), expected: z.object({ optOut: z.boolean().default(false) }) });
const answers = readFileSync(new URL('../fixtures/answers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => row.parse(JSON.parse(line)));

/** `wishes` not to be called again; `others` are the same words about something else: a time, a number, a question, a story. */
const phrases = z
  .object({ wishes: z.array(z.string()), others: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/opt-outs.json', import.meta.url), 'utf8')));

describe('an opt-out', () => {
  it.each(phrases.wishes)('%s', (words) => expect(isOptOut(words)).toBe(true));

  it('is heard whatever the recogniser makes of capitals, apostrophes and full stops', () => {
    for (const words of phrases.wishes.map((wish) => wish.toUpperCase().replaceAll("'", '’').replace(/[.?!]/g, ' ,')))
      expect([words, isOptOut(words)]).toEqual([words, true]);
  });

  it('is heard in the recorded answers, and nothing else is', () => {
    expect(answers.filter(({ utterance }) => isOptOut(utterance))).toEqual(answers.filter(({ expected }) => expected.optOut));
  });
});

describe('no opt-out', () => {
  it.each(phrases.others)('%s', (words) => expect(isOptOut(words)).toBe(false));
});
