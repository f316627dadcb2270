// Several workers share a campaign, and any of them may die between two instructions.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TenantDb } from '../../src/db/tenant.ts';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import { followAttempts } from '../../src/domain/campaigns/follow-attempts.ts';
import { takeTurn } from '../../src/domain/campaigns/pace.ts';
import { runCampaign } from '../../src/domain/campaigns/run-campaign.ts';
import type { AttemptState } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { MINUTE } from '../../src/kit/time.ts';
import { type CampaignApp, campaignApp, NOON } from '../support/campaign-app.ts';
import { subscribe } from '../support/subscription.ts';

let app: CampaignApp;

beforeEach(async () => {
  app = await campaignApp();
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const KILLED = new Error('killed');
const die = () => Promise.reject(KILLED);
/** All that keeps a deployment going: what the queue and the workers' clocks run. */
async function lookAfter(id: string): Promise<void> {
  await reapCalls(app);
  await followAttempts(app);
  await runCampaign(app, { campaignId: id });
  await app.work();
}

describe('a worker that dies', () => {
  /** The database of a worker that dies with the first commit after which somebody's attempt stands so. */
  const dyingAt = (state: AttemptState): TenantDb =>
    new Proxy(app.db, {
      get(db, key) {
        if (key !== '$transaction') return Reflect.get(db, key);
        return async (...given: Parameters<TenantDb['$transaction']>) => {
          const done = await db.$transaction(...given);
          return (await app.root.attempt.count({ where: { state } })) > 0 ? die() : done;
        };
      },
    });
  /** Where it dies, as what is done to its parts; and how often the telephone has rung by then. */
  const deaths: [string, () => CampaignApp, number][] = [
    ['before it has claimed anybody', () => ({ ...app, events: { ...app.events, enqueue: die } }), 0],
    ['when it has claimed them', () => ({ ...app, db: dyingAt('CLAIMED') }), 0],
    ['when it has made the call’s row', () => ({ ...app, db: dyingAt('RESERVED') }), 0],
    ['when it was about to ask the carrier', () => ({ ...app, carrier: { ...app.carrier, placeCall: die } }), 0],
    [
      'when the carrier rang and had not answered',
      () => ({ ...app, carrier: { ...app.carrier, placeCall: (request) => app.carrier.placeCall(request).then(die) } }),
      1,
    ],
  ];

  test.each(deaths)('%s leaves whoever it was about to call to others, and no phone rings twice for one attempt', async (_name, doomed, rung) => {
    await app.people(1);
    const { id } = await app.launch();
    app.enqueued.length = 0;
    await runCampaign(doomed(), { campaignId: id }).catch((error: unknown) => expect(error).toBe(KILLED));
    expect(app.twin.calls).toHaveLength(rung);
    for (let minute = 0; minute < 10; minute++) {
      app.clock.advance(MINUTE);
      await lookAfter(id);
    }
    const attempts = await app.root.attempt.findMany({ include: { call: true }, orderBy: { number: 'asc' } });
    const dialed = attempts.filter(({ call }) => call?.dialedAt);
    expect(app.twin.calls.length).toBeLessThanOrEqual(dialed.length);
    for (const { call } of dialed) expect(app.twin.calls.filter(({ url }) => url.includes(call?.id ?? '-')).length).toBeLessThanOrEqual(1);
    const [contact] = await app.contacts(id);
    // Somebody has called them by now: the same attempt again where nobody had, else by the carrier's word.
    expect(app.twin.calls.length).toBe(1);
    expect(contact?.state).toBe('ACTIVE');
  });

  test('is not believed for ever: what it held is taken on after a minute, and it cannot go on with it', async () => {
    await app.people(1);
    const { id } = await app.launch();
    app.enqueued.length = 0;
    const asleep = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const sleep = () => {
      asleep.resolve();
      return held.promise;
    };
    // It sleeps for its turn while the others go on.
    const sleeping = { ...app, config: { ...app.config, callsPerSecond: 1 }, clock: { ...app.clock, sleep } };
    await takeTurn(app, { carrier: app.carrier.name, callsPerSecond: 1 });
    const running = runCampaign(sleeping, { campaignId: id });
    await asleep.promise;
    app.clock.advance(2 * MINUTE);
    await runCampaign(app, { campaignId: id });
    expect(app.twin.calls).toHaveLength(1);
    held.resolve();
    await running;
    expect(app.twin.calls).toHaveLength(1);
    expect(await app.root.attempt.findMany()).toHaveLength(1);
  });
});

describe('several workers at once', () => {
  test('call each person once, and never more at a time than the campaign may', async () => {
    await app.people(30);
    const { id } = await app.launch({ maxConcurrentCalls: 7 });
    await Promise.all(Array.from({ length: 4 }, () => runCampaign(app, { campaignId: id })));
    expect(await app.liveCalls()).toHaveLength(7);
    for (let calls = await app.liveCalls(); calls.length > 0; calls = await app.liveCalls()) {
      expect(calls.length).toBeLessThanOrEqual(7);
      await Promise.all(calls.map((call) => app.tell(call, 'carrier-busy')));
      await Promise.all([app.work(), runCampaign(app, { campaignId: id }), followAttempts(app)]);
      await app.work();
    }
    expect(new Set(app.twin.calls.map(({ to }) => to)).size).toBe(30);
    expect(app.twin.calls).toHaveLength(30);
  });

  test('leave a share of what the workspace may have to people who call', async () => {
    await app.people(250);
    const { id } = await app.launch({ maxConcurrentCalls: 200 });
    const incoming = { workspaceId: app.workspace.id, direction: 'INBOUND' as const, status: 'IN_PROGRESS' as const, carrier: 'TWILIO' as const, plan: {} };
    const row = (index: number) => ({ ...incoming, id: newId(), from: `+1303555${String(index).padStart(4, '0')}`, to: '+12025550100', createdAt: NOON });
    await app.root.call.createMany({ data: Array.from({ length: 150 }, (_, index) => row(index)) });
    await Promise.all([runCampaign(app, { campaignId: id }), runCampaign(app, { campaignId: id })]);
    // 200 in all, of which 40 are kept.
    expect(await app.root.call.count({ where: { direction: 'OUTBOUND' } })).toBe(10);
  });

  test('leave a share of the ten that the professional plan has', async () => {
    await subscribe(app.root, app.workspace.id, { planKey: 'BUSINESS_PROFESSIONAL' });
    await app.people(12);
    const { id } = await app.launch({ maxConcurrentCalls: 10 });
    await Promise.all([runCampaign(app, { campaignId: id }), runCampaign(app, { campaignId: id })]);
    expect(await app.liveCalls()).toHaveLength(8);
    expect((await app.contacts(id)).filter(({ state }) => state === 'PENDING')).toHaveLength(4);
  });

  test('take turns with the carrier, as far apart as its account takes calls', async () => {
    const turns = await Promise.all(Array.from({ length: 10 }, () => takeTurn(app, { carrier: 'TWILIO', callsPerSecond: 4 })));
    const sorted = turns.map((turn) => turn.getTime()).toSorted((a, b) => a - b);
    expect(sorted.map((turn) => turn - (sorted[0] ?? 0))).toEqual([0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 2_250]);
    app.clock.advance(MINUTE);
    expect(await takeTurn(app, { carrier: 'TWILIO', callsPerSecond: 4 })).toEqual(app.clock.now());
  });
});

describe('the numbers that people are called from', () => {
  const line = (phoneNumber: string) =>
    app.root.phoneLine.create({ data: { id: newId(), workspaceId: app.workspace.id, phoneNumber, carrier: 'TWILIO', provisionedAt: NOON } });
  const fromOf = async () => (await app.liveCalls()).map(({ from }) => from);

  test('are near to theirs', async () => {
    for (const number of ['+14155550100', '+16465550100', '+12125559999']) await line(number);
    await app.people(1);
    await app.launch();
    await app.work();
    expect(await fromOf()).toEqual(['+12125559999']);
  });

  test('are each used no more than so often a day, one after the other', async () => {
    await line('+17185550100');
    await app.people(6);
    const { id } = await app.launch({ maxConcurrentCalls: 10 });
    app.enqueued.length = 0;
    await runCampaign({ ...app, config: { ...app.config, callsPerNumberADay: 2 } }, { campaignId: id });
    expect((await fromOf()).toSorted()).toEqual(['+12025550100', '+12025550100', '+17185550100', '+17185550100']);
    const waiting = (await app.contacts(id)).filter(({ state }) => state !== 'ACTIVE');
    expect(waiting).toMatchObject(Array(2).fill({ state: 'WAITING_WINDOW', attempts: 0, reason: expect.stringMatching(/as often as it may/) }));
  });
});
