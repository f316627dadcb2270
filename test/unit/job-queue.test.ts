import { expect, test } from 'vitest';
import type { JobQueue } from '../../src/ports/job-queue.ts';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { quiet } from '../support/quiet.ts';

const connect = ({ url }: TestDatabase, worker = true) => connectPostgresJobs({ url, logger: quiet().logger, worker });

/** Resolves with what the jobs of this name were given, once there are that many. */
function collect(jobs: JobQueue, name: string) {
  const seen: unknown[] = [];
  const waiting: { count: number; resolve: (seen: unknown[]) => void }[] = [];
  const started = jobs.work(name, async (data) => {
    seen.push(data);
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve(seen);
  });
  return {
    seen,
    async until(count: number) {
      await started;
      return seen.length >= count ? seen : await new Promise<unknown[]>((resolve) => waiting.push({ count, resolve }));
    },
  };
}

test('a job enqueued in one process is done in another', async () => {
  await using database = await testDatabase();
  await using api = await connect(database, false);
  await using worker = await connect(database);
  const done = collect(worker, 'greet');
  await api.enqueue('greet', { name: 'Ada' });
  expect(await done.until(1)).toEqual([{ name: 'Ada' }]);
});

test('a job belongs to the transaction that made it necessary', async () => {
  await using database = await testDatabase();
  await using jobs = await connect(database);
  const done = collect(jobs, 'settle');
  await expect(
    database.root.$transaction(async (transaction) => {
      await jobs.enqueue('settle', { kept: false }, { transaction });
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await database.root.$transaction(async (transaction) => {
    await jobs.enqueue('settle', { kept: true }, { transaction });
    await jobs.enqueue('settle', { kept: 'too' }, { transaction });
  });
  expect(new Set(await done.until(2))).toEqual(new Set([{ kept: true }, { kept: 'too' }]));
});

test('of the jobs with one key at most one waits', async () => {
  await using database = await testDatabase();
  await using jobs = await connect(database);
  for (const n of [1, 2, 3]) await jobs.enqueue('refresh', { n }, { key: 'calendar-1' });
  await jobs.enqueue('refresh', { n: 4 }, { key: 'calendar-2' });
  await jobs.enqueue('refresh', { n: 5 });
  await jobs.enqueue('refresh', { n: 6 });
  const done = collect(jobs, 'refresh');
  expect(new Set(await done.until(4))).toEqual(new Set([{ n: 1 }, { n: 4 }, { n: 5 }, { n: 6 }]));
});

test('a job waits for its time', async () => {
  await using database = await testDatabase();
  await using jobs = await connect(database);
  const done = collect(jobs, 'remind');
  const startAfter = new Date(Date.now() + 1_000);
  await jobs.enqueue('remind', { when: 'later' }, { startAfter });
  await jobs.enqueue('remind', { when: 'now' });
  expect(await done.until(2)).toEqual([{ when: 'now' }, { when: 'later' }]);
  expect(Date.now()).toBeGreaterThanOrEqual(startAfter.getTime());
});

test('a handler that throws is tried again, and does not take its batch down', async () => {
  await using database = await testDatabase();
  await using jobs = await connect(database);
  await jobs.enqueue('send', { n: 1 });
  await jobs.enqueue('send', { n: 2 });
  const attempts: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await jobs.work('send', async (data) => {
    attempts.push(data);
    if (attempts.length === 1) throw new Error('the mail server is away');
    if (attempts.length === 3) resolve();
  });
  await promise;
  expect(attempts).toHaveLength(3);
  expect(attempts[2]).toEqual(attempts[0]);
});

test('a worker that stops lets its jobs finish', async () => {
  await using database = await testDatabase();
  const events: string[] = [];
  {
    await using jobs = await connect(database);
    const started = Promise.withResolvers<void>();
    await jobs.work('slow', async () => {
      started.resolve();
      await new Promise((resolve) => setTimeout(resolve, 300));
      events.push('finished');
    });
    await jobs.enqueue('slow', {});
    await started.promise;
  }
  expect(events).toEqual(['finished']);
  const { rows } = await database.pool.query(`select state from pgboss.job where name = 'slow'`);
  expect(rows).toEqual([{ state: 'completed' }]);
});

test('a thousand jobs are each done once by two workers', async () => {
  await using database = await testDatabase();
  await using one = await connect(database);
  await using other = await connect(database);
  const seen: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const handler = async (data: unknown) => {
    seen.push((data as { n: number }).n);
    if (seen.length === 1_000) resolve();
  };
  await Promise.all([one.work('count', handler), other.work('count', handler)]);
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => one.enqueue('count', { n })));
  await promise;
  expect(new Set(seen).size).toBe(1_000);
});

test('the queue answers while its database does', async () => {
  await using database = await testDatabase();
  await using jobs = await connect(database, false);
  await jobs.ping();
  await jobs.schedule('sweep', '*/5 * * * *');
  const { rows } = await database.pool.query('select name, cron from pgboss.schedule');
  expect(rows).toEqual([{ name: 'sweep', cron: '*/5 * * * *' }]);
});
