import { AsyncQueue } from '../kit/async-queue.ts';
import type { Wake } from './replay.ts';

/** What a live view shows of one thing, whose every change replaces what was shown before. */
export interface Latest<T> {
  /** As it is now; null where it is gone. */
  read(): Promise<T | null>;
  /** Two that are the same are shown once. */
  version(value: T): string | number;
  /** Nothing follows it. */
  isLast(value: T): boolean;
  /** The shortest time between two that are shown. */
  pause(): Promise<void>;
}

/**
 * The latest of one thing, at most so often: what changes meanwhile is shown as it is when the pause is over, so that the last
 * one is always shown. Ends after the last one.
 */
export async function* followLatest<T, M>(wakes: AsyncIterable<Wake<M>>, latest: Latest<T>): AsyncGenerator<T, void> {
  let shown: string | number | null = null;
  for await (const _wake of newest(wakes)) {
    const value = await latest.read();
    if (value === null) return;
    if (latest.version(value) === shown) continue;
    shown = latest.version(value);
    yield value;
    if (latest.isLast(value)) return;
    await latest.pause();
  }
}

/** However many wakes come while nobody looks are one. */
async function* newest<M>(wakes: AsyncIterable<Wake<M>>): AsyncGenerator<void, void> {
  const waiting = new AsyncQueue<true>({ limit: 1, onOverflow: () => true });
  const pump = (async () => {
    for await (const _wake of wakes) waiting.push(true);
    waiting.close();
  })();
  try {
    for await (const _one of waiting) yield;
  } finally {
    await waiting.return();
    await Promise.all([returnOf(wakes), pump]);
  }
}

const returnOf = async (wakes: AsyncIterable<unknown>): Promise<void> => {
  const iterator = wakes[Symbol.asyncIterator]();
  await iterator.return?.();
};
