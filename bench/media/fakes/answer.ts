import { FRAME_MS, nowUs, stampedRun } from '../stamp.ts';
import type { ModelOptions } from './model-record.ts';

/** One answer of the model while it is made, and what is needed of it afterwards. */
export class Answer {
  readonly number: number;
  readonly responseId: string;
  readonly itemId: string;
  sentFrames = 0;
  lateFrames = 0;
  readonly #call: number;
  readonly #totalFrames: number;
  readonly #framesPerDelta: number;
  readonly #stepUs: number;
  #dueUs = nowUs();

  constructor(call: number, number: number, options: ModelOptions) {
    this.#call = call;
    this.number = number;
    this.responseId = `resp_${call}_${number}`;
    this.itemId = `item_answer_${call}_${number}`;
    this.#totalFrames = Math.round(options.answerMs / FRAME_MS);
    this.#framesPerDelta = Math.round(options.deltaMs / FRAME_MS);
    this.#stepUs = (options.deltaMs * 1_000) / (options.speeds[number % options.speeds.length] ?? 1);
  }

  get complete(): boolean {
    return this.sentFrames >= this.#totalFrames;
  }

  get sentMs(): number {
    return this.sentFrames * FRAME_MS;
  }

  get late(): boolean {
    return this.lateFrames > 0;
  }

  /** Whether a delta is due; asking moves the next one on. */
  takeTurn(now: number): boolean {
    if (this.complete || this.#dueUs > now) return false;
    this.#dueUs += this.#stepUs;
    return true;
  }

  nextDelta(late = false): string {
    const frames = Math.min(this.#framesPerDelta, this.#totalFrames - this.sentFrames);
    const audio = stampedRun(frames, { flags: 0, call: this.#call, sequence: this.sentFrames, turn: this.number, sentAtUs: nowUs() });
    this.sentFrames += frames;
    if (late) this.lateFrames += frames;
    return audio;
  }

  /** The answer as `response.created` and `response.done` carry it. */
  response(status: 'in_progress' | 'completed' | 'cancelled', reason?: string): object {
    const over = status !== 'in_progress';
    return {
      object: 'realtime.response',
      id: this.responseId,
      status,
      status_details: reason ? { type: 'cancelled', reason } : null,
      output: over ? [this.item(status === 'completed' ? 'completed' : 'incomplete')] : [],
      conversation_id: 'conv_bench',
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      audio: { output: { format: { type: 'audio/pcmu' }, voice: 'marin' } },
      usage: over ? USAGE : null,
      metadata: null,
    };
  }

  item(status: 'in_progress' | 'completed' | 'incomplete'): object {
    const content = status === 'in_progress' ? [] : [{ type: 'output_audio', transcript: TRANSCRIPT }];
    return { id: this.itemId, object: 'realtime.item', type: 'message', status, role: 'assistant', content };
  }
}

export const TRANSCRIPT = 'Of course. We have two openings on Thursday, one at ten and one at half past two; which of them suits you?';

const USAGE = {
  total_tokens: 412,
  input_tokens: 270,
  output_tokens: 142,
  input_token_details: { text_tokens: 160, audio_tokens: 110, cached_tokens: 64 },
  output_token_details: { text_tokens: 32, audio_tokens: 110 },
};
