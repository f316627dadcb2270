import { Demodulator, type HeardWord, wordsToText } from '../audio/demodulator.ts';
import { FRAME_BYTES, SAMPLES_PER_MS } from '../audio/mulaw.ts';
import { VoiceActivity } from '../audio/voice-activity.ts';

export type HeardEvent =
  | { readonly type: 'started'; readonly atMs: number }
  | { readonly type: 'stopped'; readonly noticedMs: number; readonly text: string; readonly speechMs: number };

/** The model's ear: the caller's audio as turns with words, at positions that count all audio of the session. */
export class Ear {
  readonly #demodulator = new Demodulator();
  readonly #vad: VoiceActivity;
  #words: HeardWord[] = [];
  #startedMs = 0;
  #totalSpeechMs = 0;
  #bytes = 0;
  /** False where the client ends the turns itself: the words wait for it. */
  endsTurns = true;

  constructor(silenceMs: number) {
    this.#vad = new VoiceActivity({ silenceMs });
  }

  set silenceMs(silenceMs: number) {
    this.#vad.silenceMs = silenceMs;
  }

  get positionMs(): number {
    return this.#bytes / SAMPLES_PER_MS;
  }

  get speaking(): boolean {
    return this.#vad.speaking;
  }

  /** All that was spoken so far, in finished turns. */
  get totalSpeechMs(): number {
    return this.#totalSpeechMs;
  }

  push(audio: Buffer): HeardEvent[] {
    const events: HeardEvent[] = [];
    // In small steps, so that words and turns fall into the same order however much comes at once.
    for (let at = 0; at < audio.length; at += FRAME_BYTES) {
      const piece = audio.subarray(at, at + FRAME_BYTES);
      this.#bytes += piece.length;
      this.#words.push(...this.#demodulator.push(piece));
      for (const change of this.#vad.push(piece)) {
        if (change.type === 'started') {
          this.#startedMs = change.atMs;
          events.push({ type: 'started', atMs: change.atMs });
        } else {
          events.push({ type: 'stopped', noticedMs: change.noticedMs, text: this.endsTurns ? this.takeWords() : '', speechMs: change.atMs - this.#startedMs });
          this.#totalSpeechMs += change.atMs - this.#startedMs;
        }
      }
    }
    return events;
  }

  /** The words since the last turn; they are gone from here. */
  takeWords(): string {
    const text = wordsToText(this.#words);
    this.#words = [];
    return text;
  }
}
