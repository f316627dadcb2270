import { microsOf, type Price } from '../kit/price.ts';

/** What vendors charge. Minutes are begun ones, as carriers count; tokens are priced by the million. */
export type PriceList = Readonly<Record<PriceName, Price>>;

const minute = (dollars: string): Price => price(dollars, 1);
const millionTokens = (dollars: string): Price => price(dollars, 1_000_000);

function price(dollars: string, per: number): Price {
  const micros = microsOf(dollars);
  if (micros === null) throw new Error(`${dollars} is no price`);
  return { micros, per };
}

/** In US dollars, without taxes, as of the default models and a carrier account in the US. */
export const DEFAULT_PRICES = {
  carrierInboundMinute: minute('0.0085'),
  carrierOutboundMinute: minute('0.013'),
  carrierStreamMinute: minute('0.004'),
  transferMinute: minute('0.013'),
  recordingMinute: minute('0.0025'),
  speechRecognitionTurn: price('0.02', 1),
  voiceModelTextIn: millionTokens('4'),
  voiceModelTextInCached: millionTokens('0.4'),
  voiceModelAudioIn: millionTokens('32'),
  voiceModelAudioInCached: millionTokens('0.4'),
  voiceModelTextOut: millionTokens('16'),
  voiceModelAudioOut: millionTokens('64'),
  /** Counted in seconds. */
  transcriptionMinute: price('0.003', 60),
  textModelIn: millionTokens('0.4'),
  textModelInCached: millionTokens('0.1'),
  textModelOut: millionTokens('1.6'),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof DEFAULT_PRICES;

/**
 * The prices, some of them told otherwise.
 *
 * @param text `PRICE_LIST`: a JSON object from names to dollars as text, e.g. `{"carrierInboundMinute":"0.01"}`.
 * @param problems what cannot be used is said here.
 */
export function priceList(text: string | undefined, problems: string[]): PriceList {
  if (!text) return DEFAULT_PRICES;
  const given = parse(text);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push('PRICE_LIST: a JSON object such as {"carrierInboundMinute":"0.01"}');
    return DEFAULT_PRICES;
  }
  const prices: Record<PriceName, Price> = { ...DEFAULT_PRICES };
  for (const [name, value] of Object.entries(given)) {
    const micros = typeof value === 'string' || typeof value === 'number' ? microsOf(String(value)) : null;
    if (!isPriceName(name)) problems.push(`PRICE_LIST: ${name} is none of ${Object.keys(DEFAULT_PRICES).join(', ')}`);
    else if (micros === null || micros < 0) problems.push(`PRICE_LIST: ${name} is a number of dollars, e.g. "0.0085"`);
    else prices[name] = { micros, per: DEFAULT_PRICES[name].per };
  }
  return prices;
}

const isPriceName = (name: string): name is PriceName => Object.hasOwn(DEFAULT_PRICES, name);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
