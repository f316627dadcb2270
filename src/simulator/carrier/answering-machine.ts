import { FRAME_BYTES, SAMPLES_PER_MS } from '../audio/mulaw.ts';
import type { Caller } from '../callers/caller.ts';

export type AnsweredBy = 'human' | 'fax' | 'unknown' | 'machine_start' | 'machine_end_beep' | 'machine_end_silence' | 'machine_end_other';

export interface DetectionOptions {
  /** Tells of a machine at once, or when its greeting is over. */
  readonly mode: 'Enable' | 'DetectMessageEnd';
  readonly url: string;
}

const FRAME_MS = FRAME_BYTES / SAMPLES_PER_MS;
/** The vendor's defaults. */
const TIMEOUT_MS = 30_000;
const SPEECH_THRESHOLD_MS = 2_400;
const SPEECH_END_MS = 1_200;
const SILENCE_TIMEOUT_MS = 5_000;
const FAX_MS = 1_500;

/**
 * Finds out what has picked up, as the vendor does: by how long it speaks and how it stops. Whether a voice is a
 * machine's is the caller's own word, because simulated ones all sound alike.
 */
export class MachineDetection {
  readonly #caller: Caller;
  readonly #mode: DetectionOptions['mode'];
  readonly #tell: (answeredBy: AnsweredBy, afterMs: number) => void;
  #elapsedMs = 0;
  #spokenMs = 0;
  #quietMs = 0;
  #told = false;

  constructor(caller: Caller, mode: DetectionOptions['mode'], tell: (answeredBy: AnsweredBy, afterMs: number) => void) {
    this.#caller = caller;
    this.#mode = mode;
    this.#tell = tell;
  }

  /** The next 20 ms of whoever picked up. */
  hear(voice: Buffer | null): void {
    if (this.#told) return;
    this.#elapsedMs += FRAME_MS;
    if (voice) {
      this.#spokenMs += FRAME_MS;
      this.#quietMs = 0;
    } else this.#quietMs += FRAME_MS;
    const verdict = this.#verdict();
    if (!verdict) return;
    this.#told = true;
    this.#tell(verdict, this.#elapsedMs);
  }

  #verdict(): AnsweredBy | null {
    const machine = this.#caller.machine;
    const ended = this.#spokenMs > 0 && this.#quietMs >= SPEECH_END_MS;
    if (this.#elapsedMs >= TIMEOUT_MS) return 'unknown';
    if (machine === 'fax') return this.#elapsedMs >= FAX_MS ? 'fax' : null;
    if (!machine) {
      if (this.#spokenMs === 0 && this.#elapsedMs >= SILENCE_TIMEOUT_MS) return 'unknown';
      return ended || this.#spokenMs >= SPEECH_THRESHOLD_MS ? 'human' : null;
    }
    if (this.#mode === 'Enable') return this.#spokenMs >= SPEECH_THRESHOLD_MS || ended ? 'machine_start' : null;
    // A beep is known as such; without one the silence has to be waited for.
    if (machine === 'beeps') return this.#spokenMs > 0 && this.#quietMs >= 100 && this.#spokenMs >= SPEECH_THRESHOLD_MS ? 'machine_end_beep' : null;
    return ended ? 'machine_end_silence' : null;
  }
}
