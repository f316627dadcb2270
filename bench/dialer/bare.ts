import type { Database } from '../../src/db/client.ts';
import { newId } from '../../src/kit/ids.ts';
import type { JobQueue } from '../../src/ports/job-queue.ts';

export interface Rate {
  readonly what: string;
  readonly count: number;
  readonly elapsedMs: number;
}

/** A job for each of so many, and what it does. */
export async function measureJobs(
  jobs: JobQueue,
  { name, what, count }: { name: string; what: string; count: number },
  act: () => Promise<unknown>,
): Promise<Rate> {
  const done = Promise.withResolvers<void>();
  let left = count;
  const startedMs = performance.now();
  await jobs.work(name, async () => {
    await act();
    if (--left === 0) done.resolve();
  });
  const ABREAST = 8;
  const enqueue = async (share: number) => {
    for (let n = share; n < count; n += ABREAST) await jobs.enqueue(name, { n }, { key: newId() });
  };
  await Promise.all(Array.from({ length: ABREAST }, (_, share) => enqueue(share)));
  await done.promise;
  return { what, count, elapsedMs: performance.now() - startedMs };
}

/** The least that has to be remembered of a call. */
export async function oneRow({ pool }: Pick<Database, 'pool'>): Promise<() => Promise<unknown>> {
  await pool.query('create table if not exists bench_calls (id text primary key, at timestamptz not null)');
  return () => pool.query('insert into bench_calls (id, at) values ($1, now())', [newId()]);
}
