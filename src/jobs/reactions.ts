import type { DomainEvent } from '../events.ts';
import type { JobQueue, SqlTransaction } from '../ports/job-queue.ts';
import { reconcileCallJob, reconcileKey } from './calls.ts';

export interface Reaction {
  readonly job: string;
  readonly data: object;
  /** At most one waiting job has this key. */
  readonly key: string;
}

/** What follows from what has happened. */
export function reactionsTo(event: DomainEvent): Reaction[] {
  switch (event.type) {
    case 'CallUncertain': {
      const { workspaceId, callId } = event;
      return [{ job: reconcileCallJob.name, data: { workspaceId, callId, attempt: 1 }, key: reconcileKey(callId) }];
    }
    default:
      return [];
  }
}

/** Enqueues what follows from the events, in the transaction that made them true. */
export async function react(jobs: JobQueue, events: readonly DomainEvent[], transaction: SqlTransaction): Promise<void> {
  for (const { job, data, key } of events.flatMap(reactionsTo)) await jobs.enqueue(job, data, { transaction, key });
}
