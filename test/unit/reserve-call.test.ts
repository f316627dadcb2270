import { describe, expect, test } from 'vitest';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/time.ts';
import { settled, usageApp } from '../support/usage-app.ts';

const refusals = (results: readonly { ok: boolean; problems?: readonly object[] }[]) => results.flatMap((result) => (result.ok ? [] : (result.problems ?? [])));

describe('reserving', () => {
  test('a hundred simultaneous starts on one remaining trial call: one is admitted, and one phone rings', async () => {
    await using app = await usageApp();
    for (const seconds of [60, 0, 30]) await app.talk(seconds);
    const results = await Promise.all(Array.from({ length: 100 }, () => app.place()));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(refusals(results)).toHaveLength(99);
    for (const problem of refusals(results)) {
      expect(problem).toMatchObject({
        code: 'LIMIT_REACHED',
        permission: { allowed: false, reason: 'TRIAL_CALLS_USED', suggestedPlan: { key: 'BUSINESS_BASIC' } },
      });
    }
    expect(app.twin.calls).toHaveLength(4);
    expect(await app.root.call.count()).toBe(4);
    expect((await app.books()).holds).toBe(1);
  });

  test('a hundred simultaneous starts in a week with five calls left: no more than the plan has at a time, and never more than five', async () => {
    await using app = await usageApp({ planKey: 'BUSINESS_BASIC', status: 'ACTIVE' });
    await app.root.usageEntry.createMany({
      data: settled(
        app.workspace.id,
        Array.from({ length: 15 }, () => ({ at: app.clock.now(), seconds: 60 })),
      ),
    });
    const all: string[] = [];
    for (let round = 0; round < 4; round++) {
      const results = await Promise.all(Array.from({ length: 25 }, () => app.place()));
      const admitted = results.flatMap((result) => (result.ok ? [result.value.id] : []));
      expect(admitted.length).toBe(Math.min(3, 5 - all.length));
      for (const callId of admitted) await app.happened(callId, 'carrier-answered', 'carrier-completed');
      all.push(...admitted);
    }
    expect(all).toHaveLength(5);
    expect(await app.usage()).toMatchObject({ callsThisWeek: 20, permission: { allowed: false, reason: 'WEEKLY_CALLS_USED' } });
  });

  test('the first of many to ask opens the trial, once', async () => {
    await using app = await usageApp();
    await app.root.subscription.deleteMany();
    const results = await Promise.all(Array.from({ length: 20 }, () => app.place()));
    expect(results.filter(({ ok }) => ok)).toHaveLength(2);
    expect(await app.root.subscription.findMany()).toMatchObject([{ planKey: 'BUSINESS_TRIAL', status: 'TRIALING', version: 1 }]);
    expect(await app.root.subscriptionEvent.findMany()).toMatchObject([{ kind: 'TRIAL_STARTED', at: app.workspace.createdAt }]);
  });

  test('the same call asked for twenty times takes one part', async () => {
    await using app = await usageApp();
    const results = await Promise.all(Array.from({ length: 20 }, () => app.place({ to: '+12025550142', idempotencyKey: 'order-7' })));
    expect(new Set(results.map((result) => (result.ok ? result.value.id : 'refused'))).size).toBe(1);
    expect(await app.books()).toEqual({ entries: ['RESERVED'], holds: 1 });
  });

  test('a call that comes in takes its part too, is told so politely where there is none, and is seen to have been turned away', async () => {
    await using app = await usageApp({ planKey: 'BUSINESS_BASIC', status: 'ACTIVE' });
    await app.root.usageEntry.createMany({
      data: settled(
        app.workspace.id,
        Array.from({ length: 19 }, () => ({ at: app.clock.now(), seconds: 60 })),
      ),
    });
    const ring = (sid: string) =>
      app.post('/webhooks/twilio/voice', { CallSid: sid, CallStatus: 'ringing', Direction: 'inbound', From: '+12025550142', To: '+12025550100' });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => ring(`CA${String(index).padStart(32, '0')}`)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => body.includes('<Connect'))).toHaveLength(1);
    expect(answers.filter(({ body }) => body.includes('nobody can take your call') && body.includes('<Hangup'))).toHaveLength(9);
    expect(await app.root.call.count({ where: { status: 'ENDED', endReason: 'plan-limit' } })).toBe(9);
    // The carrier asks the same thing again.
    expect((await ring(`CA${'0'.repeat(32)}`)).status).toBe(200);
    expect(await app.books()).toMatchObject({ holds: 1 });
  });

  test('twenty who call without a pause, each as soon as their last call has ended, have twenty calls a week together', async () => {
    await using app = await usageApp({ planKey: 'BUSINESS_BASIC', status: 'ACTIVE' });
    let admitted = 0;
    const caller = async () => {
      for (;;) {
        const result = await app.place();
        if (!result.ok) {
          const [problem] = result.problems;
          if (problem && 'permission' in problem && problem.permission.reason === 'CONCURRENCY') continue;
          return;
        }
        admitted += 1;
        await app.happened(result.value.id, ...(admitted % 4 === 0 ? (['carrier-busy'] as const) : (['carrier-answered', 'carrier-completed'] as const)));
      }
    };
    await Promise.all(Array.from({ length: 20 }, caller));
    expect(await app.root.usageEntry.count({ where: { kind: 'SETTLED' } })).toBe(20);
    expect(await app.root.usageHold.count()).toBe(0);
  });

  test('looking at the usage waits for nobody who is being admitted', async () => {
    await using app = await usageApp();
    await app.root.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM "Subscription" FOR UPDATE`;
      expect(await app.usage()).toMatchObject({ permission: { allowed: true, remainingCalls: 4 } });
    });
  });
});

describe('settling', () => {
  test('an answered call counts once, with whole seconds; what was never answered counts for nothing', async () => {
    await using app = await usageApp({ planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE' });
    await app.talk(61);
    for (const end of ['carrier-busy', 'carrier-no-answer', 'carrier-failed', 'carrier-canceled'] as const)
      await app.happened(await app.placed(), end, end, 'carrier-completed');
    expect((await app.books()).entries.toSorted()).toEqual([...Array(4).fill('RELEASED'), ...Array(5).fill('RESERVED'), 'SETTLED 61']);
    expect(await app.usage()).toMatchObject({ callsToday: 1, callsThisWeek: 1, callsThisMonth: 1, callsTotal: 1, secondsThisMonth: 61, open: { calls: 0 } });
  });

  test('a refusal of the carrier gives the part back at once', async () => {
    await using app = await usageApp();
    app.twin.script('POST', { type: 'refuse', status: 400, code: 21211, message: 'no number' });
    expect(await app.place()).toMatchObject({ ok: false, problems: [{ code: 'INVALID' }] });
    expect(await app.books()).toEqual({ entries: ['RESERVED', 'RELEASED'], holds: 0 });
  });

  test('a process that dies between the row and the dial keeps a part only until the call is looked after', async () => {
    await using app = await usageApp({ planKey: 'CONSUMER_TRIAL' });
    // As it stands when the process is gone: dialed, and never heard of.
    app.twin.script('POST', { type: 'hang', done: false });
    const lost = await app.place();
    expect(lost).toMatchObject({ ok: true, value: { status: 'UNKNOWN' } });
    expect(await app.place()).toMatchObject({ ok: false, problems: [{ permission: { reason: 'CONCURRENCY' } }] });
    app.clock.advance(10 * MINUTE);
    await reapCalls(app);
    expect((await app.books()).holds).toBe(0);
    expect(await app.place()).toMatchObject({ ok: true });
  });

  test('what is held is never more than the calls that are not over, whatever order the carrier tells it in', async () => {
    await using app = await usageApp({ planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE' });
    const words = [
      'carrier-ringing',
      'carrier-answered',
      'media-alive',
      'carrier-completed',
      'carrier-busy',
      'carrier-failed',
      'end-requested',
      'given-up',
    ] as const;
    for (let round = 0; round < 25; round++) {
      const callId = await app.placed();
      await Promise.all(Array.from({ length: 6 }, (_, index) => app.happened(callId, words[(round * 7 + index * 5) % words.length] ?? 'carrier-completed')));
      const over = await app.root.call.count({ where: { status: { in: ['ENDED', 'FAILED'] } } });
      expect((await app.books()).holds).toBe(round + 1 - over);
    }
    const calls = await app.root.call.findMany({ where: { status: { in: ['ENDED', 'FAILED'] } } });
    const closed = await app.root.usageEntry.findMany({ where: { phase: 1 } });
    const answered = calls.filter(({ answeredAt }) => answeredAt !== null);
    expect(closed).toHaveLength(calls.length);
    expect(closed.reduce((sum, entry) => sum + entry.calls, 0)).toBe(answered.length);
    expect(closed.reduce((sum, entry) => sum + entry.seconds, 0)).toBe(answered.reduce((sum, call) => sum + (call.durationSeconds ?? 0), 0));
  });
});

describe('the minutes that are left', () => {
  test('a call is as long as they are, and says that it is the plan; two calls share them', async () => {
    await using app = await usageApp({ planKey: 'BUSINESS_BASIC', status: 'ACTIVE' });
    await app.root.usageEntry.createMany({ data: settled(app.workspace.id, [{ at: app.clock.now(), seconds: 500 * 60 - 1_900 }]) });
    const [long, short] = [await app.placed(), await app.placed()];
    expect(await app.limits(long)).toMatchObject({ maximumSeconds: 1_800, limitedByPlan: false });
    expect(await app.limits(short)).toMatchObject({ maximumSeconds: 100, limitedByPlan: true });
    expect(app.twin.requests.filter(({ method }) => method === 'POST').map(({ parameters }) => parameters.TimeLimit)).toEqual(['1860', '160']);
    expect(await app.place()).toMatchObject({ ok: false, problems: [{ permission: { reason: 'CONCURRENCY' } }] });
    // The long one needed less: what it had kept is there again.
    await app.happened(long, 'carrier-answered', 'carrier-completed');
    expect(await app.limits(await app.placed())).toMatchObject({ maximumSeconds: 1_800 });
  });

  test('a conversation that they end has reached its limit, by its outcome', async () => {
    await using app = await usageApp();
    const callId = await app.placed();
    await app.happened(callId, 'carrier-answered', 'media-alive');
    await app.root.call.update({ where: { id: callId }, data: { endReason: 'plan-limit', bridgeCount: 1 } });
    await app.happened(callId, 'carrier-completed');
    expect(await app.call(callId)).toMatchObject({ status: 'ENDED', outcome: 'LIMIT_REACHED', endReason: 'plan-limit' });
  });
});

describe('a trial', () => {
  const consumer = { planKey: 'CONSUMER_TRIAL' } as const;

  test('ends by its time alone, and has one extra call for somebody who used all of it', async () => {
    await using app = await usageApp(consumer);
    for (const seconds of [30, 30, 30]) await app.talk(seconds);
    expect(await app.usage()).toMatchObject({ trial: { active: true, callsUsed: 3, callsLimit: 3 }, permission: { reason: 'TRIAL_CALLS_USED' } });
    app.clock.advance(7 * DAY);
    expect(await app.usage()).toMatchObject({ trial: { active: false }, permission: { allowed: true, remainingCalls: 1 } });
    const both = await Promise.all([app.place(), app.place()]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const [extra] = both.flatMap((result) => (result.ok ? [result.value.id] : []));
    // Nobody answered: it was not it.
    await app.happened(extra ?? '', 'carrier-busy');
    expect((await app.usage()).permission).toMatchObject({ allowed: true });
    await app.talk(20);
    expect(await app.usage()).toMatchObject({ callsTotal: 4, trial: { callsUsed: 3 }, permission: { allowed: false, reason: 'TRIAL_EXPIRED' } });
    expect(await app.place()).toMatchObject({ ok: false, problems: [{ code: 'TRIAL_EXPIRED', permission: { suggestedPlan: { key: 'CONSUMER_WEEKLY' } } }] });
  });

  test('the extra call is there for 48 hours', async () => {
    await using app = await usageApp(consumer);
    for (const seconds of [30, 30, 30]) await app.talk(seconds);
    app.clock.advance(7 * DAY + 48 * HOUR - 2 * MINUTE);
    expect((await app.usage()).permission).toMatchObject({ allowed: true });
    app.clock.advance(2 * MINUTE);
    expect((await app.usage()).permission).toMatchObject({ allowed: false, reason: 'TRIAL_EXPIRED' });
  });

  test('of one telephone is over for every account of a consumer, and given back where nobody answered', async () => {
    await using app = await usageApp(consumer);
    const own = '+12025550142';
    const missed = await app.place({ to: own });
    await app.happened(missed.ok ? missed.value.id : '', 'carrier-no-answer');
    for (let calls = 0; calls < 3; calls++) {
      const call = await app.place({ to: own });
      await app.happened(call.ok ? call.value.id : '', 'carrier-answered', 'carrier-completed');
    }
    // Somebody begins anew, with the same telephone.
    await app.root.usageEntry.deleteMany();
    expect(await app.place({ to: own })).toMatchObject({ ok: false, problems: [{ code: 'LIMIT_REACHED', permission: { reason: 'TRIAL_CALLS_USED' } }] });
    expect(await app.place({ to: '+12025550143' })).toMatchObject({ ok: true });
    expect(JSON.stringify(await app.root.trialClaim.findMany())).not.toContain('2025550142');
  });
});

describe('what a plan includes', () => {
  test('is what the assistant of a call is given', async () => {
    await using app = await usageApp({ planKey: 'CONSUMER_WEEKLY', status: 'ACTIVE' });
    await app.root.assistant.updateMany({ data: { recordCalls: true } });
    const tools = async (callId: string) => (await app.call(callId)).plan as { tools: { name: string }[]; recording: object | null };
    const consumer = await tools(await app.placed());
    expect(consumer.tools.map(({ name }) => name)).toEqual(['take_message', 'send_dtmf', 'end_call']);
    expect(consumer.recording).toBeNull();
    await app.root.subscription.updateMany({ data: { planKey: 'BUSINESS_PROFESSIONAL' } });
    const business = await tools(await app.placed());
    expect(business.tools.map(({ name }) => name)).toContain('book_appointment');
    expect(business.recording).toEqual({ consent: 'SPOKEN' });
  });
});
