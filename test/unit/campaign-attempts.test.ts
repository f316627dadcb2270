import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallEvent } from '../../src/domain/calls/state.ts';
import { followAttempts } from '../../src/domain/campaigns/follow-attempts.ts';
import { runCampaign } from '../../src/domain/campaigns/run-campaign.ts';
import { settleAttempt } from '../../src/domain/campaigns/settle-attempt.ts';
import type { CallOutcome } from '../../src/generated/prisma/client.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/time.ts';
import { type CampaignApp, campaignApp, NOON } from '../support/campaign-app.ts';

let app: CampaignApp;

beforeEach(async () => {
  app = await campaignApp({ timeoutMs: 1_000 });
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const only = async () => {
  const [call, ...more] = await app.liveCalls();
  if (!call || more.length > 0) throw new Error(`${more.length + (call ? 1 : 0)} calls are live`);
  return call;
};
const contact = async (id: string) => {
  const [first] = await app.contacts(id);
  if (!first) throw new Error('nobody is in the campaign');
  return first;
};
const later = (ms: number) => new Date(app.clock.now().getTime() + ms);

/** How a call ends, in the carrier's words and the conversation's. */
type End = { event: CallEvent; verdict?: CallOutcome; answeredBy?: string };
const ENDS: Record<string, End> = {
  busy: { event: 'carrier-busy' },
  'no answer': { event: 'carrier-no-answer' },
  voicemail: { event: 'carrier-completed', answeredBy: 'machine' },
  screened: { event: 'carrier-completed', answeredBy: 'screener' },
  failed: { event: 'carrier-failed' },
  'hangs up half way': { event: 'carrier-completed', verdict: 'PARTIAL' },
  refuses: { event: 'carrier-completed', verdict: 'REFUSED' },
  'takes part': { event: 'carrier-completed', verdict: 'COMPLETED' },
  'opts out': { event: 'carrier-completed', verdict: 'OPTED_OUT' },
  'a fax': { event: 'carrier-completed', answeredBy: 'fax' },
};

async function end(how: keyof typeof ENDS): Promise<void> {
  const { event, verdict, answeredBy } = ENDS[how] ?? { event: 'carrier-busy' };
  const call = await only();
  if (verdict || answeredBy) await app.conclude(call, verdict ?? 'PARTIAL', { ...(answeredBy && { answeredBy }) });
  await app.tell(call, event);
  await app.work();
}

describe('what follows a call', () => {
  test.each([
    ['busy', ['BUSY', 'RETRY_WAIT', 15 * MINUTE]],
    // Not before the evening: nobody was there at noon.
    ['no answer', ['NO_ANSWER', 'RETRY_WAIT', 5 * HOUR]],
    ['voicemail', ['VOICEMAIL', 'RETRY_WAIT', DAY]],
    ['screened', ['SCREENED', 'RETRY_WAIT', DAY]],
    ['failed', ['FAILED', 'RETRY_WAIT', 2 * MINUTE]],
    ['hangs up half way', ['PARTIAL', 'RETRY_WAIT', 10 * MINUTE]],
    ['refuses', ['REFUSED', 'DONE', null]],
    ['takes part', ['COMPLETED', 'DONE', null]],
    ['opts out', ['OPTED_OUT', 'SUPPRESSED', null]],
    ['a fax', ['INVALID_NUMBER', 'INVALID', null]],
  ] as const)('%s', async (how, [lastOutcome, state, afterMs]) => {
    await app.people(1);
    const { id } = await app.launch();
    await app.work();
    await end(how);
    const nextAttemptAt = afterMs === null ? null : later(afterMs);
    expect(await contact(id)).toMatchObject({ state, lastOutcome, attempts: 1, nextAttemptAt });
    expect((await app.campaign(id)).status).toBe(afterMs === null ? 'COMPLETED' : 'RUNNING');
    expect(await app.root.attempt.findFirstOrThrow()).toMatchObject({ state: 'ENDED', outcome: lastOutcome, number: 1 });
  });

  test('busy three times is the end of it, and each time is an attempt of its own', async () => {
    await app.people(1);
    const { id } = await app.launch({ maxAttempts: 5 });
    for (const [at, wait] of [15 * MINUTE, 15 * MINUTE, 0].entries()) {
      await runCampaign(app, { campaignId: id });
      await end('busy');
      expect(await contact(id)).toMatchObject({ attempts: at + 1, state: wait ? 'RETRY_WAIT' : 'EXHAUSTED' });
      app.clock.advance(wait);
    }
    expect(await app.campaign(id)).toMatchObject({ status: 'COMPLETED' });
    expect((await app.root.attempt.findMany({ orderBy: { number: 'asc' } })).map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(app.twin.calls).toHaveLength(3);
  });

  test('a retry that would be after the end of the campaign is none', async () => {
    await app.people(1);
    const { id } = await app.launch({ endsAt: later(HOUR) });
    await app.work();
    await end('no answer');
    expect(await contact(id)).toMatchObject({ state: 'EXPIRED', nextAttemptAt: null });
    expect(await app.campaign(id)).toMatchObject({ status: 'COMPLETED' });
  });

  test('a retry moves into the next hours at which they may be called', async () => {
    await app.people(1);
    const { id } = await app.launch({ callingHours: { from: '09:00', to: '12:10', days: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] } });
    await app.work();
    await end('busy');
    expect(await contact(id)).toMatchObject({ state: 'RETRY_WAIT', nextAttemptAt: new Date('2026-07-02T13:00:00Z') });
  });

  test('a callback is at the time that was asked for', async () => {
    await app.people(1);
    const { id } = await app.launch();
    await app.work();
    await app.root.attempt.updateMany({ data: { callbackAt: later(3 * HOUR) } });
    await end('hangs up half way');
    expect(await contact(id)).toMatchObject({ state: 'CALLBACK', nextAttemptAt: later(3 * HOUR) });
    app.clock.advance(3 * HOUR);
    await runCampaign(app, { campaignId: id });
    await end('takes part');
    expect(await contact(id)).toMatchObject({ state: 'DONE', attempts: 2 });
  });

  test('a message is left on a machine once, however often it answers', async () => {
    await app.people(1);
    const { id } = await app.launch({ voicemailMessage: 'We will call again.' });
    await app.work();
    const first = await only();
    expect(first.plan).toMatchObject({ voicemailMessage: 'We will call again.' });
    await app.conclude(first, 'PARTIAL', { answeredBy: 'machine', voicemailLeftAt: app.clock.now() });
    await app.tell(first, 'carrier-completed');
    await app.work();
    app.clock.advance(DAY);
    await runCampaign(app, { campaignId: id });
    expect((await only()).plan).toMatchObject({ voicemailMessage: null });
    await end('voicemail');
    expect(await contact(id)).toMatchObject({ state: 'EXHAUSTED', attempts: 2 });
  });

  test('who opts out is taken out of every campaign of the workspace, and can be called by none', async () => {
    const [person] = await app.people(1);
    const { id } = await app.launch();
    const { id: other } = await app.launch({ startsAt: later(DAY) });
    await app.work();
    await end('opts out');
    expect(await app.root.suppression.findFirst()).toMatchObject({ phoneNumber: person?.phoneNumber, reason: 'SPOKEN_OPT_OUT' });
    expect(await contact(id)).toMatchObject({ state: 'SUPPRESSED' });
    expect(await contact(other)).toMatchObject({ state: 'SUPPRESSED' });
    app.clock.advance(DAY);
    await runCampaign(app, { campaignId: other });
    expect(app.twin.calls).toHaveLength(1);
  });

  test('is decided once, however often and by how many at once', async () => {
    await app.people(1);
    const { id } = await app.launch();
    await app.work();
    const call = await only();
    await app.tell(call, 'carrier-busy');
    await Promise.all(Array.from({ length: 5 }, () => settleAttempt(app, { callId: call.id })));
    await followAttempts(app);
    expect(await contact(id)).toMatchObject({ state: 'RETRY_WAIT', attempts: 1, outcomes: { BUSY: 1 } });
  });

  test('is found out also where nobody told of it', async () => {
    await app.people(1);
    const { id } = await app.launch();
    await app.work();
    await app.tell(await only(), 'carrier-answered');
    await followAttempts(app);
    expect(await app.root.attempt.findFirstOrThrow()).toMatchObject({ state: 'ANSWERED' });
    await app.tell(await only(), 'carrier-completed');
    expect(await followAttempts(app)).toBe(1);
    expect(await contact(id)).toMatchObject({ state: 'RETRY_WAIT', lastOutcome: 'DROPPED' });
  });
});

describe('a carrier that fails', () => {
  test('is not dialed through the whole list: the campaign is paused, and says why', async () => {
    await app.people(20);
    const { id } = await app.launch({ maxConcurrentCalls: 6 });
    await app.work();
    for (const call of await app.liveCalls()) await app.tell(call, 'carrier-failed');
    await app.work();
    expect(await app.campaign(id)).toMatchObject({ status: 'PAUSED', pauseReason: expect.stringMatching(/technical reasons/) });
    expect(app.twin.calls.length).toBeLessThan(12);
  });

  test('that does not answer is asked what became of the call, and no phone is dialed again for it', async () => {
    await app.people(1);
    const { id } = await app.launch();
    app.twin.script('POST', { type: 'hang', done: true });
    await app.work();
    expect(await only()).toMatchObject({ status: 'UNKNOWN' });
    for (let minute = 0; minute < 5; minute++) {
      app.clock.advance(MINUTE);
      await followAttempts(app);
      await runCampaign(app, { campaignId: id });
    }
    expect(app.twin.calls).toHaveLength(1);
    expect(await contact(id)).toMatchObject({ state: 'ACTIVE' });
    expect(await app.root.attempt.findFirstOrThrow()).toMatchObject({ state: 'UNKNOWN' });
  });

  test('that refuses the number as none ends it for them', async () => {
    await app.people(1);
    const { id } = await app.launch();
    app.twin.script('POST', { type: 'refuse', status: 400, code: 21211, message: 'no such number' });
    await app.work();
    expect(await contact(id)).toMatchObject({ state: 'INVALID', lastOutcome: 'INVALID_NUMBER' });
    expect(await app.campaign(id)).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('who is not let be called', () => {
  const refused = async (id: string) => ({ ...(await contact(id)), attempts: (await contact(id)).attempts });

  test.each([
    ['has not agreed', { consent: 'NONE' as const }, 'SUPPRESSED', /not agreed/],
    ['has a number that is charged extra', { phoneNumber: '+19005550142' }, 'INVALID', /charged extra/],
    ['lives where it is night', { timeZone: 'Asia/Tokyo' }, 'WAITING_WINDOW', /too early or too late/],
    ['lives nobody knows where', { timeZone: 'Mars/Olympus' }, 'WAITING_WINDOW', /no time zone/],
  ] as const)('%s', async (_name, more, state, reason) => {
    await app.people(1, more);
    await app.people(1);
    const { id } = await app.launch();
    await app.work();
    const person = (await app.contacts(id)).find(({ state: at }) => at !== 'ACTIVE');
    expect(person).toMatchObject({ state, attempts: 0, reason: expect.stringMatching(reason) });
    expect(app.twin.calls).toHaveLength(1);
    expect((await app.root.attempt.findMany({ where: { callId: null } })).map(({ permit }) => permit)).toMatchObject([{ granted: false }]);
  });

  test('in Tokyo is called when it is morning there', async () => {
    await app.people(1, { timeZone: 'Asia/Tokyo' });
    const { id } = await app.launch();
    await app.work();
    expect(await contact(id)).toMatchObject({ nextAttemptAt: new Date('2026-07-01T23:00:00Z') });
    app.clock.advance(7 * HOUR);
    await runCampaign(app, { campaignId: id });
    expect(await only()).toMatchObject({ permit: { granted: true } });
    expect(await app.root.attempt.count()).toBe(1);
  });

  test('was suppressed after the launch', async () => {
    const [person] = await app.people(1);
    const { id } = await app.launch();
    const row = { workspaceId: app.workspace.id, phoneNumber: person?.phoneNumber ?? '', reason: 'MANUAL' as const, source: 'a person', createdAt: NOON };
    await app.root.suppression.create({ data: row });
    await app.work();
    expect(await refused(id)).toMatchObject({ state: 'SUPPRESSED', attempts: 0 });
    expect(app.twin.calls).toEqual([]);
  });

  test('was called often enough within the month, by whichever campaign', async () => {
    await app.people(1);
    for (let campaign = 0; campaign < 2; campaign++) {
      await app.launch({ maxAttempts: 2 });
      await app.work();
      await end('refuses');
    }
    const { id } = await app.launch({ maxAttempts: 2 });
    await app.work();
    expect(await refused(id)).toMatchObject({ state: 'EXHAUSTED', attempts: 0, reason: expect.stringMatching(/2 of at most 2/) });
    app.clock.advance(31 * DAY);
    const { id: month } = await app.launch({ maxAttempts: 2 });
    await app.work();
    expect(await contact(month)).toMatchObject({ state: 'ACTIVE' });
  });

  test('is in a call of another campaign', async () => {
    await app.people(1);
    await app.launch();
    await app.work();
    const { id } = await app.launch();
    await app.work();
    expect(await refused(id)).toMatchObject({ state: 'WAITING_WINDOW', nextAttemptAt: later(MINUTE) });
    await end('takes part');
    app.clock.advance(MINUTE);
    await runCampaign(app, { campaignId: id });
    expect(app.twin.calls).toHaveLength(2);
  });
});
