/**
 * Present state, then live, with neither gap nor repeat.
 *
 * The rows are the truth; a message only says that they have changed. So a view subscribes first, then reads the rows,
 * then reads them again whenever it is woken. Whatever happens between subscribing and reading is seen by the reading;
 * whatever happens after it wakes the view. A view that may have missed messages is woken by `resync` and reads
 * everything that it has not delivered; beginning is the same thing, so there is one way to catch up, not two.
 */
import { AsyncQueue } from '../kit/async-queue.ts';
import type { BusItem, BusStream, EventBus } from '../ports/event-bus.ts';
import type { Topic } from './topics.ts';

export type Wake<T> =
  | { readonly type: 'message'; readonly payload: T }
  /** Read all that has not been delivered. The first wake is one. */
  | { readonly type: 'resync' };

/** So many wakes may wait for a slow reader; then they are one `resync`. */
const BACKLOG = 500;

/**
 * Listens to topics until the signal is aborted. Resolves once nothing said on them can be missed.
 * A message that is not of its topic's shape is dropped: a newer version of this program may be speaking.
 */
export async function listen<T>(bus: EventBus, topics: readonly Topic<T>[], signal: AbortSignal): Promise<AsyncIterableIterator<Wake<T>>> {
  const streams: BusStream[] = [];
  const close = () => Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
  const wakes = new AsyncQueue<Wake<T>>({ limit: BACKLOG, onOverflow: () => ({ type: 'resync' }), onClose: () => void close() });
  signal.addEventListener('abort', () => void wakes.return(), { once: true });
  try {
    await Promise.all(
      topics.map(async (topic) => {
        const stream = await bus.subscribe(topic.name);
        streams.push(stream);
        void pump(stream, topic, wakes);
      }),
    );
  } catch (error) {
    await close();
    throw error;
  }
  wakes.push({ type: 'resync' });
  if (signal.aborted) {
    await wakes.return();
    await close();
  }
  return wakes;
}

async function pump<T>(stream: AsyncIterable<BusItem>, topic: Topic<T>, wakes: AsyncQueue<Wake<T>>): Promise<void> {
  for await (const item of stream) {
    if (item.type === 'resync') wakes.push(item);
    else {
      const payload = topic.payload.safeParse(parseJson(item.payload));
      if (payload.success) wakes.push({ type: 'message', payload: payload.data });
    }
  }
  wakes.close();
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Runs a generator that can be stopped while it waits: `return()` aborts its signal first. (A generator alone would
 * answer `return()` only after the value that it waits for has come.)
 */
export function stoppable<T>(run: (signal: AbortSignal) => AsyncGenerator<T, void>): AsyncIterableIterator<T> {
  const controller = new AbortController();
  const values = run(controller.signal);
  return {
    next: () => values.next(),
    async return() {
      controller.abort();
      await values.return();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
