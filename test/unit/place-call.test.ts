import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { endCall } from '../../src/domain/calls/end-call.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import type { Result } from '../../src/kit/errors.ts';
import { type CallApp, callApp, LINE, seedWorkspace } from '../support/call-app.ts';

const TO = '+12025550142';
let app: CallApp;

beforeEach(async () => {
  app = await callApp({ timeoutMs: 1_000 });
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const place = (more: { to?: string; assistantId?: string; idempotencyKey?: string } = {}) => placeCall(app, { to: TO, assistantId: app.assistant.id, ...more });
const row = (result: Result<Call>): Call => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problems)}`);
  return result.value;
};

describe('placing a call', () => {
  test('dials from the primary line, with a frozen plan, and knows the carrier by its id', async () => {
    const call = row(await place());
    expect(call).toMatchObject({ status: 'DIALING', direction: 'OUTBOUND', from: LINE, to: TO, carrier: 'TWILIO', carrierCallId: app.twin.calls[0]?.sid });
    expect(call.plan).toMatchObject({ direction: 'OUTBOUND', greeting: app.assistant.greeting, voice: 'marin', timeZone: 'America/New_York' });
    const sent = app.twin.requests[0]?.parameters;
    expect(sent).toMatchObject({
      Url: `https://voice.example.com/webhooks/twilio/voice?call=${call.id}`,
      StatusCallback: `https://voice.example.com/webhooks/twilio/status?call=${call.id}`,
    });
  });

  test('the row stands as DIALING before the carrier is asked', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    app.twin.script('POST', { type: 'slow', until: promise });
    const placed = place();
    await app.twin.nextRequest();
    const [standing] = await app.root.call.findMany();
    expect(standing).toMatchObject({ status: 'DIALING', carrierCallId: null, dialedAt: app.clock.now() });
    resolve();
    expect(row(await placed).id).toBe(standing?.id);
  });

  test('twenty at once with one key ring one phone and name one call', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => place({ idempotencyKey: 'order-7' })));
    expect(new Set(results.map((result) => row(result).id)).size).toBe(1);
    expect(app.twin.calls).toHaveLength(1);
    expect(await app.root.call.count()).toBe(1);
    expect(row(await place({ idempotencyKey: 'order-7' })).carrierCallId).toBe(app.twin.calls[0]?.sid);
    expect(app.twin.calls).toHaveLength(1);
  });

  test('a key that belongs to another call is a conflict', async () => {
    row(await place({ idempotencyKey: 'order-7' }));
    expect(await place({ idempotencyKey: 'order-7', to: '+12025550143' })).toMatchObject({ ok: false, problems: [{ code: 'CONFLICT' }] });
    expect(app.twin.calls).toHaveLength(1);
  });

  test('without a key every request is a call of its own', async () => {
    row(await place());
    row(await place());
    expect(app.twin.calls).toHaveLength(2);
  });

  test('a number as people write it is read with the country of the workspace', async () => {
    expect(row(await place({ to: '(202) 555-0142' })).to).toBe(TO);
  });

  test.each([
    ['a number that is none', { to: 'mother' }, 'INVALID', ['input', 'to']],
    ['an assistant that is not there', { assistantId: 'nobody' }, 'NOT_FOUND', ['input', 'assistantId']],
  ])('%s is refused and nothing is dialed', async (_name, input, code, path) => {
    expect(await place(input)).toMatchObject({ ok: false, problems: [{ code, path }] });
    expect(await app.root.call.count()).toBe(0);
    expect(app.twin.requests).toHaveLength(0);
  });

  test('a deleted assistant, no line, no carrier: each is said', async () => {
    expect(await placeCall({ ...app, carrier: null }, { to: TO, assistantId: app.assistant.id })).toMatchObject({
      ok: false,
      problems: [{ code: 'ILLEGAL_STATE' }],
    });
    await app.root.phoneLine.updateMany({ data: { status: 'SUSPENDED' } });
    expect(await place()).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE', message: expect.stringContaining('line') }] });
    await app.root.assistant.updateMany({ data: { deletedAt: new Date() } });
    expect(await place()).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
  });

  test('a number that the carrier knows to be none fails the call and points at the field', async () => {
    app.twin.script('POST', { type: 'refuse', status: 400, code: 21211, message: "The 'To' number is not a valid phone number." });
    expect(await place()).toMatchObject({ ok: false, problems: [{ code: 'INVALID', path: ['input', 'to'] }] });
    expect(await app.root.call.findFirst()).toMatchObject({ status: 'FAILED', outcome: 'INVALID_NUMBER', endReason: 'carrier-21211' });
  });

  test('any other refusal fails the call', async () => {
    app.twin.script('POST', { type: 'refuse', status: 429, code: 20429, message: 'Too Many Requests' });
    expect(await place()).toMatchObject({ ok: false, problems: [{ code: 'UPSTREAM_REJECTED' }] });
    expect(await app.root.call.findFirst()).toMatchObject({ status: 'FAILED', outcome: 'FAILED', endReason: 'carrier-20429' });
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
  });

  test('silence leaves the call unknown, to be looked for and never dialed again', async () => {
    app.twin.script('POST', { type: 'hang', done: true });
    const call = row(await place({ idempotencyKey: 'order-7' }));
    expect(call).toMatchObject({ status: 'UNKNOWN', carrierCallId: null });
    expect(app.enqueued).toContainEqual({ type: 'CallUncertain', workspaceId: app.workspace.id, callId: call.id });
    expect(row(await place({ idempotencyKey: 'order-7' })).id).toBe(call.id);
    expect(app.twin.calls).toHaveLength(1);
  });

  test('another workspace sees neither the assistant nor the call', async () => {
    const call = row(await place());
    const other = await seedWorkspace(app.root, '+12025550199');
    const scope = { ...app, db: tenantDb(app.root, other.workspace.id) };
    expect(await placeCall(scope, { to: TO, assistantId: app.assistant.id })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    expect(await endCall(scope, { callId: call.id })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    expect(await app.call(call.id)).toMatchObject({ endReason: null });
  });
});

describe('ending a call', () => {
  test('asks the carrier to hang up, and the row ends when the carrier says so', async () => {
    const call = row(await place());
    expect(row(await endCall(app, { callId: call.id }))).toMatchObject({ status: 'DIALING', endReason: 'ended-by-user' });
    expect(app.twin.calls[0]?.status).toBe('canceled');
  });

  test('a call that is over already is fine, and so is asking twice', async () => {
    const call = row(await place());
    await endCall(app, { callId: call.id });
    expect((await endCall(app, { callId: call.id })).ok).toBe(true);
    await app.root.call.update({ where: { id: call.id }, data: { status: 'ENDED' } });
    expect((await endCall(app, { callId: call.id })).ok).toBe(true);
  });

  test('one whose dial has not been answered yet is hung up as soon as it is', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    app.twin.script('POST', { type: 'slow', until: promise });
    const placed = place();
    await app.twin.nextRequest();
    const [standing] = await app.root.call.findMany();
    row(await endCall(app, { callId: standing?.id ?? '' }));
    resolve();
    row(await placed);
    expect(app.twin.calls[0]?.status).toBe('canceled');
  });

  test('where the carrier is silent the wish stands and the call is looked at again', async () => {
    const call = row(await place());
    app.twin.script('POST', { type: 'break', done: false });
    expect(row(await endCall(app, { callId: call.id })).endReason).toBe('ended-by-user');
    expect(app.enqueued).toContainEqual({ type: 'CallUncertain', workspaceId: app.workspace.id, callId: call.id });
  });

  test('a refusal to hang up is told', async () => {
    const call = row(await place());
    app.twin.script('POST', { type: 'refuse', status: 400, code: 21999, message: 'no' });
    expect(await endCall(app, { callId: call.id })).toMatchObject({ ok: false, problems: [{ code: 'UPSTREAM_REJECTED' }] });
  });

  test('a call that is not there is not found', async () => {
    expect(await endCall(app, { callId: 'nothing' })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
  });
});
