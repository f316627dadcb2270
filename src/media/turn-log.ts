import { type CallTurn, recordTurns } from '../domain/calls/record-turns.ts';
import type { DomainEvent } from '../events.ts';
import type { Timer } from '../kit/clock.ts';
import { SECOND } from '../kit/time.ts';
import type { MediaApp } from './media-app.ts';
import type { MediaMetrics } from './metrics.ts';

type TurnLogApp = Pick<MediaApp, 'pool' | 'events' | 'clock' | 'logger'>;

/** Turns of all calls are gathered this long and written in one statement. */
const GATHER_MS = 20;
/** Live views are told of growing words this often. */
const SPOKEN_EVERY_MS = 250;
const BATCH = 500;
/** More than this many turns wait only when the database has been away for long: then the oldest are given up. */
const CAPACITY = 50_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 5 * SECOND] as const;

/** The transcripts of all calls of this process on their way to the database: in order, many at a time, and kept while it is away. */
export class TurnLog implements AsyncDisposable {
  readonly #app: TurnLogApp;
  readonly #metrics: MediaMetrics;
  #waiting: CallTurn[] = [];
  readonly #spoken = new Map<string, DomainEvent & { type: 'TurnSpoken' }>();
  #writing: Promise<void> | null = null;
  #spokenTimer: Timer | null = null;

  constructor(app: TurnLogApp, metrics: MediaMetrics) {
    this.#app = app;
    this.#metrics = metrics;
  }

  record(entry: CallTurn): void {
    const { callId, turn } = entry;
    if (this.#spoken.get(callId)?.sequence === turn.sequence && turn.complete) this.#spoken.delete(callId);
    this.#waiting.push(entry);
    if (this.#waiting.length > CAPACITY) this.#waiting.shift();
    this.#metrics.turnsWaiting.set(this.#waiting.length);
    this.#writing ??= this.#write();
  }

  /** Words being spoken: only the newest of each call is told. */
  speak(event: DomainEvent & { type: 'TurnSpoken' }): void {
    this.#spoken.set(event.callId, event);
    this.#spokenTimer ??= this.#app.clock.after(SPOKEN_EVERY_MS, () => {
      this.#spokenTimer = null;
      const events = [...this.#spoken.values()];
      this.#spoken.clear();
      void this.#app.events.announce(events);
    });
  }

  /** Resolves when all that was recorded before is written. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { clock, logger } = this.#app;
    await clock.sleep(GATHER_MS);
    for (let failures = 0; this.#waiting.length > 0; ) {
      const batch = this.#waiting.slice(0, BATCH);
      try {
        await recordTurns(this.#app, batch);
        this.#waiting = this.#waiting.slice(batch.length);
        failures = 0;
      } catch (error) {
        logger.error({ error, waiting: this.#waiting.length }, 'transcript turns could not be written; trying again');
        await clock.sleep(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? 0);
      }
      this.#metrics.turnsWaiting.set(this.#waiting.length);
    }
    this.#writing = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#spokenTimer?.cancel();
    await this.flushed();
  }
}
