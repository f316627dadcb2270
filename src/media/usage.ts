import { type ConnectionUsage, recordUsage } from '../domain/calls/costs/record-usage.ts';
import type { ClaimedCall } from '../domain/calls/records.ts';
import type { VoiceUsage } from '../ports/voice-model.ts';
import type { MediaApp } from './media-app.ts';

/** Connections in one statement: of all at once nobody's audio would pass while it is put together. */
const BATCH = 50;

/** What the calls of this process have used of the voice model: added up for each connection, and stored with the heartbeat. */
export class UsageMeter {
  readonly #app: Pick<MediaApp, 'pool' | 'clock' | 'config' | 'logger'>;
  readonly #totals = new Map<string, ConnectionUsage>();
  /** Connections whose total is not stored yet. */
  readonly #changed = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(app: Pick<MediaApp, 'pool' | 'clock' | 'config' | 'logger'>) {
    this.#app = app;
  }

  /** @param usage the model's own figures of one answer. */
  add({ workspaceId, callId, bridgeId }: ClaimedCall, connection: number, usage: VoiceUsage): void {
    const key = keyOf(bridgeId, connection);
    const before = this.#totals.get(key)?.tokens;
    this.#totals.set(key, { workspaceId, callId, bridgeId, connection, tokens: before ? sum(before, usage) : usage });
    this.#changed.add(key);
  }

  /** Stores what has changed. Never rejects: what could not be written is written the next time. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** The bridge is gone: what it used is stored for the last time, and forgotten. */
  async finish(bridgeId: string): Promise<void> {
    await this.flush();
    for (const [key, total] of this.#totals) if (total.bridgeId === bridgeId && !this.#changed.has(key)) this.#totals.delete(key);
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (let start = 0; start < changed.length; start += BATCH) {
      const keys = changed.slice(start, start + BATCH);
      try {
        await recordUsage(
          this.#app,
          keys.flatMap((key) => this.#totals.get(key) ?? []),
        );
      } catch (error) {
        for (const key of keys) this.#changed.add(key);
        this.#app.logger.error({ error, connections: keys.length }, 'what calls cost could not be written; trying again');
      }
    }
  }
}

const keyOf = (bridgeId: string, connection: number): string => `${bridgeId}:${connection}`;

function sum(a: ConnectionUsage['tokens'], b: VoiceUsage): ConnectionUsage['tokens'] {
  const audio = a.cachedAudioTokens === undefined || b.cachedAudioTokens === undefined ? undefined : a.cachedAudioTokens + b.cachedAudioTokens;
  return {
    inputTextTokens: a.inputTextTokens + b.inputTextTokens,
    inputAudioTokens: a.inputAudioTokens + b.inputAudioTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    cachedAudioTokens: audio,
    outputTextTokens: a.outputTextTokens + b.outputTextTokens,
    outputAudioTokens: a.outputAudioTokens + b.outputAudioTokens,
  };
}
