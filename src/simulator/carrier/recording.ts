import { SAMPLES_PER_MS } from '../audio/mulaw.ts';
import { stereoWav } from '../audio/wav.ts';
import { newSid } from './sid.ts';

export interface RecordingCallback {
  readonly url: string;
  readonly events: readonly string[];
}

/** A recording of a call while it is made, and after: both sides, each in a channel of its own. */
export class SimulatedRecording {
  readonly sid = newSid('RE');
  readonly callSid: string;
  readonly startedAt: Date;
  readonly callback: RecordingCallback | null;
  state: 'in-progress' | 'completed' | 'absent' = 'in-progress';
  readonly #person: Buffer[] = [];
  readonly #program: Buffer[] = [];
  #bytes = 0;

  constructor(callSid: string, startedAt: Date, callback: RecordingCallback | null) {
    this.callSid = callSid;
    this.startedAt = startedAt;
    this.callback = callback;
  }

  /** The next 20 ms of both. */
  hear(person: Buffer, program: Buffer): void {
    if (this.state !== 'in-progress') return;
    this.#person.push(person);
    this.#program.push(program);
    this.#bytes += person.length;
  }

  finish(): void {
    if (this.state === 'in-progress') this.state = this.#bytes > 0 ? 'completed' : 'absent';
  }

  get durationSeconds(): number {
    return Math.round(this.#bytes / SAMPLES_PER_MS / 1_000);
  }

  wav(): Buffer {
    return stereoWav(Buffer.concat(this.#person), Buffer.concat(this.#program));
  }
}
