import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventSink } from '../../src/db/transaction.ts';
import { scheduleCall } from '../../src/domain/calls/dialing/schedule-call.ts';
import { provisionPhoneNumber } from '../../src/domain/phone-lines/provision-number.ts';
import { releasePhoneNumber } from '../../src/domain/phone-lines/release-line.ts';
import { giveBackNumberJob, reconcilePurchasesJob } from '../../src/jobs/phone-lines.ts';
import { react } from '../../src/jobs/reactions.ts';
import { placeScheduledCallJob, sweepScheduledCallsJob } from '../../src/jobs/scheduled-calls.ts';
import { createClock } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';
import type { JobQueue } from '../../src/ports/job-queue.ts';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { workerParts } from '../support/worker-parts.ts';

const TO = '+12125550142';
const NUMBER = '+14155550101';
let app: CallApp;
let queue: JobQueue;
const clock = createClock();
const connect = () => connectPostgresJobs({ url: app.database.url, logger: app.logger, worker: true });
const events: EventSink = { enqueue: (happened, transaction) => react(queue, happened, transaction), announce: async () => {} };
const worker = () => ({ ...workerParts(), root: app.root, clock, logger: app.logger, carrier: app.carrier, events, jobs: queue });

beforeEach(async () => {
  app = await callApp();
  queue = await connect();
  app.twin.numbers.offers.push({ phoneNumber: NUMBER, country: 'US', kind: 'Local' });
});
afterEach(async () => {
  await queue[Symbol.asyncDispose]();
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

/** A zone in which it is noon now, so that the test may call at night too. */
function noonZone(): string {
  const ahead = 12 - clock.now().getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

test('a scheduled call is placed by its job, by a worker that was started after it was scheduled', async () => {
  const now = clock.now();
  await app.root.contact.create({
    data: { id: newId(), workspaceId: app.workspace.id, phoneNumber: TO, timeZone: noonZone(), createdAt: now, updatedAt: now },
  });
  const at = new Date(now.getTime() + 1_500);
  const scheduled = await scheduleCall({ ...app, clock, events }, { to: TO, assistantId: app.assistant.id, at });
  if (!scheduled.ok) throw new Error('refused');
  await queue[Symbol.asyncDispose]();
  queue = await connect();
  const dialed = app.twin.nextRequest();
  await queue.work(placeScheduledCallJob.name, (data, signal) => placeScheduledCallJob.run(worker(), placeScheduledCallJob.data.parse(data), signal));
  expect((await dialed).parameters).toMatchObject({ To: TO });
  // The queue may wake us a little early by our clock; never by more than the clocks differ.
  expect(clock.now().getTime()).toBeGreaterThan(at.getTime() - 1_000);
  await sweepScheduledCallsJob.run(worker(), null, AbortSignal.timeout(5_000));
  expect(app.twin.calls).toHaveLength(1);
  expect(await app.root.scheduledCall.findFirst()).toMatchObject({ status: 'PLACED' });
});

test('a scheduling that is rolled back leaves no job', async () => {
  const failing: EventSink = {
    ...events,
    async enqueue(happened, transaction) {
      await events.enqueue(happened, transaction);
      throw new Error('the database went away');
    },
  };
  const at = new Date(clock.now().getTime() + 60_000);
  await expect(scheduleCall({ ...app, clock, events: failing }, { to: TO, assistantId: app.assistant.id, at })).rejects.toThrow('went away');
  const jobs = await app.pool.query("select 1 from pgboss.job where name = 'place-scheduled-call'");
  expect([await app.root.scheduledCall.count(), jobs.rows.length]).toEqual([0, 0]);
});

test('a number that is released is given back by its job, also where the carrier is away at first', async () => {
  const bought = await provisionPhoneNumber({ ...app, clock, events }, { phoneNumber: NUMBER });
  if (!bought.ok) throw new Error('refused');
  app.twin.script('DELETE', { type: 'garbage', status: 503, done: false });
  await releasePhoneNumber({ ...app, events }, { phoneLineId: bought.value.id });
  expect(app.twin.numbers.owned).toHaveLength(1);
  const first = app.twin.nextRequest();
  await queue.work(giveBackNumberJob.name, (data, signal) => giveBackNumberJob.run(worker(), giveBackNumberJob.data.parse(data), signal));
  await first;
  await app.twin.nextRequest();
  expect(app.twin.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  expect(app.twin.numbers.owned).toEqual([]);
});

test('purchases are looked after every minute, with no carrier too', async () => {
  await reconcilePurchasesJob.run({ ...worker(), carrier: null }, null, AbortSignal.timeout(1_000));
  await reconcilePurchasesJob.run(worker(), null, AbortSignal.timeout(1_000));
  expect(app.twin.requests).toEqual([]);
});
