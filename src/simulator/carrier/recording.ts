import { SAMPLES_PER_MS } from '../audio/mulaw.ts';
import { monoWav, stereoWav } from '../audio/wav.ts';
import { newSid } from './sid.ts';

export interface RecordingCallback {
  readonly url: string;
  readonly events: readonly string[];
}

/** A recording of a call while it is made, and after: both sides, each in a channel of its own; or the person alone. */
export class SimulatedRecording {
  readonly sid = newSid('RE');
  readonly callSid: string;
  readonly startedAt: Date;
  readonly callback: RecordingCallback | null;
  readonly channels: 1 | 2;
  state: 'in-progress' | 'completed' | 'absent' = 'in-progress';
  readonly #person: Buffer[] = [];
  readonly #program: Buffer[] = [];
  #bytes = 0;

  constructor(callSid: string, startedAt: Date, callback: RecordingCallback | null, channels: 1 | 2 = 2) {
    this.callSid = callSid;
    this.startedAt = startedAt;
    this.callback = callback;
    this.channels = channels;
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
    const person = Buffer.concat(this.#person);
    return this.channels === 1 ? monoWav(person) : stereoWav(person, Buffer.concat(this.#program));
  }
}
