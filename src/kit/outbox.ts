export interface OutboxOptions<T> {
  /** Sends the whole batch, in order. Not called again before it settled. */
  readonly send: (batch: readonly T[]) => Promise<void>;
  /** How many items may wait while a batch is on its way. */
  readonly limit: number;
  readonly onDropped: (count: number, error: unknown) => void;
}

/**
 * Collects what is put in at one moment, and while a batch is on its way, and sends it as one: order is kept, and the
 * busier it gets, the fewer round trips an item costs. Nothing is sent twice.
 */
export class Outbox<T> {
  readonly #options: OutboxOptions<T>;
  #waiting: T[] = [];
  #sending: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(options: OutboxOptions<T>) {
    this.#options = options;
  }

  /** Resolves once the items were sent or dropped; never rejects. */
  put(items: readonly T[]): Promise<void> {
    const room = Math.max(0, this.#options.limit - this.#waiting.length);
    if (items.length > room) this.#options.onDropped(items.length - room, new Error('too many messages wait to be sent'));
    this.#waiting.push(...items.slice(0, room));
    this.#next ??= this.#sending.then(() => this.#flush());
    return this.#next;
  }

  #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#next = null;
    this.#sending = this.#options.send(batch).catch((error) => this.#options.onDropped(batch.length, error));
    return this.#sending;
  }
}
