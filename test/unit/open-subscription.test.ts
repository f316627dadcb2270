import { expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { register } from '../../src/domain/identity/register.ts';
import { setSubscription } from '../../src/domain/plans/set-subscription.ts';
import type { DomainEvent } from '../../src/events.ts';
import { openSubscriptionJob } from '../../src/jobs/plans.ts';
import { reactionsTo } from '../../src/jobs/reactions.ts';
import { DAY } from '../../src/kit/time.ts';
import { unlimited } from '../../src/ports/rate-limiter.ts';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { callApp } from '../support/call-app.ts';
import { workerParts } from '../support/worker-parts.ts';

test('whoever registers has a trial, opened once however often and late the job for it runs, and from when they came', async () => {
  await using app = await callApp();
  const { root, clock, config } = app;
  const enqueued: DomainEvent[] = [];
  const events = { ...app.events, enqueue: async (happened: readonly DomainEvent[]) => void enqueued.push(...happened) };
  const person = { email: 'ada@example.com', password: 'correct horse battery', platform: 'CONSUMER' as const };
  await register({ root, clock, events, config, rateLimiter: unlimited }, person, { address: '127.0.0.1', receivedAt: clock.now() });
  const [reaction] = enqueued.flatMap(reactionsTo);
  expect(reaction).toMatchObject({ job: 'open-subscription' });
  const data = openSubscriptionJob.data.parse(reaction?.data);
  const registeredAt = clock.now();
  clock.advance(2 * DAY);
  await using jobs = await connectPostgresJobs({ url: app.database.url, logger: app.logger, worker: false });
  const worker = { ...app, ...workerParts(), jobs };
  for (let times = 0; times < 3; times++) await openSubscriptionJob.run(worker, data, new AbortController().signal);
  const where = { where: { workspaceId: data.workspaceId } };
  expect(await root.subscription.findMany(where)).toMatchObject([
    { planKey: 'CONSUMER_TRIAL', status: 'TRIALING', source: 'NONE', trialEndsAt: new Date(registeredAt.getTime() + 7 * DAY) },
  ]);
  expect(await root.subscriptionEvent.findMany(where)).toMatchObject([{ kind: 'TRIAL_STARTED', at: registeredAt }]);
  await openSubscriptionJob.run(worker, { workspaceId: 'one that is gone' }, new AbortController().signal);
});

test('a subscription changes through its door alone: once for each state, in the books and in the telling', async () => {
  await using app = await callApp();
  const { root, clock, workspace } = app;
  await root.subscription.deleteMany();
  const db = tenantDb(root, workspace.id);
  const told: DomainEvent[] = [];
  const paid = {
    planKey: 'BUSINESS_BASIC',
    status: 'ACTIVE',
    source: 'STRIPE',
    externalId: 'sub_1',
    graceEndsAt: null,
    currentPeriodStartsAt: clock.now(),
    currentPeriodEndsAt: new Date(clock.now().getTime() + 30 * DAY),
    cancelsAtPeriodEnd: false,
  } as const;
  const set = (state: Parameters<typeof setSubscription>[1]['state']) =>
    db.$transaction((tx) => setSubscription({ tx, clock, emit: (event) => told.push(event) }, { workspaceId: workspace.id, state }));
  const effects = await Promise.all(Array.from({ length: 10 }, () => set(paid)));
  expect(effects.map(({ effect }) => effect).toSorted()).toEqual(['set', ...Array(9).fill('unchanged')]);
  expect((await set({ ...paid, externalId: 'sub_0', status: 'CANCELED' })).effect).toBe('outranked');
  expect((await set({ ...paid, cancelsAtPeriodEnd: true })).effect).toBe('set');
  expect(await root.subscription.findMany()).toMatchObject([{ planKey: 'BUSINESS_BASIC', externalId: 'sub_1', cancelsAtPeriodEnd: true, version: 3 }]);
  const books = await root.subscriptionEvent.findMany({ orderBy: { version: 'asc' } });
  expect(books.map(({ kind, version }) => [kind, version])).toEqual([
    ['TRIAL_STARTED', 1],
    ['CONVERTED', 2],
    ['CANCEL_SCHEDULED', 3],
  ]);
  expect(told).toEqual([2, 3].map((version) => ({ type: 'SubscriptionChanged', workspaceId: workspace.id, version })));
});
