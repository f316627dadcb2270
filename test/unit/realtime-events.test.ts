import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readServerEvent } from '../../src/vendors/openai/realtime-events.ts';

const WORDS = ['response.output_audio_transcript.delta', 'conversation.item.input_audio_transcription.delta'] as const;
const escapeAll = (json: string) => json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('words that are taken from where they stand', () => {
  test('are those that a parser finds, whatever is said, escaped or not, in whatever order', () => {
    const id = fc.stringMatching(/^\w{1,24}$/);
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', '\\', '"delta":"', '\n', '","item_id":"other"', 'ß', '👋'));
    const logprobs = fc.option(fc.array(fc.record({ token: text, logprob: fc.double({ noNaN: true }) }), { maxLength: 2 }), { nil: undefined });
    const order = fc.shuffledSubarray(['response_id', 'item_id', 'delta', 'logprobs'] as const, { minLength: 4 });
    const words = fc.record({ response_id: id, item_id: id, delta: text, logprobs });
    fc.assert(
      fc.property(fc.constantFrom(...WORDS), words, order, fc.boolean(), (type, said, keys, escaped) => {
        const json = JSON.stringify({ type, event_id: 'event_1', ...Object.fromEntries(keys.map((key) => [key, said[key]])) });
        const { item_id: itemId, response_id: responseId, delta } = said;
        expect(readServerEvent(Buffer.from(escaped ? escapeAll(json) : json))).toEqual(
          type === WORDS[0]
            ? { type: 'answer-words', responseId, itemId, delta: delta.toWellFormed() }
            : { type: 'caller-words', itemId, delta: delta.toWellFormed() },
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(WORDS)('%s without what it must have is an error', (type) => {
    expect(() => readServerEvent(Buffer.from(JSON.stringify({ type, item_id: 'i', response_id: 'r' })))).toThrow();
    expect(() => readServerEvent(Buffer.from(JSON.stringify({ type, delta: 'a', response_id: 'r' })))).toThrow();
  });
});

test('what means nothing to a call is passed over, and what is no event is an error', () => {
  expect(readServerEvent(Buffer.from('{"type":"rate_limits.updated","rate_limits":[]}'))).toBeNull();
  expect(readServerEvent(Buffer.from('{"more":1,"type":"response.output_item.added"}'))).toBeNull();
  for (const frame of ['', 'null', '[]', '{}', '{"type":7}', '{"type":"response.created"}']) expect(() => readServerEvent(Buffer.from(frame))).toThrow();
});
