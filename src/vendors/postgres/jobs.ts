import { fromPrisma, type JobResult, PgBoss, type Queue } from 'pg-boss';
import { newId } from '../../kit/ids.ts';
import type { Logger } from '../../kit/logger.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import type { JobQueue } from '../../ports/job-queue.ts';

/** Where jobs go that failed for good, with their last error; kept for an operator to look at and send again. */
const DEAD_JOBS = 'dead-jobs';

const QUEUE = {
  retryLimit: 10,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: (10 * MINUTE) / SECOND,
  expireInSeconds: (15 * MINUTE) / SECOND,
  // The shortest it takes: a job of a worker that was killed runs again about 12 s later.
  heartbeatSeconds: 10,
  notify: true,
} satisfies Omit<Queue, 'name'>;

const WORKER = {
  // A batch of one is bound by polling, at 20 jobs a second.
  batchSize: 10,
  perJobResults: true,
  burstWhenBatchFull: true,
  // A slow job holds up its batch; a second worker goes on meanwhile.
  localConcurrency: 2,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 1,
} as const;

export interface PostgresJobsOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Where jobs are worked on: also runs the schedule and takes back what a dead worker left. Elsewhere they are only enqueued. */
  readonly worker: boolean;
  /** How long running jobs may take to finish when the queue is disposed; then they are given back. */
  readonly finishMs?: number;
}

/** A queue on pg-boss, in its own schema `pgboss` of the same database, which it creates and brings up to date itself. */
export async function connectPostgresJobs({ url, logger, worker, finishMs = 20 * SECOND }: PostgresJobsOptions): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'callgraph-jobs',
    max: worker ? 6 : 2,
    useListenNotify: worker,
    supervise: worker,
    schedule: worker,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  });
  boss.on('error', (error) => logger.error({ err: error }, 'the job queue met an error'));
  boss.on('warning', (warning) => logger.warn({ warning }, 'the job queue warns'));
  await boss.start();
  await boss.createQueue(DEAD_JOBS, { retryLimit: 0 });

  const queues = new Map<string, Promise<void>>();
  /** Makes the queue when missing, once a process. */
  function queue(name: string): Promise<void> {
    const known = queues.get(name);
    if (known) return known;
    // `short`: at most one job of a key waits.
    const made = boss.createQueue(name, { ...QUEUE, policy: 'short', deadLetter: DEAD_JOBS });
    queues.set(name, made);
    made.catch(() => queues.delete(name));
    return made;
  }

  return {
    async enqueue(name, data, { transaction, key, startAfter } = {}) {
      await queue(name);
      await boss.send(name, data, {
        // A job without a key is in nobody's way.
        singletonKey: key ?? newId(),
        ...(startAfter && { startAfter }),
        ...(transaction && { db: fromPrisma(transaction) }),
      });
    },
    async work(name, handler) {
      await queue(name);
      // A queue from an earlier release takes on this one's settings.
      await boss.updateQueue(name, QUEUE);
      await boss.work<unknown, unknown, typeof WORKER>(name, WORKER, (jobs) =>
        Promise.all(
          jobs.map(async (job): Promise<JobResult> => {
            try {
              await handler(job.data, job.signal);
              return { id: job.id, status: 'completed' };
            } catch (error) {
              logger.error({ err: error, job: name, jobId: job.id, attempt: job.retryCount + 1 }, 'a job failed');
              return { id: job.id, status: 'failed', output: { message: error instanceof Error ? error.message : String(error) } };
            }
          }),
        ),
      );
    },
    async schedule(name, cron) {
      await queue(name);
      await boss.schedule(name, cron, null, { tz: 'UTC' });
    },
    async ping() {
      if ((await boss.schemaVersion()) === null) throw new Error('the job queue has no schema');
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true, timeout: finishMs }),
  };
}
