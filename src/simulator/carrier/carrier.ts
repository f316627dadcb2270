import type { Timer } from '../../kit/clock.ts';
import type { Caller } from '../callers/caller.ts';
import { type CallOptions, SimulatedCall } from './call.ts';
import type { Exchange } from './exchange.ts';

const FRAME_MS = 20;
/** Calls that are over and can still be asked for. */
const KEPT_CALLS = 2_000;

/** The carrier's switch: all calls, and the one timer that moves the audio of all of them. */
export class SimulatedCarrier implements AsyncDisposable {
  readonly exchange: Exchange;
  readonly #calls = new Map<string, SimulatedCall>();
  readonly #live = new Set<SimulatedCall>();
  #timer: Timer | null = null;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  place(options: CallOptions): SimulatedCall {
    const call = new SimulatedCall(this.exchange, options, (leg) => this.place(leg));
    this.#calls.set(call.sid, call);
    for (const [sid, old] of this.#calls) {
      if (this.#calls.size <= KEPT_CALLS) break;
      if (old.over) this.#calls.delete(sid);
    }
    this.#live.add(call);
    this.#timer ??= this.exchange.clock.every(FRAME_MS, () => this.#tick());
    void call.run();
    void call.ended.then(() => {
      this.#live.delete(call);
      if (this.#live.size === 0) this.#stopTimer();
    });
    return call;
  }

  /** Somebody calls one of the program's numbers. */
  ring(ring: { caller: Caller; to: string; voiceUrl: string; statusUrl: string | null }): SimulatedCall {
    return this.place({
      direction: 'inbound',
      from: ring.caller.number,
      to: ring.to,
      caller: ring.caller,
      instructions: { url: ring.voiceUrl, method: 'POST' },
      // A number's own status callback tells of the end alone.
      status: ring.statusUrl ? { url: ring.statusUrl, events: ['completed'] } : null,
      ringSeconds: 60,
      maximumSeconds: 14_400,
    });
  }

  find(sid: string): SimulatedCall | undefined {
    return this.#calls.get(sid);
  }

  /** Newest first. */
  list(): SimulatedCall[] {
    return [...this.#calls.values()].reverse();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const call of this.#live) call.end('failed', 'carrier');
    await Promise.all([...this.#live].map((call) => call.ended));
    this.#stopTimer();
  }

  #tick(): void {
    const nowMs = this.exchange.clock.monotonicMs();
    for (const call of this.#live) call.tick(nowMs);
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
