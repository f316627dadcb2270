import { costOf, type Price } from '../../../kit/price.ts';
import { MINUTE, SECOND } from '../../../kit/time.ts';

/** What is paid for, and by which of the prices; `unit` is what the quantity counts. */
const ITEMS = {
  'carrier-minutes-inbound': { price: 'carrierInboundMinute', unit: 'minute' },
  'carrier-minutes-outbound': { price: 'carrierOutboundMinute', unit: 'minute' },
  'carrier-stream': { price: 'carrierStreamMinute', unit: 'minute' },
  'transfer-minutes': { price: 'transferMinute', unit: 'minute' },
  recording: { price: 'recordingMinute', unit: 'minute' },
  'speech-recognition': { price: 'speechRecognitionTurn', unit: 'turn' },
  'voice-model-text-in': { price: 'voiceModelTextIn', unit: 'token' },
  'voice-model-text-in-cached': { price: 'voiceModelTextInCached', unit: 'token' },
  'voice-model-audio-in': { price: 'voiceModelAudioIn', unit: 'token' },
  'voice-model-audio-in-cached': { price: 'voiceModelAudioInCached', unit: 'token' },
  'voice-model-text-out': { price: 'voiceModelTextOut', unit: 'token' },
  'voice-model-audio-out': { price: 'voiceModelAudioOut', unit: 'token' },
  transcription: { price: 'transcriptionMinute', unit: 'second' },
  'text-model-in': { price: 'textModelIn', unit: 'token' },
  'text-model-in-cached': { price: 'textModelInCached', unit: 'token' },
  'text-model-out': { price: 'textModelOut', unit: 'token' },
} as const;

export type CostItem = keyof typeof ITEMS;
export type PriceName = (typeof ITEMS)[CostItem]['price'];
/** What vendors charge: see the settings. */
export type PriceList = Readonly<Record<PriceName, Price>>;

/** So much of something, and what it costs by the price list. */
export interface Charge {
  readonly item: CostItem;
  readonly quantity: number;
  readonly unit: string;
  readonly amountMicros: bigint;
}

/** @param quantity in the item's unit, e.g. tokens, or minutes of which one that was begun counts whole. */
export const charge = (prices: PriceList, item: CostItem, quantity: number): Charge => ({
  item,
  quantity,
  unit: ITEMS[item].unit,
  amountMicros: costOf(quantity, prices[ITEMS[item].price]),
});

/** Minutes as carriers count them: one that was begun is paid whole. */
export const begunMinutes = (seconds: number): number => Math.ceil(Math.max(0, seconds) / (MINUTE / SECOND));

/** Tokens of a voice model. The cached ones are part of the text and audio that went in. */
export interface VoiceTokens {
  readonly inputTextTokens: number;
  readonly inputAudioTokens: number;
  readonly cachedTokens: number;
  /** How many of the cached ones were audio; where the model does not say, the text counts as cached first. */
  readonly cachedAudioTokens?: number | undefined;
  readonly outputTextTokens: number;
  readonly outputAudioTokens: number;
}

/** How much of each item: every token once, either fresh or cached. Nothing that is nothing. */
export function voiceQuantities(tokens: VoiceTokens): { readonly item: CostItem; readonly quantity: number }[] {
  const { inputTextTokens, inputAudioTokens, outputTextTokens, outputAudioTokens } = tokens;
  const cached = Math.min(tokens.cachedTokens, inputTextTokens + inputAudioTokens);
  const cachedText = Math.min(inputTextTokens, tokens.cachedAudioTokens === undefined ? cached : Math.max(0, cached - tokens.cachedAudioTokens));
  const cachedAudio = Math.min(inputAudioTokens, cached - cachedText);
  return some([
    { item: 'voice-model-text-in', quantity: inputTextTokens - cachedText },
    { item: 'voice-model-text-in-cached', quantity: cachedText },
    { item: 'voice-model-audio-in', quantity: inputAudioTokens - cachedAudio },
    { item: 'voice-model-audio-in-cached', quantity: cachedAudio },
    { item: 'voice-model-text-out', quantity: outputTextTokens },
    { item: 'voice-model-audio-out', quantity: outputAudioTokens },
  ]);
}

/** @param usage as the text model counts: the cached tokens are part of those that went in. */
export function textQuantities(usage: { readonly inputTokens: number; readonly cachedTokens: number; readonly outputTokens: number }) {
  const cached = Math.min(usage.cachedTokens, usage.inputTokens);
  return some([
    { item: 'text-model-in', quantity: usage.inputTokens - cached },
    { item: 'text-model-in-cached', quantity: cached },
    { item: 'text-model-out', quantity: usage.outputTokens },
  ]);
}

/** What the carrier's connection costs by the list: the leg itself, and the media stream where one ran. */
export function carrierQuantities(call: { readonly direction: 'INBOUND' | 'OUTBOUND'; readonly durationSeconds: number | null; readonly streamed: boolean }) {
  const minutes = begunMinutes(call.durationSeconds ?? 0);
  const leg: CostItem = call.direction === 'INBOUND' ? 'carrier-minutes-inbound' : 'carrier-minutes-outbound';
  return { leg: { item: leg, quantity: minutes }, stream: call.streamed && minutes > 0 ? { item: 'carrier-stream' as const, quantity: minutes } : null };
}

function some(quantities: { readonly item: CostItem; readonly quantity: number }[]) {
  return quantities.filter(({ quantity }) => quantity > 0);
}
