import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../src/domain/campaigns/change-campaign.ts';
import { runCampaign } from '../../src/domain/campaigns/run-campaign.ts';
import { HOUR, MINUTE } from '../../src/kit/time.ts';
import { type CampaignApp, campaignApp, NOON } from '../support/campaign-app.ts';

let app: CampaignApp;

beforeEach(async () => {
  app = await campaignApp();
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const states = async (id: string) => (await app.contacts(id)).map(({ state }) => state);
const only = async () => {
  const [call, ...more] = await app.liveCalls();
  if (!call || more.length > 0) throw new Error(`${more.length + (call ? 1 : 0)} calls are live`);
  return call;
};
/** Everybody who is called is reached, and takes part. */
async function answerAll(): Promise<void> {
  for (let calls = await app.liveCalls(); calls.length > 0; calls = await app.liveCalls()) {
    for (const call of calls) {
      await app.conclude(call, 'COMPLETED');
      await app.tell(call, 'carrier-completed');
    }
    await app.work();
  }
}

describe('a campaign', () => {
  test('calls everybody once, never more at a time than it may, and is complete when the last is over with', async () => {
    await app.people(12);
    const { id } = await app.launch({ maxConcurrentCalls: 3 });
    await app.work();
    expect(await app.liveCalls()).toHaveLength(3);
    expect((await states(id)).filter((state) => state === 'ACTIVE')).toHaveLength(3);
    await answerAll();
    expect(app.twin.calls.map(({ to }) => to).toSorted()).toEqual((await app.root.contact.findMany()).map(({ phoneNumber }) => phoneNumber).toSorted());
    expect(new Set(await states(id))).toEqual(new Set(['DONE']));
    expect(await app.campaign(id)).toMatchObject({ status: 'COMPLETED', endedAt: NOON });
    expect(app.told.filter(({ type }) => type === 'CampaignStarted')).toHaveLength(1);
    expect(app.told.filter(({ type }) => type === 'CampaignCompleted')).toHaveLength(1);
  });

  test('keeps with each call the permit that it was placed by, whole', async () => {
    await app.people(1);
    await app.launch();
    await app.work();
    const call = await only();
    expect(call).toMatchObject({ direction: 'OUTBOUND', assistantId: null, from: '+12025550100', to: '+12125550100', status: 'DIALING' });
    expect(call.permit).toMatchObject({
      granted: true,
      rules: [
        'campaign-running',
        'workspace-active',
        'valid-number',
        'not-suppressed',
        'consent',
        'not-in-a-call',
        'frequency-cap',
        'quiet-hours',
        'usage-reserved',
        'workspace-slot',
        'campaign-slot',
        'calls-per-second',
        'line-free',
      ].map((rule) => ({ rule, passed: true })),
    });
    const attempt = await app.root.attempt.findFirstOrThrow();
    expect(attempt).toMatchObject({ callId: call.id, number: 1, permit: call.permit });
    expect(call.idempotencyKey).toBe(attempt.id);
  });

  test('calls whoever asked to be called first, then who was not reached, then new people', async () => {
    await app.people(3);
    const { id } = await app.launch({ maxConcurrentCalls: 1, startsAt: new Date(NOON.getTime() + MINUTE) });
    const [fresh, again, asked] = await app.contacts(id);
    await app.root.campaignContact.update({ where: { id: again?.id ?? '' }, data: { state: 'RETRY_WAIT', nextAttemptAt: NOON } });
    await app.root.campaignContact.update({ where: { id: asked?.id ?? '' }, data: { state: 'CALLBACK', nextAttemptAt: NOON } });
    app.clock.advance(MINUTE);
    await runCampaign(app, { campaignId: id });
    await answerAll();
    const order = (await app.root.attempt.findMany({ orderBy: { createdAt: 'asc' }, include: { call: true } })).map(
      ({ campaignContactId }) => campaignContactId,
    );
    expect(order).toEqual([asked?.id, again?.id, fresh?.id]);
  });

  test('begins at its time', async () => {
    await app.people(2);
    const { id } = await app.launch({ startsAt: new Date(NOON.getTime() + HOUR) });
    await app.work();
    expect(await app.campaign(id)).toMatchObject({ status: 'SCHEDULED', startedAt: null });
    expect(app.twin.calls).toEqual([]);
    app.clock.advance(HOUR);
    await runCampaign(app, { campaignId: id });
    expect(await app.campaign(id)).toMatchObject({ status: 'RUNNING', startedAt: app.clock.now() });
    expect(app.twin.calls).toHaveLength(2);
  });

  test('in a test calls the first person alone', async () => {
    const [first] = await app.people(5);
    const { id } = await app.launch({ testMode: true });
    await app.work();
    await answerAll();
    expect(app.twin.calls.map(({ to }) => to)).toEqual([first?.phoneNumber]);
    expect(await states(id)).toEqual(['DONE']);
  });
});

describe('pausing and canceling', () => {
  test('a paused campaign calls nobody else, lets live calls finish, and goes on', async () => {
    await app.people(4);
    const { id } = await app.launch({ maxConcurrentCalls: 2 });
    await app.work();
    expect(await pauseCampaign(app, { id })).toMatchObject({ ok: true, value: { status: 'PAUSED' } });
    await answerAll();
    expect(app.twin.calls).toHaveLength(2);
    expect(await states(id)).toEqual(['DONE', 'DONE', 'PENDING', 'PENDING']);
    expect(await resumeCampaign(app, { id })).toMatchObject({ ok: true, value: { status: 'RUNNING', pauseReason: null } });
    await app.work();
    await answerAll();
    expect(await app.campaign(id)).toMatchObject({ status: 'COMPLETED' });
    expect(app.twin.calls).toHaveLength(4);
  });

  test('a canceled campaign lets go of who waits at once, and is over when the last call is', async () => {
    await app.people(4);
    const { id } = await app.launch({ maxConcurrentCalls: 2 });
    await app.work();
    expect(await cancelCampaign(app, { id })).toMatchObject({ ok: true, value: { status: 'CANCELING' } });
    expect(await states(id)).toEqual(['ACTIVE', 'ACTIVE', 'CANCELED', 'CANCELED']);
    await app.work();
    const [one, other] = await app.liveCalls();
    await app.tell(one ?? { id: '' }, 'carrier-busy');
    await app.work();
    expect(await app.campaign(id)).toMatchObject({ status: 'CANCELING' });
    await app.tell(other ?? { id: '' }, 'carrier-no-answer');
    await app.work();
    expect(await app.campaign(id)).toMatchObject({ status: 'CANCELED', endedAt: NOON });
    expect(await states(id)).toEqual(['CANCELED', 'CANCELED', 'CANCELED', 'CANCELED']);
    expect(await resumeCampaign(app, { id })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
    expect(await cancelCampaign(app, { id })).toMatchObject({ ok: true });
  });

  test('after its end nobody is called any more, and who waited is expired', async () => {
    await app.people(3);
    const { id } = await app.launch({ maxConcurrentCalls: 1, endsAt: new Date(NOON.getTime() + HOUR) });
    await app.work();
    app.clock.advance(HOUR);
    await runCampaign(app, { campaignId: id });
    expect(await states(id)).toEqual(['ACTIVE', 'EXPIRED', 'EXPIRED']);
    await answerAll();
    expect(await app.campaign(id)).toMatchObject({ status: 'COMPLETED' });
    expect(app.twin.calls).toHaveLength(1);
  });
});
