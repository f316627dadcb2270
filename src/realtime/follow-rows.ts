import type { Wake } from './replay.ts';

/** Rows that a live view shows as they come and change. */
export interface LiveRows<T> {
  /** What is to be shown now: at the start, and again whenever messages may have been missed. */
  present(): Promise<T[]>;
  /** The row that a message tells of, or null where it is not for this view. */
  one(id: string): Promise<T | null>;
  id(row: T): string;
  /** Differs whenever the row is to be shown again. */
  version(row: T): string | number;
}

/** How many rows are remembered as shown; older ones change no more. */
const REMEMBERED = 10_000;

/** Each row as it is, then each change of it, never the same version twice. */
export async function* followRows<T, M>(wakes: AsyncIterable<Wake<M>>, idOf: (message: M) => string, rows: LiveRows<T>): AsyncGenerator<T, void> {
  const shown = new Map<string, string | number>();
  for await (const wake of wakes) {
    const found = wake.type === 'resync' ? await rows.present() : [await rows.one(idOf(wake.payload))];
    for (const row of found) {
      if (row === null || shown.get(rows.id(row)) === rows.version(row)) continue;
      shown.delete(rows.id(row));
      shown.set(rows.id(row), rows.version(row));
      // The one that was shown longest ago comes first.
      for (const [oldest] of shown) {
        if (shown.size <= REMEMBERED) break;
        shown.delete(oldest);
      }
      yield row;
    }
  }
}
