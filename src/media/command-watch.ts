import { takeCommands } from '../domain/calls/take-commands.ts';
import { commandsTopicName } from '../events.ts';
import type { Bridge } from './bridge.ts';
import type { MediaApp } from './media-app.ts';

const KINDS = { SAY: 'say', WHISPER: 'whisper' } as const;

/** Hands what people ask of live calls to the bridges that hold them: when the bus says so, and whenever it is told to look. */
export class CommandWatch implements AsyncDisposable {
  readonly #app: MediaApp;
  readonly #bridges: ReadonlySet<Bridge>;
  readonly #watching: Promise<void>;
  readonly #over = new AbortController();

  constructor(app: MediaApp, bridges: ReadonlySet<Bridge>) {
    this.#app = app;
    this.#bridges = bridges;
    this.#watching = this.#watch();
  }

  /** Takes what waits for these bridges; all of them unless said otherwise. */
  async look(bridges: Iterable<Bridge> = this.#bridges): Promise<void> {
    const held = new Map([...bridges].map((bridge) => [bridge.call.callId, bridge]));
    const claims = [...held.values()].map(({ call: { callId, bridgeId } }) => ({ callId, bridgeId }));
    try {
      for (const { callId, kind, text } of await takeCommands(this.#app, claims)) {
        held.get(callId)?.steer(kind === 'TRANSFER' ? { kind: 'transfer' } : { kind: KINDS[kind], text });
      }
    } catch (error) {
      this.#app.logger.error({ err: error }, 'what is asked of live calls could not be read; the next look finds it');
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over;
    try {
      const wakes = await this.#app.bus.subscribe(commandsTopicName);
      const close = () => void wakes[Symbol.asyncDispose]();
      if (signal.aborted) return close();
      signal.addEventListener('abort', close, { once: true });
      for await (const wake of wakes) {
        // The name of the call is all that is said; what may have been missed can be about any.
        const concerned = wake.type === 'message' ? [...this.#bridges].filter(({ call }) => JSON.stringify(call.callId) === wake.payload) : [...this.#bridges];
        if (concerned.length > 0) await this.look(concerned);
      }
    } catch (error) {
      this.#app.logger.error({ err: error }, 'what is asked of live calls cannot be watched; it is looked for with each heartbeat');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }
}
