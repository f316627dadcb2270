import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventSink } from '../../src/db/transaction.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import type { DomainEvent } from '../../src/events.ts';
import { reconcileCallJob } from '../../src/jobs/calls.ts';
import { react, reactionsTo } from '../../src/jobs/reactions.ts';
import { jobs, startWorker } from '../../src/jobs/registry.ts';
import { schedules } from '../../src/jobs/schedule.ts';
import type { JobQueue } from '../../src/ports/job-queue.ts';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { workerParts } from '../support/worker-parts.ts';

let app: CallApp;
let queue: JobQueue;
beforeEach(async () => {
  app = await callApp({ timeoutMs: 1_000 });
  queue = await connectPostgresJobs({ url: app.database.url, logger: app.logger, worker: true });
});
afterEach(async () => {
  await queue[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

test('a call that became unknown is reconciled soon, by a job of the same transaction', async () => {
  const { promise: found, resolve } = Promise.withResolvers<DomainEvent>();
  const events: EventSink = {
    enqueue: (happened, transaction) => react(queue, happened, transaction),
    announce: async (happened) => happened.filter((event) => event.type === 'CallChanged' && event.version > 3).forEach(resolve),
  };
  await startWorker({ root: app.root, clock: app.clock, logger: app.logger, carrier: app.carrier, events, jobs: queue, ...workerParts() });
  app.twin.script('POST', { type: 'hang', done: true });
  const placed = await placeCall({ ...app, events }, { to: '+12025550142', assistantId: app.assistant.id });
  expect(placed).toMatchObject({ ok: true, value: { status: 'UNKNOWN', version: 3 } });
  await found;
  expect(await app.root.call.findFirst()).toMatchObject({ status: 'DIALING', carrierCallId: app.twin.calls[0]?.sid });
  expect(app.twin.calls).toHaveLength(1);
});

test('what is not settled is asked again with growing pauses, and in the end left to the reaper', async () => {
  app.twin.script('POST', { type: 'break', done: false });
  const placed = await placeCall(app, { to: '+12025550142', assistantId: app.assistant.id });
  if (!placed.ok) throw new Error('refused');
  const enqueued: { attempt: number; afterMs: number }[] = [];
  const recording: JobQueue = {
    ...queue,
    enqueue: async (_name, data, options) =>
      void enqueued.push({ attempt: Reflect.get(data, 'attempt'), afterMs: (options?.startAfter?.getTime() ?? 0) - app.clock.now().getTime() }),
  };
  const worker = { root: app.root, clock: app.clock, logger: app.logger, carrier: app.carrier, events: app.events, jobs: recording, ...workerParts() };
  for (let attempt = 1; attempt <= 8; attempt++) {
    await reconcileCallJob.run(worker, { workspaceId: app.workspace.id, callId: placed.value.id, attempt }, AbortSignal.timeout(5_000));
  }
  expect(enqueued.map(({ attempt }) => attempt)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(enqueued.map(({ afterMs }) => afterMs)).toEqual([4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('every scheduled job and every reaction is one that the worker runs', () => {
  const names = new Set(jobs.map(({ name }) => name));
  expect(names.size).toBe(jobs.length);
  for (const { job } of schedules) expect(names).toContain(job);
  for (const { job } of reactionsTo({ type: 'CallUncertain', workspaceId: 'w', callId: 'c' })) expect(names).toContain(job);
});

test('data that no schema knows is refused before anything is done', async () => {
  const job = jobs.find(({ name }) => name === 'reconcile-call');
  const worker = { root: app.root, clock: app.clock, logger: app.logger, carrier: app.carrier, events: app.events, jobs: queue, ...workerParts() };
  await expect(Promise.resolve().then(() => job?.run(worker, { callId: 7 }, AbortSignal.timeout(1_000)))).rejects.toThrow();
  expect(app.twin.requests).toHaveLength(0);
});
