import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { endCall } from '../../src/domain/calls/end-call.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import { type CallApp, callApp, LINE } from '../support/call-app.ts';
import { callSid, tokenOf, verbs, voiceForm, type WebhookForm } from '../support/twilio-webhook.ts';

const VOICE = '/webhooks/twilio/voice';
const STATUS = '/webhooks/twilio/status';
const SID = callSid('one');

let app: CallApp;
beforeEach(async () => {
  app = await callApp({ timeoutMs: 1_000 });
});
afterEach(() => app[Symbol.asyncDispose]());

const onlyCall = async (): Promise<Call> => {
  const [call, ...others] = await app.root.call.findMany();
  expect(others).toEqual([]);
  if (!call) throw new Error('there is no call');
  return call;
};
const claim = (twiml: string, bridgeId = 'bridge-1', carrierCallId = SID) => claimCall(app, { token: tokenOf(twiml), carrierCallId, bridgeId });

describe('a call of ours', () => {
  const place = async () => {
    const placed = await placeCall(app, { to: '+12025550142', assistantId: app.assistant.id });
    if (!placed.ok) throw new Error('refused');
    return placed.value;
  };
  const outbound = (sid: string, state: string, more: WebhookForm = {}) =>
    voiceForm(sid, { Direction: 'outbound-api', CallStatus: state, From: LINE, To: '+12025550142', ...more });
  const answered = (call: Call, sid = call.carrierCallId ?? SID) => app.post(`${VOICE}?call=${call.id}`, outbound(sid, 'in-progress'));
  const tell = (call: Call, state: string, more: WebhookForm = {}) => app.post(`${STATUS}?call=${call.id}`, outbound(call.carrierCallId ?? SID, state, more));

  test('goes from dialing over ringing to its end, each step told once', async () => {
    const call = await place();
    for (const state of ['initiated', 'ringing']) expect((await tell(call, state)).status).toBe(204);
    expect(await app.call(call.id)).toMatchObject({ status: 'RINGING' });
    const reply = await answered(call);
    expect(verbs(reply.body)).toContain('Stream');
    expect((await claim(reply.body, 'bridge-1', call.carrierCallId ?? '')).ok).toBe(true);
    await tell(call, 'in-progress');
    await releaseCall(app, { callId: call.id, workspaceId: app.workspace.id, bridgeId: 'bridge-1', ending: { type: 'carrier-stopped' } });
    await tell(call, 'completed', { CallDuration: '61' });
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', durationSeconds: 61, endReason: 'hung-up' });
    const versions = app.told.flatMap((event) => (event.type === 'CallChanged' ? [event.version] : []));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
    expect(app.told.filter(({ type }) => type === 'CallReleased')).toHaveLength(1);
  });

  test('every callback twice and in the wrong order ends in the same row', async () => {
    const call = await place();
    for (const state of ['completed', 'ringing', 'in-progress', 'initiated', 'completed', 'ringing']) await tell(call, state, { CallDuration: '7' });
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'DROPPED', durationSeconds: 7 });
    expect(await app.root.carrierEvent.count({ where: { callId: call.id } })).toBe(4);
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
  });

  test('a late ringing does not reopen an answered call', async () => {
    const call = await place();
    await answered(call);
    await tell(call, 'ringing');
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS', ringingAt: null });
  });

  test.each([
    ['busy', 'ENDED', 'BUSY'],
    ['no-answer', 'ENDED', 'NO_ANSWER'],
    ['canceled', 'ENDED', 'NO_ANSWER'],
    ['failed', 'FAILED', 'FAILED'],
  ])('that is %s ends so', async (state, expected, outcome) => {
    const call = await place();
    await tell(call, 'ringing');
    await tell(call, state);
    expect(await app.call(call.id)).toMatchObject({ status: expected, outcome, durationSeconds: null });
    expect(app.told.at(-1)).toMatchObject({ type: 'CallReleased' });
  });

  test('may be answered before the carrier has answered us', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    app.twin.script('POST', { type: 'slow', until: promise });
    const placing = place();
    await app.twin.nextRequest();
    const standing = await onlyCall();
    const sid = app.twin.calls[0]?.sid ?? '';
    const reply = await answered(standing, sid);
    expect((await claim(reply.body, 'bridge-1', sid)).ok).toBe(true);
    resolve();
    expect(await placing).toMatchObject({ status: 'IN_PROGRESS', carrierCallId: sid });
    expect(await onlyCall()).toMatchObject({ status: 'IN_PROGRESS', bridgeCount: 1 });
  });

  test('whose dial was never answered by the carrier is found by its first callback', async () => {
    app.twin.script('POST', { type: 'hang', done: true });
    const call = await place();
    expect(call.status).toBe('UNKNOWN');
    const sid = app.twin.calls[0]?.sid ?? '';
    await app.post(`${STATUS}?call=${call.id}`, outbound(sid, 'ringing'));
    expect(await app.call(call.id)).toMatchObject({ status: 'RINGING', carrierCallId: sid });
  });

  test("another of the carrier's calls does not move it", async () => {
    const call = await place();
    expect((await app.post(`${STATUS}?call=${call.id}`, outbound(callSid('foreign'), 'completed'))).status).toBe(204);
    expect(verbs((await answered(call, callSid('foreign'))).body)).toEqual(['Hangup']);
    expect(await app.call(call.id)).toMatchObject({ status: 'DIALING' });
  });

  test('that was to be ended before anybody answered is hung up on answer', async () => {
    const call = await place();
    await endCall(app, { callId: call.id });
    expect(verbs((await answered(call)).body)).toEqual(['Hangup']);
  });

  test('that we do not know is hung up', async () => {
    expect(verbs((await app.post(`${VOICE}?call=${'a'.repeat(32)}`, outbound(SID, 'in-progress'))).body)).toEqual(['Hangup']);
    expect(verbs((await app.post(VOICE, outbound(SID, 'in-progress'))).body)).toEqual(['Hangup']);
    expect(await app.root.call.count()).toBe(0);
  });
});
