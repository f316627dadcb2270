import { describe, expect, test } from 'vitest';
import { DEFAULT_PRICES, priceList } from '../../src/config/prices.ts';
import { begunMinutes, carrierQuantities, charge, textQuantities, voiceQuantities } from '../../src/domain/calls/costs/pricing.ts';
import { costOf, microsOf } from '../../src/kit/price.ts';

test.each([
  ['0.0085', 8_500],
  ['-0.00850', -8_500],
  ['1.15', 1_150_000],
  ['0', 0],
  ['-0', 0],
  ['12', 12_000_000],
  ['0.0000004', 0],
  ['0.0000005', 1],
  ['', null],
  ['free', null],
  ['1e3', null],
  ['.5', null],
])('%j dollars are %s millionths', (text, micros) => expect(microsOf(text)).toBe(micros));

describe('what a quantity costs', () => {
  test.each([
    [1, { micros: 8_500, per: 1 }, 8_500n],
    [1.2, { micros: 8_500, per: 1 }, 17_000n],
    [0, { micros: 8_500, per: 1 }, 0n],
    [-3, { micros: 8_500, per: 1 }, 0n],
    [1, { micros: 400_000, per: 1_000_000 }, 0n],
    [2, { micros: 400_000, per: 1_000_000 }, 1n],
    [1_000_000, { micros: 64_000_000, per: 1_000_000 }, 64_000_000n],
  ])('%d at %j is %s', (quantity, price, micros) => expect(costOf(quantity, price)).toBe(micros));

  test('is the same whether counted at once or by parts, but for what is rounded', () => {
    const whole = charge(DEFAULT_PRICES, 'voice-model-audio-out', 30_000).amountMicros;
    const parts = Array.from({ length: 30 }, () => charge(DEFAULT_PRICES, 'voice-model-audio-out', 1_000).amountMicros).reduce((sum, part) => sum + part, 0n);
    expect(parts).toBe(whole);
    expect(whole).toBe(1_920_000n);
  });
});

test.each([
  [0, 0],
  [1, 1],
  [60, 1],
  [61, 2],
  [-5, 0],
])('%d seconds are %d minutes to a carrier', (seconds, minutes) => expect(begunMinutes(seconds)).toBe(minutes));

describe('tokens', () => {
  const tokens = { inputTextTokens: 100, inputAudioTokens: 200, cachedTokens: 0, outputTextTokens: 10, outputAudioTokens: 40 };

  test.each([
    ['none cached', {}, [100, 0, 200, 0]],
    ['text cached first where the model does not say', { cachedTokens: 150 }, [0, 100, 150, 50]],
    ['as the model says', { cachedTokens: 150, cachedAudioTokens: 120 }, [70, 30, 80, 120]],
    ['all cached', { cachedTokens: 300, cachedAudioTokens: 200 }, [0, 100, 0, 200]],
    ['never more than went in', { cachedTokens: 900, cachedAudioTokens: 800 }, [100, 0, 0, 200]],
  ] as const)('are counted once, fresh or cached: %s', (_name, more, [text, cachedText, audio, cachedAudio]) => {
    const quantities = new Map(voiceQuantities({ ...tokens, ...more }).map(({ item, quantity }) => [item, quantity]));
    const of = (item: Parameters<typeof quantities.get>[0]) => quantities.get(item) ?? 0;
    expect([of('voice-model-text-in'), of('voice-model-text-in-cached'), of('voice-model-audio-in'), of('voice-model-audio-in-cached')]).toEqual([
      text,
      cachedText,
      audio,
      cachedAudio,
    ]);
    expect([...quantities.values()].reduce((sum, quantity) => sum + quantity, 0)).toBe(350);
  });

  test('of a text model likewise; nothing that is nothing', () => {
    expect(textQuantities({ inputTokens: 100, cachedTokens: 100, outputTokens: 5 })).toEqual([
      { item: 'text-model-in-cached', quantity: 100 },
      { item: 'text-model-out', quantity: 5 },
    ]);
  });
});

test('a leg is counted by its direction, and its media stream where one ran', () => {
  expect(carrierQuantities({ direction: 'INBOUND', durationSeconds: 61, streamed: true })).toEqual({
    leg: { item: 'carrier-minutes-inbound', quantity: 2 },
    stream: { item: 'carrier-stream', quantity: 2 },
  });
  expect(carrierQuantities({ direction: 'OUTBOUND', durationSeconds: null, streamed: true })).toEqual({
    leg: { item: 'carrier-minutes-outbound', quantity: 0 },
    stream: null,
  });
});

describe('the price list', () => {
  test('is ours where nothing else is said, and names are overridden one by one', () => {
    const problems: string[] = [];
    expect(priceList(undefined, problems)).toBe(DEFAULT_PRICES);
    const prices = priceList('{"carrierInboundMinute":"0.01","voiceModelAudioIn":40}', problems);
    expect(prices.carrierInboundMinute).toEqual({ micros: 10_000, per: 1 });
    expect(prices.voiceModelAudioIn).toEqual({ micros: 40_000_000, per: 1_000_000 });
    expect(prices.carrierOutboundMinute).toEqual({ micros: 13_000, per: 1 });
    expect(problems).toEqual([]);
  });

  test.each(['cheap', '[]', '{"carrierInboundMinute":"free"}', '{"carrierInboundMinute":"-1"}', '{"lunch":"9.50"}'])('cannot be %s', (text) => {
    const problems: string[] = [];
    priceList(text, problems);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('PRICE_LIST');
  });
});
