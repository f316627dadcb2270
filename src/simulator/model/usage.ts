import type { Memory } from './memory.ts';

/** Tokens of one answer, in the vendor's shape. */
export interface UtteranceUsage {
  readonly total_tokens: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_token_details: {
    readonly cached_tokens: number;
    readonly text_tokens: number;
    readonly audio_tokens: number;
    readonly cached_tokens_details: { readonly text_tokens: number; readonly audio_tokens: number };
  };
  readonly output_token_details: { readonly text_tokens: number; readonly audio_tokens: number };
}

/** The vendor counts a token for every 100 ms heard and every 50 ms spoken; text comes to some four characters a token. */
const HEARD_MS_PER_TOKEN = 100;
const SPOKEN_MS_PER_TOKEN = 50;
export const textTokens = (text: string): number => Math.ceil(text.length / 4);
export const heardTokens = (ms: number): number => Math.ceil(ms / HEARD_MS_PER_TOKEN);

/** Counts what each answer costs: the whole conversation is its input, and what an earlier answer had is cached. */
export class UsageMeter {
  #cachedText = 0;
  #cachedAudio = 0;

  answer(instructions: string, memory: readonly Memory[], heardMs: number, output: { text: string; spokenMs: number }): UtteranceUsage {
    const written = memory.map((entry) =>
      entry.type === 'caller' ? '' : entry.type === 'tool-call' ? entry.arguments : entry.type === 'tool-result' ? entry.output : entry.text,
    );
    const inputText = textTokens(instructions + written.join(''));
    const inputAudio = heardTokens(heardMs);
    const cachedText = Math.min(this.#cachedText, inputText);
    const cachedAudio = Math.min(this.#cachedAudio, inputAudio);
    this.#cachedText = inputText;
    this.#cachedAudio = inputAudio;
    const outputText = textTokens(output.text);
    const outputAudio = Math.ceil(output.spokenMs / SPOKEN_MS_PER_TOKEN);
    const input = inputText + inputAudio;
    return {
      total_tokens: input + outputText + outputAudio,
      input_tokens: input,
      output_tokens: outputText + outputAudio,
      input_token_details: {
        cached_tokens: cachedText + cachedAudio,
        text_tokens: inputText,
        audio_tokens: inputAudio,
        cached_tokens_details: { text_tokens: cachedText, audio_tokens: cachedAudio },
      },
      output_token_details: { text_tokens: outputText, audio_tokens: outputAudio },
    };
  }
}
