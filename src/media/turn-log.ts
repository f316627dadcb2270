import { type CallTurn, recordTurns } from '../domain/calls/record-turns.ts';
import type { DomainEvent } from '../events.ts';
import type { Timer } from '../kit/clock.ts';
import { SECOND } from '../kit/time.ts';
import type { MediaApp } from './media-app.ts';
import type { MediaMetrics } from './metrics.ts';

type TurnLogApp = Pick<MediaApp, 'pool' | 'events' | 'clock' | 'logger'>;

/** A turn is written at once where nothing was written for this long; else turns of all calls are gathered for as long, and written in one statement. */
const WRITE_EVERY_MS = 200;
/** Live views are told of growing words this often. */
const SPOKEN_EVERY_MS = 300;
const BATCH = 500;
/** More than this many turns wait only when the database has been away for long: then the oldest are given up. */
const CAPACITY = 50_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 5 * SECOND] as const;

/** The transcripts of all calls of this process on their way to the database: in order, many at a time, and kept while it is away. */
export class TurnLog implements AsyncDisposable {
  readonly #app: TurnLogApp;
  readonly #metrics: MediaMetrics;
  readonly #waiting: CallTurn[] = [];
  /** How many turns were given to it, and how many of them are written (or given up). */
  #recorded = 0;
  #settled = 0;
  readonly #spoken = new Map<string, DomainEvent & { type: 'TurnSpoken' }>();
  #writing: Promise<void> | null = null;
  #spokenTimer: Timer | null = null;
  #writtenMs = Number.NEGATIVE_INFINITY;
  /** Ends the present wait: somebody needs what is gathered to be written. */
  #hurry: () => void = () => {};

  constructor(app: TurnLogApp, metrics: MediaMetrics) {
    this.#app = app;
    this.#metrics = metrics;
  }

  record(entry: CallTurn): void {
    const { callId, turn } = entry;
    if (this.#spoken.get(callId)?.sequence === turn.sequence && turn.complete) this.#spoken.delete(callId);
    this.#waiting.push(entry);
    this.#recorded += 1;
    if (this.#waiting.length > CAPACITY) {
      this.#waiting.shift();
      this.#settled += 1;
    }
    this.#metrics.turnsWaiting.set(this.#recorded - this.#settled);
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

  /** Resolves when all that was recorded before is written; it is not gathered any longer. */
  async flushed(): Promise<void> {
    for (const wanted = this.#recorded; this.#settled < wanted && this.#writing; ) {
      this.#hurry();
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const { clock, logger } = this.#app;
    await this.#gather();
    const batch = this.#waiting.splice(0, BATCH);
    for (let failures = 0; ; failures++) {
      try {
        await recordTurns(this.#app, batch);
        break;
      } catch (error) {
        logger.error({ error, waiting: this.#recorded - this.#settled }, 'transcript turns could not be written; trying again');
        await clock.sleep(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0);
      }
    }
    this.#settled += batch.length;
    this.#writtenMs = clock.monotonicMs();
    this.#metrics.turnsWaiting.set(this.#recorded - this.#settled);
    this.#writing = this.#waiting.length > 0 ? this.#write() : null;
  }

  async #gather(): Promise<void> {
    const { clock } = this.#app;
    const waitMs = this.#writtenMs + WRITE_EVERY_MS - clock.monotonicMs();
    if (waitMs <= 0 || this.#waiting.length >= BATCH) return;
    await new Promise<void>((resolve) => {
      const enough = clock.after(waitMs, resolve);
      this.#hurry = () => {
        enough.cancel();
        resolve();
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#spokenTimer?.cancel();
    await this.flushed();
  }
}
