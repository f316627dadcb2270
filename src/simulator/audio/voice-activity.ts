import { decodeSample, SAMPLES_PER_MS } from './mulaw.ts';

/** Loudness is taken in pieces of this length. */
const PIECE_MS = 10;
const PIECE_SAMPLES = PIECE_MS * SAMPLES_PER_MS;
/** So many loud pieces in a row are speech: a click is not. */
const LOUD_PIECES = 3;

export type VoiceChange =
  /** `atMs` is where the first loud piece begins, from the stream's beginning. */
  | { readonly type: 'started'; readonly atMs: number }
  /** `atMs` is where the last loud piece ended; `noticedMs` is later by the silence that was waited for. */
  | { readonly type: 'stopped'; readonly atMs: number; readonly noticedMs: number };

/** Tells speech from silence by loudness, in a stream of µ-law however it is cut into pieces. */
export class VoiceActivity {
  /** How long it has to be quiet until speech counts as over; may change between two pieces. */
  silenceMs: number;
  readonly #loudness: number;
  #samples = 0;
  #energy = 0;
  #loudRun = 0;
  #firstLoudAt = 0;
  #lastLoudEnd = 0;
  #speaking = false;

  /** @param loudness root mean square from which a piece is loud, out of 32,768; about -30 dBFS by default. */
  constructor(options: { silenceMs: number; loudness?: number }) {
    this.silenceMs = options.silenceMs;
    this.#loudness = options.loudness ?? 1_000;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  push(audio: Uint8Array): VoiceChange[] {
    const changes: VoiceChange[] = [];
    for (const byte of audio) {
      const sample = decodeSample(byte);
      this.#energy += sample * sample;
      this.#samples += 1;
      if (this.#samples % PIECE_SAMPLES !== 0) continue;
      const change = this.#piece(Math.sqrt(this.#energy / PIECE_SAMPLES) >= this.#loudness);
      this.#energy = 0;
      if (change) changes.push(change);
    }
    return changes;
  }

  #piece(loud: boolean): VoiceChange | null {
    const nowMs = this.#samples / SAMPLES_PER_MS;
    if (loud) {
      if (this.#loudRun === 0) this.#firstLoudAt = nowMs - PIECE_MS;
      this.#loudRun += 1;
      this.#lastLoudEnd = nowMs;
      if (this.#speaking || this.#loudRun < LOUD_PIECES) return null;
      this.#speaking = true;
      return { type: 'started', atMs: this.#firstLoudAt };
    }
    this.#loudRun = 0;
    if (!this.#speaking || nowMs - this.#lastLoudEnd < this.silenceMs) return null;
    this.#speaking = false;
    return { type: 'stopped', atMs: this.#lastLoudEnd, noticedMs: nowMs };
  }
}
