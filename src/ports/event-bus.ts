/**
 * Live messages between processes. The bus only wakes subscribers: rows are the truth, a message may be
 * lost, and whoever may have missed one is told `resync` and reads the rows again.
 */
export interface EventBus extends AsyncDisposable {
  /** Sends all messages in order, at most once each. `payload` is JSON text, at most 7,000 bytes. Never rejects: a bus that is away is counted and logged. */
  publish(messages: readonly BusMessage[]): Promise<void>;
  /** Resolves once messages will be delivered, or at once where the bus is away: `resync` follows when it is back. Dispose of the stream to leave. */
  subscribe(topic: string): Promise<BusStream>;
  /** Rejects where the bus does not answer. */
  ping(): Promise<void>;
}

/** The longest payload that every bus can carry; a longer one is dropped, counted and logged. */
export const MAXIMUM_PAYLOAD_BYTES = 7_000;

export interface BusMessage {
  readonly topic: string;
  readonly payload: string;
}

export type BusStream = AsyncIterableIterator<BusItem> & AsyncDisposable;

export type BusItem =
  | { readonly type: 'message'; readonly payload: string }
  /** Messages may have been missed: the connection was away, or the reader was too slow. */
  | { readonly type: 'resync' };
