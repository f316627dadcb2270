/**
 * Lets work of one key through one at a time, in the order in which it came; work of different keys does not wait for
 * one another. For what would wait for the same lock anyway, and had better not hold a connection meanwhile.
 */
export class Turnstile {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns what the work returns. @throws what it throws; the next in turn goes on all the same. */
  async through<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = before ? before.then(work, work) : work();
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }

  /** Keys with work under way or waiting. */
  get size(): number {
    return this.#last.size;
  }
}
