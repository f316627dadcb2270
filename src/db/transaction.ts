import type { DomainEvent } from '../events.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { SqlTransaction } from '../ports/job-queue.ts';
import type { RootDb } from './client.ts';

/** Where events go: to jobs inside the transaction that made them true, to live views after it. */
export interface EventSink {
  enqueue(events: readonly DomainEvent[], transaction: SqlTransaction): Promise<void>;
  /** Never rejects. */
  announce(events: readonly DomainEvent[]): Promise<void>;
}

/** What a transaction does; it may be run again when the database ends it, so it changes nothing but rows. */
export type Work<T> = (tx: Prisma.TransactionClient, emit: (event: DomainEvent) => void) => Promise<T>;

/**
 * Runs `work` in one transaction. The events it emits are handed on with the commit: jobs in the same transaction,
 * live views once it has succeeded, neither when it fails.
 *
 * @param db a tenant's client: the transaction then sees that workspace alone, as the client does.
 */
export async function transact<T>({ db, events }: { db: RootDb; events: EventSink }, work: Work<T>): Promise<T> {
  const emitted: DomainEvent[] = [];
  const value = await db.$transaction(
    async (tx) => {
      const answer = await work(tx, (event) => emitted.push(event));
      if (emitted.length > 0) await events.enqueue(emitted, tx);
      return answer;
    },
    { maxWait: 5_000, timeout: 15_000 },
  );
  // Nobody waits for live views: a carrier or a caller would, for as long as the bus is away.
  if (emitted.length > 0) void events.announce(emitted);
  return value;
}
