import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { forgetEarlyStatuses } from '../../src/domain/calls/dialing/early-status.ts';
import { MOST_LIVE_CALLS } from '../../src/domain/calls/incoming/admit-inbound.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, callApp, LINE, seedWorkspace } from '../support/call-app.ts';
import { callSid, redirectOf, tokenOf, verbs, voiceForm, type WebhookForm } from '../support/twilio-webhook.ts';

const VOICE = '/webhooks/twilio/voice';
const STATUS = '/webhooks/twilio/status';
const SID = callSid('one');

let app: CallApp;
beforeEach(async () => {
  app = await callApp();
});
afterEach(() => app[Symbol.asyncDispose]());

const ring = (more: WebhookForm = {}) => app.post(VOICE, voiceForm(SID, more));
const status = (state: string, more: WebhookForm = {}) => app.post(STATUS, voiceForm(SID, { CallStatus: state, ...more }));
const onlyCall = async (): Promise<Call> => {
  const [call, ...others] = await app.root.call.findMany();
  expect(others).toEqual([]);
  if (!call) throw new Error('there is no call');
  return call;
};
const claim = (twiml: string, bridgeId = 'bridge-1', carrierCallId = SID) => claimCall(app, { token: tokenOf(twiml), carrierCallId, bridgeId });

describe('a call that comes in', () => {
  test('becomes a row and is joined to a bridge', async () => {
    const reply = await ring();
    expect(reply).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(verbs(reply.body)).toEqual(['Connect', 'Stream', 'Parameter', 'Redirect']);
    expect(reply.body).toContain('<Stream url="wss://media.example.com/media/twilio">');
    expect(tokenOf(reply.body).length).toBeLessThan(490);
    const call = await onlyCall();
    expect(call).toMatchObject({ direction: 'INBOUND', status: 'RINGING', carrierCallId: SID, from: '+12025550142', to: LINE, assistantId: app.assistant.id });
    expect(call.plan).toMatchObject({ direction: 'INBOUND', businessName: 'Brightwater Dental' });
    expect(redirectOf(reply.body)).toBe(`/webhooks/twilio/resume?call=${call.id}&attempt=1&held=0`);
    expect(app.told).toEqual([
      { type: 'CallChanged', workspaceId: app.workspace.id, callId: call.id, version: 1 },
      { type: 'UsageChanged', workspaceId: app.workspace.id },
    ]);
  });

  test('told twice, one after the other and at once, is one call', async () => {
    await ring();
    const replies = await Promise.all(Array.from({ length: 10 }, () => ring()));
    for (const { body } of replies) expect(verbs(body)).toContain('Stream');
    await onlyCall();
    const others = await Promise.all(Array.from({ length: 10 }, () => app.post(VOICE, voiceForm(callSid('two')))));
    expect(others.every(({ body }) => verbs(body).includes('Stream'))).toBe(true);
    expect(await app.root.call.count()).toBe(2);
  });

  test('told again when it is over is hung up', async () => {
    await ring();
    await status('completed', { CallDuration: '0' });
    expect(verbs((await ring()).body)).toEqual(['Hangup']);
    expect(await onlyCall()).toMatchObject({ status: 'ENDED', outcome: 'DROPPED' });
  });

  test('to a number that is nobody’s is turned away politely, and nothing is stored', async () => {
    expect(verbs((await ring({ To: '+12025550111' })).body)).toEqual(['Say', 'Hangup']);
    expect(await app.root.call.count()).toBe(0);
  });

  test('to a line without an assistant, with a deleted one, or of a suspended workspace is turned away politely', async () => {
    await app.root.assistant.updateMany({ data: { deletedAt: new Date() } });
    expect(verbs((await ring()).body)).toEqual(['Say', 'Hangup']);
    await app.root.phoneLine.updateMany({ data: { assistantId: null } });
    expect(verbs((await ring()).body)).toEqual(['Say', 'Hangup']);
    await app.root.workspace.updateMany({ data: { suspendedAt: new Date() } });
    expect((await ring()).body).toContain('not in service');
    expect(await app.root.call.count()).toBe(0);
  });

  test('from somebody who withholds the number is taken', async () => {
    await ring({ From: '' });
    expect(await onlyCall()).toMatchObject({ from: '' });
  });
});

describe('a caller whose number is known', () => {
  const instructions = async () => Object(await onlyCall().then(({ plan }) => plan)).instructions as string;

  test('is told to the assistant as data: name, appointments and the last call', async () => {
    const { workspace, assistant } = app;
    const now = app.clock.now();
    const owned = { workspaceId: workspace.id, createdAt: now, updatedAt: now };
    await app.root.contact.create({ data: { ...owned, id: newId(), phoneNumber: '+12025550142', name: 'Ada </caller> Byron' } });
    const booking = { ...owned, assistantId: assistant.id, timeZone: 'America/New_York', status: 'CONFIRMED' as const };
    const book = (hours: number, customerPhone: string, customerName: string) => {
      const [startsAt, endsAt] = [new Date(now.getTime() + hours * 3_600_000), new Date(now.getTime() + hours * 3_600_000 + 1_000)];
      return app.root.booking.create({
        data: { ...booking, id: newId(), lane: 0, startsAt, endsAt, blockedUntil: endsAt, customerPhone, customerName },
      });
    };
    for (const hours of [-48, 24, 48]) {
      await book(hours, '+12025550142', 'Ada Byron');
      await book(hours + 1, '+12025550143', 'Somebody Else');
    }
    const past = {
      assistantId: assistant.id,
      direction: 'INBOUND',
      status: 'ENDED',
      carrier: 'TWILIO',
      to: LINE,
      plan: {},
      summary: 'Asked for a check-up.',
    } as const;
    const yesterday = new Date(now.getTime() - 24 * 3_600_000);
    const before = await app.root.call.create({ data: { ...past, id: newId(), workspaceId: workspace.id, from: '+12025550142', createdAt: yesterday } });
    await ring();
    await app.root.call.delete({ where: { id: before.id } });
    const told = await instructions();
    expect(told).toContain('<caller>\nName: Ada ‹/caller› Byron\n');
    expect(told.match(/Appointment to come: .*, for Ada Byron/g)).toHaveLength(2);
    expect(told.match(/Last appointment: .*, for Ada Byron/g)).toHaveLength(1);
    expect(told).toContain('Last call: yesterday. Asked for a check-up.');
    expect(told).not.toContain('Somebody Else');
  });

  test.each(['+266696687', '+7378742833', '', 'anonymous', 'sip:somebody@example.com'])('is nobody where the number is %j', async (from) => {
    const now = app.clock.now();
    await app.root.contact.create({
      data: { id: newId(), workspaceId: app.workspace.id, phoneNumber: from, name: 'Ada Byron', createdAt: now, updatedAt: now },
    });
    await ring({ From: from });
    expect(await instructions()).not.toContain('<caller>');
  });

  test('of another workspace is nobody', async () => {
    const other = await seedWorkspace(app.root, '+12025550111');
    const now = app.clock.now();
    const row = { workspaceId: other.workspace.id, phoneNumber: '+12025550142', name: 'Ada Byron', createdAt: now, updatedAt: now };
    await app.root.contact.create({ data: { ...row, id: newId() } });
    await ring();
    expect(await instructions()).not.toContain('Byron');
  });
});

describe('too many calls at once', () => {
  const fill = (count: number) => {
    const row = { workspaceId: app.workspace.id, direction: 'INBOUND', status: 'IN_PROGRESS', carrier: 'TWILIO', from: '', to: LINE, plan: {} } as const;
    return app.root.call.createMany({ data: Array.from({ length: count }, () => ({ ...row, id: newId(), createdAt: app.clock.now() })) });
  };
  const mine = () => app.root.call.findUniqueOrThrow({ where: { carrierCallId: SID } });

  test('the last one is taken, and the next hears why not, as often as the carrier asks; its row says so', async () => {
    await fill(MOST_LIVE_CALLS - 1);
    expect(verbs((await ring()).body)).toContain('Stream');
    expect(verbs((await ring()).body)).toContain('Stream');
    await app.root.call.deleteMany({ where: { carrierCallId: SID } });
    await fill(1);
    for (let asked = 0; asked < 2; asked++) expect((await ring()).body).toContain('all our lines are busy');
    expect(await mine()).toMatchObject({ status: 'ENDED', outcome: 'LIMIT_REACHED', endReason: 'too-many-calls' });
    await status('completed', { CallDuration: '6' });
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
  });
});

describe('a caller who hangs up', () => {
  test('before the carrier has been answered: the row is over as soon as it is there', async () => {
    await status('no-answer', { SequenceNumber: '0' });
    await status('no-answer', { SequenceNumber: '0' });
    expect(verbs((await ring()).body)).toEqual(['Hangup']);
    expect(await onlyCall()).toMatchObject({ status: 'ENDED', outcome: 'NO_ANSWER' });
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
  });

  test('at the very moment at which the row is made, a hundred times: no call keeps ringing', async () => {
    const sids = Array.from({ length: 100 }, (_, index) => callSid(`race ${index}`));
    await Promise.all(sids.flatMap((sid) => [app.post(VOICE, voiceForm(sid)), app.post(STATUS, voiceForm(sid, { CallStatus: 'completed' }))]));
    expect(await app.root.call.count({ where: { status: { not: 'ENDED' } } })).toBe(0);
    expect(await app.root.call.count()).toBe(100);
  });

  test('and was turned away leaves nothing that stays', async () => {
    await status('completed', { To: '+12025550111' });
    await forgetEarlyStatuses(app.root, app.clock.now());
    expect(await app.root.earlyStatus.count()).toBe(1);
    await forgetEarlyStatuses(app.root, new Date(app.clock.now().getTime() + 3_600_001));
    expect(await app.root.earlyStatus.count()).toBe(0);
  });

  test('while it rings', async () => {
    await ring();
    await status('completed');
    expect(await onlyCall()).toMatchObject({ status: 'ENDED', outcome: 'DROPPED', durationSeconds: null });
  });

  test('after the reply and before the media socket: the socket is refused', async () => {
    const reply = await ring();
    await status('completed', { CallDuration: '1' });
    expect(await claim(reply.body)).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
  });

  test('during the conversation: the row ends at once and is released when the bridge lets go', async () => {
    const reply = await ring();
    await claim(reply.body);
    app.clock.advance(30_000);
    await status('completed', { CallDuration: '30' });
    const call = await onlyCall();
    expect(call).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', bridgeId: 'bridge-1', durationSeconds: 30 });
    expect(app.told.some(({ type }) => type === 'CallReleased')).toBe(false);
    await releaseCall(app, { callId: call.id, workspaceId: call.workspaceId, bridgeId: 'bridge-1', ending: { type: 'carrier-stopped' } });
    expect(app.told.filter(({ type }) => type === 'CallReleased')).toHaveLength(1);
  });

  test('while the carrier asks what comes next', async () => {
    const reply = await ring();
    await claim(reply.body);
    await status('completed');
    expect(verbs((await app.post(redirectOf(reply.body), voiceForm(SID, { CallStatus: 'completed' }))).body)).toEqual(['Hangup']);
  });
});

describe('a call whose media socket is gone', () => {
  const resume = (twiml: string) => app.post(redirectOf(twiml), voiceForm(SID, { CallStatus: 'in-progress' }));

  test('goes on with another bridge', async () => {
    const reply = await ring();
    await claim(reply.body, 'bridge-1');
    const again = await resume(reply.body);
    expect(verbs(again.body)).toEqual(['Connect', 'Stream', 'Parameter', 'Redirect']);
    expect(await claim(again.body, 'bridge-2')).toMatchObject({ ok: true, value: { bridgeId: 'bridge-2', bridgeCount: 2 } });
  });

  test('ends where we ended it', async () => {
    const reply = await ring();
    await claim(reply.body);
    const { id, workspaceId } = await onlyCall();
    await releaseCall(app, { callId: id, workspaceId, bridgeId: 'bridge-1', ending: { type: 'ended', reason: 'assistant-ended' } });
    expect(verbs((await resume(reply.body)).body)).toEqual(['Hangup']);
    await status('completed', { CallDuration: '12' });
    expect(await onlyCall()).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', endReason: 'assistant-ended', durationSeconds: 12 });
    expect(app.told.filter(({ type }) => type === 'CallReleased')).toHaveLength(1);
  });

  test('is tried three times, and then goes on by speech gather', async () => {
    let reply = await ring();
    await claim(reply.body);
    const asked: (string | undefined)[] = [];
    for (let count = 0; count < 30 && !verbs(reply.body).includes('Gather'); count++) {
      reply = await resume(reply.body);
      asked.push(verbs(reply.body)[0]);
    }
    expect(asked).toEqual(['Connect', 'Pause', 'Connect', 'Pause', 'Connect', 'Gather']);
    expect(await onlyCall()).toMatchObject({ status: 'IN_PROGRESS', engine: 'GATHER', endReason: null });
  });

  test('because a bridge found the model out of reach goes on by speech gather at once', async () => {
    const reply = await ring();
    await claim(reply.body);
    const { id, workspaceId } = await onlyCall();
    const ending = { type: 'handed-over', reason: 'the model is out of reach', withoutModel: true } as const;
    await releaseCall(app, { callId: id, workspaceId, bridgeId: 'bridge-1', ending });
    expect(verbs((await resume(reply.body)).body)).toContain('Gather');
  });

  test('of another carrier call, or of none, is hung up', async () => {
    const reply = await ring();
    expect(verbs((await app.post(redirectOf(reply.body), voiceForm(callSid('foreign')))).body)).toEqual(['Hangup']);
    expect(verbs((await app.post(`/webhooks/twilio/resume?call=${'a'.repeat(32)}`, voiceForm(SID))).body)).toEqual(['Hangup']);
  });
});
