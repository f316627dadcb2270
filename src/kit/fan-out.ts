import { AsyncQueue } from './async-queue.ts';

export interface FanOutOptions<T> {
  /** Called before the first reader of a topic; rejects where the topic cannot be joined. */
  readonly join?: (topic: string) => Promise<void>;
  /** Called after the last one. Never runs beside a `join` of the same topic. */
  readonly leave?: (topic: string) => Promise<void>;
  /** How many items may wait for one reader. */
  readonly limit: number;
  /** What a reader is given instead of the items it was too slow for. */
  readonly missed: () => T;
}

interface TopicState<T> {
  readonly readers: Set<AsyncQueue<T>>;
  joined: boolean;
  /** The newest step; each waits for the one before. */
  settled: Promise<void>;
}

/** Spreads what arrives for a topic over its readers in this process, so that a transport carries each topic once. */
export class FanOut<T> {
  readonly #options: FanOutOptions<T>;
  readonly #topics = new Map<string, TopicState<T>>();

  constructor(options: FanOutOptions<T>) {
    this.#options = options;
  }

  /** Those that have readers. */
  topics(): string[] {
    return [...this.#topics].filter(([, { readers }]) => readers.size > 0).map(([topic]) => topic);
  }

  deliver(topic: string, item: T): void {
    const state = this.#topics.get(topic);
    if (state) for (const reader of state.readers) reader.push(item);
  }

  deliverToAll(item: T): void {
    for (const { readers } of this.#topics.values()) for (const reader of readers) reader.push(item);
  }

  /** Resolves once the topic is joined; what is delivered meanwhile already waits in the reader. */
  async open(topic: string): Promise<AsyncQueue<T>> {
    const state = this.#topics.get(topic) ?? { readers: new Set(), joined: false, settled: Promise.resolve() };
    this.#topics.set(topic, state);
    const reader = new AsyncQueue<T>({
      limit: this.#options.limit,
      onOverflow: this.#options.missed,
      onClose: () => {
        state.readers.delete(reader);
        // A topic that could not be left is left again with its next last reader.
        this.#settle(topic, state).catch(() => {});
      },
    });
    state.readers.add(reader);
    try {
      await this.#settle(topic, state);
    } catch (error) {
      reader.close();
      throw error;
    }
    return reader;
  }

  /** Ends every reader. */
  close(): void {
    for (const { readers } of this.#topics.values()) for (const reader of readers) reader.close();
  }

  /** Joins or leaves, whichever the readers ask for once the steps before are done: a reader that comes during a leave finds the topic joined again. */
  #settle(topic: string, state: TopicState<T>): Promise<void> {
    const step = async () => {
      const wanted = state.readers.size > 0;
      if (wanted && !state.joined) {
        await this.#options.join?.(topic);
        state.joined = true;
      } else if (!wanted && state.joined) {
        state.joined = false;
        await this.#options.leave?.(topic);
      }
      if (state.readers.size === 0 && this.#topics.get(topic) === state) this.#topics.delete(topic);
    };
    state.settled = state.settled.then(step, step);
    return state.settled;
  }
}
