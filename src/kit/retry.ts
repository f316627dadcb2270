import type { Clock } from './clock.ts';

export interface RetryOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  /** How often it is tried in all. */
  readonly attempts: number;
  /** The pause after the first failure; it doubles with each, and each is shortened by up to a half at random, so that many who failed together do not come back together. */
  readonly pauseMs: number;
  /** Whether it may help to try again: false, true, or the pause in milliseconds that whoever refused asked for. */
  readonly again: (error: unknown) => boolean | number;
  /** A longer pause than this is not waited for: the error is thrown at once. */
  readonly longestPauseMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Tries something a few times with growing pauses. @throws what the last attempt threw. */
export async function retry<T>(options: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const again = options.again(error);
      const pauseMs = typeof again === 'number' ? again : options.pauseMs * 2 ** (failures - 1) * (1 - Math.random() / 2);
      if (again === false || failures >= options.attempts || pauseMs > options.longestPauseMs || options.signal?.aborted) throw error;
      await options.clock.sleep(pauseMs, options.signal);
    }
  }
}
