import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { advanceCall } from '../../src/domain/calls/advance-call.ts';
import { noteCall } from '../../src/domain/calls/note-call.ts';
import type { CallNote } from '../../src/domain/calls/records.ts';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { claimedCall } from '../support/talk.ts';
import { callSid } from '../support/twilio-webhook.ts';

let app: CallApp;
let callId: string;

beforeEach(async () => {
  app = await callApp();
  callId = await outbound();
});
afterEach(() => app[Symbol.asyncDispose]());

async function outbound(): Promise<string> {
  const [id, now] = [newId(), app.clock.now()];
  const row = { workspaceId: app.workspace.id, assistantId: app.assistant.id, direction: 'OUTBOUND', status: 'IN_PROGRESS', carrier: 'TWILIO' } as const;
  const data = { ...row, id, carrierCallId: callSid(id), from: '+12025550100', to: '+12025550142', plan: storedPlan(claimedCall.plan), createdAt: now };
  await app.root.call.create({ data: { ...data, dialedAt: now, answeredAt: now, bridgeCount: 1 } });
  return id;
}

const tell = (answeredBy: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  app.post(
    `/webhooks/twilio/amd?call=${callId}`,
    { AccountSid: `AC${'0'.repeat(32)}`, CallSid: callSid(callId), AnsweredBy: answeredBy, MachineDetectionDuration: '4200', ...more },
    headers,
  );
const known = async () => (await app.call(callId)).answeredBy;
const note = (given: CallNote) => noteCall(app, { workspaceId: app.workspace.id, callId, note: given });
const over = (event: 'carrier-completed' | 'carrier-failed' = 'carrier-completed') => advanceCall(app, { callId, event });

describe('what picked up', () => {
  test.each([
    ['human', 'human'],
    ['fax', 'fax'],
    ['unknown', 'unknown'],
    ['machine_start', 'machine'],
    ['machine_end_beep', 'machine'],
    ['machine_end_silence', 'machine'],
    ['machine_end_other', 'machine'],
    ['something_new', 'unknown'],
  ])('the carrier says %s: %s', async (word, kept) => {
    expect((await tell(word)).status).toBe(204);
    expect(await known()).toBe(kept);
    expect(app.told).toContainEqual(expect.objectContaining({ type: 'CallChanged', callId }));
  });

  test('is told once: a second verdict, the same or another, changes nothing', async () => {
    await tell('human');
    const { version } = await app.call(callId);
    await Promise.all([tell('human'), tell('machine_end_beep'), tell('fax')]);
    expect(await app.call(callId)).toMatchObject({ answeredBy: 'human', version });
  });

  test('is of no interest after the end', async () => {
    await over();
    expect((await tell('machine_end_beep')).status).toBe(204);
    expect(await app.call(callId)).toMatchObject({ answeredBy: null, outcome: 'COMPLETED' });
  });

  test('is not believed without a signature, of an unknown call, of one that came in, or where nothing is said', async () => {
    expect((await tell('machine_end_beep', {}, { 'x-twilio-signature': 'forged' })).status).toBe(403);
    expect((await tell('machine_end_beep', { CallSid: callSid('unknown') })).status).toBe(204);
    expect((await tell('machine_end_beep', { CallSid: '' })).status).toBe(400);
    await app.root.call.update({ where: { id: callId }, data: { direction: 'INBOUND' } });
    expect((await tell('machine_end_beep')).status).toBe(204);
    expect(await known()).toBeNull();
  });
});

describe('what a call came to', () => {
  test.each([
    [null, 'COMPLETED'],
    ['human', 'COMPLETED'],
    ['unknown', 'COMPLETED'],
    ['machine', 'VOICEMAIL'],
    ['screener', 'SCREENED'],
    ['fax', 'INVALID_NUMBER'],
  ])('where %s picked up: %s', async (answeredBy, outcome) => {
    await app.root.call.update({ where: { id: callId }, data: { answeredBy } });
    await over();
    expect(await app.call(callId)).toMatchObject({ status: 'ENDED', outcome });
  });

  test('where the line broke, whoever picked up: DROPPED', async () => {
    await app.root.call.update({ where: { id: callId }, data: { answeredBy: 'machine' } });
    await over('carrier-failed');
    expect(await app.call(callId)).toMatchObject({ outcome: 'DROPPED' });
  });
});

describe('what a bridge notes', () => {
  test('of a message that was left, and of what was disclosed, the first time counts', async () => {
    await note({ type: 'disclosed' });
    await note({ type: 'voicemail-left' });
    const first = await app.call(callId);
    expect([first.disclosedAt, first.voicemailLeftAt]).toEqual([app.clock.now(), app.clock.now()]);
    app.clock.advance(5_000);
    await Promise.all([note({ type: 'disclosed' }), note({ type: 'voicemail-left' }), note({ type: 'voicemail-left' })]);
    expect(await app.call(callId)).toMatchObject({ disclosedAt: first.disclosedAt, voicemailLeftAt: first.voicemailLeftAt, version: first.version });
  });

  test('of a screener, and of the person behind it, counts more than the carrier’s ear', async () => {
    await tell('human');
    await note({ type: 'answered-by', answeredBy: 'screener' });
    expect(await known()).toBe('screener');
    await tell('machine_end_silence');
    expect(await known()).toBe('screener');
    await note({ type: 'answered-by', answeredBy: 'human' });
    expect(await known()).toBe('human');
  });
});
