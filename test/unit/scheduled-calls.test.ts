import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { placeScheduledCall, sweepScheduledCalls } from '../../src/domain/calls/dialing/place-scheduled-call.ts';
import { cancelScheduledCall, type ScheduleCall, scheduleCall } from '../../src/domain/calls/dialing/schedule-call.ts';
import { reconcileCall } from '../../src/domain/calls/watch/reconcile-call.ts';
import type { ScheduledCall } from '../../src/generated/prisma/client.ts';
import type { Result } from '../../src/kit/errors.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, callApp, seedWorkspace } from '../support/call-app.ts';
import { manualClock } from '../support/manual-clock.ts';

const TO = '+12125550142';
const HOUR = 3_600_000;
const NOON = new Date('2026-07-01T16:00:00Z');
let app: CallApp;

beforeEach(async () => {
  // Eleven in the morning in New York, where the number is.
  app = { ...(await callApp({ timeoutMs: 1_000 })), clock: manualClock(new Date(NOON.getTime() - HOUR)) };
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const schedule = (more: Partial<ScheduleCall> = {}) => scheduleCall(app, { to: TO, assistantId: app.assistant.id, at: NOON, ...more });
const row = (result: Result<ScheduledCall>): ScheduledCall => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problems)}`);
  return result.value;
};
const now = (id: string) => app.root.scheduledCall.findUniqueOrThrow({ where: { id }, include: { call: true } });
const run = (id: string, clock = app.clock) => placeScheduledCall({ ...app, clock }, { scheduledCallId: id });
const problem = (code: string, path?: string[]) => ({ ok: false, problems: [{ code, ...(path && { path }) }] });

describe('scheduling a call', () => {
  test('writes it down and has a job do it at its time, in one transaction', async () => {
    const scheduled = row(await schedule({ to: '(212) 555-0142' }));
    expect(scheduled).toMatchObject({ to: TO, at: NOON, status: 'PENDING', callId: null });
    expect(app.enqueued).toEqual([{ type: 'CallScheduled', workspaceId: app.workspace.id, scheduledCallId: scheduled.id, at: NOON }]);
    expect(app.twin.requests).toEqual([]);
  });

  test('a key is one scheduled call, however often and late it is asked for', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => schedule({ idempotencyKey: 'k' })));
    expect(new Set(made.map((result) => row(result).id)).size).toBe(1);
    app.clock.advance(2 * HOUR);
    row(await schedule({ idempotencyKey: 'k' }));
    expect(await app.root.scheduledCall.count()).toBe(1);
    expect(await schedule({ idempotencyKey: 'k', to: '+12125550143' })).toMatchObject(problem('CONFLICT'));
  });

  test.each([
    ['what is no number', { to: 'mother' }, 'INVALID', ['input', 'to']],
    ['an emergency number', { to: '911' }, 'INVALID', ['input', 'to']],
    ['a number that is charged extra', { to: '+19005550142' }, 'INVALID', ['input', 'to']],
    ['an assistant that is not there', { assistantId: 'nobody' }, 'NOT_FOUND', ['input', 'assistantId']],
    ['a time that is over', { at: new Date(NOON.getTime() - HOUR) }, 'INVALID', ['input', 'at']],
    ['a time too far ahead', { at: new Date('2028-01-01T00:00:00Z') }, 'INVALID', ['input', 'at']],
  ])('refuses %s', async (_name, input, code, path) => {
    expect(await schedule(input)).toMatchObject(problem(code, path));
    expect(await app.root.scheduledCall.count()).toBe(0);
  });
});

describe('when its time has come', () => {
  test('it is placed once, however many run it at once and again', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    await Promise.all([...Array.from({ length: 6 }, () => run(id)), sweepScheduledCalls(app), sweepScheduledCalls(app)]);
    await run(id);
    expect(app.twin.calls).toHaveLength(1);
    expect(await now(id)).toMatchObject({ status: 'PLACED', error: null, call: { to: TO, carrierCallId: app.twin.calls[0]?.sid, idempotencyKey: id } });
    expect(await app.root.call.count()).toBe(1);
    const { call } = await now(id);
    expect(call?.permit).toMatchObject({ granted: true });
    expect(JSON.stringify(call?.permit)).toContain('quiet-hours');
  });

  test('a job that is woken too early leaves it for its time; clocks that differ by little do no harm', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR - 6_000);
    await run(id);
    expect(await sweepScheduledCalls(app)).toBe(0);
    expect(await now(id)).toMatchObject({ status: 'PENDING' });
    app.clock.advance(2_000);
    await run(id);
    expect(await now(id)).toMatchObject({ status: 'PLACED' });
  });

  test('what no job came for is swept up; what is hours late is not called any more', async () => {
    const [soon, late] = [row(await schedule()), row(await schedule({ at: new Date(NOON.getTime() - HOUR / 2) }))];
    app.clock.advance(HOUR + HOUR / 2 + 1_000);
    await sweepScheduledCalls(app);
    expect(await now(soon.id)).toMatchObject({ status: 'PLACED' });
    expect(await now(late.id)).toMatchObject({ status: 'FAILED', callId: null, error: expect.stringContaining('more than an hour') });
    expect(app.twin.calls).toHaveLength(1);
  });

  test('a process that died after the call was made, and before it was dialed, leaves it to the next', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    // Everything up to the commit, and nothing after it.
    const transaction = async (work: Parameters<typeof app.db.$transaction>[0]) => {
      await app.db.$transaction(work);
      throw new Error('killed');
    };
    const killed = { ...app, db: new Proxy(app.db, { get: (db, key) => (key === '$transaction' ? transaction : Reflect.get(db, key)) }) };
    await expect(placeScheduledCall(killed, { scheduledCallId: id })).rejects.toThrow('killed');
    expect(await now(id)).toMatchObject({ status: 'PLACED', call: { status: 'QUEUED' } });
    await Promise.all([run(id), run(id), sweepScheduledCalls(app)]);
    expect(await now(id)).toMatchObject({ status: 'PLACED', call: { status: 'DIALING' } });
    expect(app.twin.calls).toHaveLength(1);
  });

  test('a process that died before anything was committed leaves it as it was', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    const killed = { ...app, events: { ...app.events, enqueue: () => Promise.reject(new Error('killed')) } };
    await expect(placeScheduledCall(killed, { scheduledCallId: id })).rejects.toThrow('killed');
    expect(await now(id)).toMatchObject({ status: 'PENDING', callId: null });
    expect(await app.root.call.count()).toBe(0);
    await run(id);
    expect(app.twin.calls).toHaveLength(1);
  });

  test('a carrier that does not answer leaves a call that is looked for, and is not asked again', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    app.twin.script('POST', { type: 'hang', done: true });
    await run(id);
    await run(id);
    await sweepScheduledCalls(app);
    expect(await now(id)).toMatchObject({ status: 'PLACED', call: { status: 'UNKNOWN' } });
    expect(app.twin.calls).toHaveLength(1);
  });

  test('a request that never reached the carrier fails it, once the carrier’s list has shown that', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    app.twin.script('POST', { type: 'break', done: false });
    await run(id);
    const { callId } = await now(id);
    app.clock.advance(HOUR / 20);
    await reconcileCall(app, { workspaceId: app.workspace.id, callId: callId ?? '' });
    expect(await now(id)).toMatchObject({ status: 'FAILED', error: expect.stringContaining('never took the call'), call: { status: 'FAILED' } });
    await sweepScheduledCalls(app);
    expect(app.twin.calls).toHaveLength(0);
  });

  test('the carrier’s refusal fails it in words', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    app.twin.script('POST', { type: 'refuse', status: 400, code: 21215, message: 'no' });
    await run(id);
    expect(await now(id)).toMatchObject({ status: 'FAILED', error: expect.stringContaining('does not permit'), call: { status: 'FAILED' } });
  });
});

describe('what the permit refuses at that time', () => {
  const contact = (timeZone: string) =>
    app.root.contact.create({ data: { id: newId(), workspaceId: app.workspace.id, phoneNumber: TO, timeZone, createdAt: NOON, updatedAt: NOON } });

  test.each([
    [
      'an opt-out that came meanwhile',
      () => app.root.suppression.create({ data: { workspaceId: app.workspace.id, phoneNumber: TO, reason: 'MANUAL', source: 'a person', createdAt: NOON } }),
      /must not be called/,
    ],
    ['a contact who lives where it is night', () => contact('Asia/Tokyo'), /too late/],
    ['a contact of an unknown zone', () => contact('Mars/Olympus'), /no time zone/],
    ['a suspended workspace', () => app.root.workspace.updateMany({ data: { suspendedAt: NOON } }), /suspended/],
    ['no line', () => app.root.phoneLine.updateMany({ data: { status: 'RELEASED' } }), /no telephone line/],
    ['an assistant that was deleted', () => app.root.assistant.updateMany({ data: { deletedAt: NOON } }), /no such assistant/],
  ] as const)('fails it with the sentence: %s', async (_name, change, words) => {
    const { id } = row(await schedule());
    await change();
    app.clock.advance(HOUR);
    await run(id);
    await run(id);
    expect(await now(id)).toMatchObject({ status: 'FAILED', callId: null, error: expect.stringMatching(words) });
    expect(app.twin.requests).toEqual([]);
  });

  test('a zone of the contact counts in place of the number’s', async () => {
    await contact('Europe/London');
    const evening = new Date('2026-07-02T02:00:00Z');
    const early = row(await schedule({ at: evening }));
    await run(early.id, manualClock(evening));
    expect(await now(early.id)).toMatchObject({ status: 'FAILED' });
    const morning = new Date('2026-07-02T08:00:00Z');
    const fine = row(await schedule({ at: morning }));
    await run(fine.id, manualClock(morning));
    expect(await now(fine.id)).toMatchObject({ status: 'PLACED' });
  });

  test('a person who clicks is not kept by quiet hours', async () => {
    const night = { ...app, clock: manualClock(new Date('2026-07-02T06:00:00Z')) };
    expect(await placeCall(night, { to: TO, assistantId: app.assistant.id })).toMatchObject({ ok: true });
  });
});

describe('taking it back', () => {
  test('keeps it from being placed, and twice is fine', async () => {
    const { id } = row(await schedule());
    row(await cancelScheduledCall(app, { id }));
    expect(row(await cancelScheduledCall(app, { id }))).toMatchObject({ status: 'CANCELED' });
    app.clock.advance(HOUR);
    await run(id);
    await sweepScheduledCalls(app);
    expect(app.twin.requests).toEqual([]);
  });

  test('against the job that places it: exactly one wins', async () => {
    const outcomes = [];
    for (let round = 0; round < 12; round++) {
      const { id } = row(await schedule({ at: new Date(app.clock.now().getTime() + 1_000), to: `+121255501${10 + round}` }));
      app.clock.advance(1_000);
      const before = app.twin.calls.length;
      const [canceled] = await Promise.all(round % 2 ? [cancelScheduledCall(app, { id }), run(id)] : [cancelLater(id), run(id)]);
      const { status, call } = await now(id);
      const dialed = app.twin.calls.length - before;
      expect([status, canceled.ok, dialed, call !== null]).toEqual(canceled.ok ? ['CANCELED', true, 0, false] : ['PLACED', false, 1, true]);
      outcomes.push(status);
    }
    expect(new Set(outcomes).size).toBe(2);
  });

  const cancelLater = async (id: string) => {
    while (!(await app.root.call.findFirst({ where: { idempotencyKey: id } }))) await new Promise(setImmediate);
    return cancelScheduledCall(app, { id });
  };

  test('is too late for one that was placed', async () => {
    const { id } = row(await schedule());
    app.clock.advance(HOUR);
    await run(id);
    expect(await cancelScheduledCall(app, { id })).toMatchObject(problem('ILLEGAL_STATE'));
  });

  test('another workspace has none to take back', async () => {
    const { id } = row(await schedule());
    const { workspace } = await seedWorkspace(app.root, '+12025550199');
    expect(await cancelScheduledCall({ ...app, db: tenantDb(app.root, workspace.id) }, { id })).toMatchObject(problem('NOT_FOUND'));
    expect(await now(id)).toMatchObject({ status: 'PENDING' });
  });
});
