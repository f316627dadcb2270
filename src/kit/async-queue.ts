/**
 * A queue between a callback and an `for await` loop. When more than `limit` values wait, they are
 * dropped and `onOverflow` gives the one value that stands for them, so that a slow reader costs
 * bounded memory and knows that it has missed something.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T>, AsyncDisposable {
  #values: T[] = [];
  #waiting: ((result: IteratorResult<T>) => void)[] = [];
  #closed = false;
  readonly #limit: number;
  readonly #onOverflow: (() => T) | undefined;
  readonly #onClose: (() => void) | undefined;

  constructor(options: { limit?: number; onOverflow?: () => T; onClose?: () => void } = {}) {
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#onOverflow = options.onOverflow;
    this.#onClose = options.onClose;
  }

  push(value: T): void {
    if (this.#closed) return;
    const reader = this.#waiting.shift();
    if (reader) return reader({ value, done: false });
    this.#values.push(value);
    if (this.#values.length > this.#limit) this.#values = this.#onOverflow ? [this.#onOverflow()] : this.#values.slice(-this.#limit);
  }

  /** Ends the loop after the values that already wait. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const reader of this.#waiting.splice(0)) reader({ value: undefined, done: true });
    this.#onClose?.();
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#values.length > 0) return Promise.resolve({ value: this.#values.shift() as T, done: false });
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<T>> {
    this.#values = [];
    this.close();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
