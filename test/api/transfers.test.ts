import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { recordTurns } from '../../src/domain/calls/record-turns.ts';
import type { BridgeEnding } from '../../src/domain/calls/records.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import { runTool } from '../../src/domain/calls/tools/run-tool.ts';
import { transferCall } from '../../src/domain/calls/transfer/transfer-call.ts';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import { type CallApp, callApp, LINE } from '../support/call-app.ts';
import { callSid, tokenOf, verbs, voiceForm, type WebhookForm } from '../support/twilio-webhook.ts';

const SID = callSid('one');
const PERSON = '+12025550177';
const PERSON_SID = callSid('person');
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

let app: CallApp;
beforeEach(async () => {
  app = await callApp();
  await app.root.assistant.update({ where: { id: app.assistant.id }, data: { transferTo: PERSON, hours: [] } });
});
afterEach(() => app[Symbol.asyncDispose]());

const onlyCall = (): Promise<Call> => app.root.call.findFirstOrThrow();
const claim = async (twiml: string, bridgeId: string) => {
  const claimed = await claimCall(app, { token: tokenOf(twiml), carrierCallId: SID, bridgeId });
  if (!claimed.ok) throw new Error(JSON.stringify(claimed.problems));
  return claimed.value;
};
const release = (call: Call, bridgeId: string, ending: BridgeEnding) => releaseCall(app, { callId: call.id, workspaceId: call.workspaceId, bridgeId, ending });
const attribute = (twiml: string, element: string, name: string): string =>
  (new RegExp(`<${element}\\b[^>]*? ${name}="([^"]*)"`).exec(twiml)?.[1] ?? '').replaceAll('&amp;', '&');
const path = (url: string): string => url.replace(app.config.publicUrl, '');

/** A call that a bridge holds. */
async function talking(bridgeId = 'bridge-1'): Promise<Call> {
  const { body } = await app.post('/webhooks/twilio/voice', voiceForm(SID));
  await claim(body, bridgeId);
  return onlyCall();
}

const ask = (call: Call, given: object = { about: 'an invoice', callerName: 'Dana Reed' }, modelCallId = 'tool-1') =>
  runTool(
    app,
    {
      workspaceId: call.workspaceId,
      callId: call.id,
      assistantId: app.assistant.id,
      timeZone: 'America/New_York',
      modelCallId,
      name: 'transfer_to_human',
      arguments: JSON.stringify(given),
      afterSequence: 0,
    },
    new AbortController().signal,
  );

/** What the carrier asks when the bridge has let go, and what the person's telephone and the end of it ask. */
const resume = (call: Call, bridges = 1) => app.post(`/webhooks/twilio/resume?call=${call.id}&attempt=1&held=${bridges - 1}`, voiceForm(SID));
const onPerson = (url: string, more: WebhookForm = {}) =>
  app.post(path(url), voiceForm(PERSON_SID, { Direction: 'outbound-dial', CallStatus: 'in-progress', From: LINE, To: PERSON, ParentCallSid: SID, ...more }));
const dialDone = (twiml: string, result: string, more: WebhookForm = {}) =>
  app.post(path(attribute(twiml, 'Dial', 'action')), voiceForm(SID, { CallStatus: 'in-progress', DialCallStatus: result, DialCallSid: PERSON_SID, ...more }));
const complete = () => app.post('/webhooks/twilio/status', voiceForm(SID, { CallStatus: 'completed', CallDuration: '90' }));

/** The carrier answers for the call when it is asked. */
const knownToCarrier = () => {
  const call = { sid: SID, to: LINE, from: '+12025550142', url: '', statusCallback: undefined, dateCreated: new Date(), duration: null };
  app.twin.calls.push({ ...call, status: 'in-progress' });
};

async function ringing(): Promise<{ call: Call; dial: string }> {
  const call = await talking();
  expect(await ask(call)).toMatchObject({ then: 'transfer' });
  await release(call, 'bridge-1', { type: 'transfer' });
  return { call, dial: (await resume(call)).body };
}

describe('a warm transfer', () => {
  test('rings the person, tells them who calls and what about, and joins them when they press 1', async () => {
    const { call, dial } = await ringing();
    expect(verbs(dial)).toEqual(['Dial', 'Number']);
    expect(dial).toContain(`>${PERSON}</Number>`);
    expect(attribute(dial, 'Dial', 'callerId')).toBe(LINE);

    const offer = (await onPerson(attribute(dial, 'Number', 'url'))).body;
    expect(verbs(offer)).toEqual(['Gather', 'Say', 'Hangup']);
    expect(offer).toContain('A call for you from Dana Reed. It is about: an invoice. Press 1 to take the call.');
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS', transferredTo: null });

    const joined = await onPerson(attribute(offer, 'Gather', 'action'), { Digits: '1' });
    expect(joined.body).toBe(EMPTY);
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS', transferredTo: PERSON, bridgeId: null });
    // The key told twice is one.
    expect((await onPerson(attribute(offer, 'Gather', 'action'), { Digits: '1' })).body).toBe(EMPTY);

    expect(verbs((await dialDone(dial, 'completed')).body)).toEqual(['Hangup']);
    await complete();
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'TRANSFERRED', endReason: 'transferred', transferredTo: PERSON });
    expect(await app.root.callTransfer.findFirst()).toMatchObject({ status: 'TAKEN', about: 'an invoice' });
  });

  test('costs the minutes that the person was on the line, told once or twice', async () => {
    const { dial } = await ringing();
    const hungUp = () => onPerson(attribute(dial, 'Number', 'statusCallback'), { CallStatus: 'completed', CallDuration: '61' });
    expect((await Promise.all([hungUp(), hungUp()])).map(({ status }) => status)).toEqual([204, 204]);
    expect(await app.root.callCost.findMany({ where: { item: 'transfer-minutes' } })).toMatchObject([{ quantity: 2, unit: 'minute', amountMicros: 26_000n }]);
  });

  test('of a call that the caller ends while they talk is a transfer too', async () => {
    const { call, dial } = await ringing();
    const offer = (await onPerson(attribute(dial, 'Number', 'url'))).body;
    await onPerson(attribute(offer, 'Gather', 'action'), { Digits: '1' });
    await complete();
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'TRANSFERRED', endReason: 'hung-up' });
    expect(verbs((await dialDone(dial, 'completed', { CallStatus: 'completed' })).body)).toEqual(['Hangup']);
  });

  test('that a person is talking in is neither ended nor taken back by the reaper', async () => {
    const { call, dial } = await ringing();
    const offer = (await onPerson(attribute(dial, 'Number', 'url'))).body;
    await onPerson(attribute(offer, 'Gather', 'action'), { Digits: '1' });
    knownToCarrier();
    app.clock.advance(30 * 60_000);
    await reapCalls(app);
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS', transferredTo: PERSON, endReason: null, bridgeId: null });
  });

  test.each([
    ['busy', 'the line was busy'],
    ['no-answer', 'nobody answered'],
    ['failed', 'could not be reached'],
  ])('that ends with %s goes back to the assistant, which is told why', async (result, reason) => {
    const { call, dial } = await ringing();
    const back = (await dialDone(dial, result)).body;
    expect(verbs(back)).toEqual(['Connect', 'Stream', 'Parameter', 'Redirect']);
    const claimed = await claim(back, 'bridge-2');
    expect(claimed.known.failedTransfer).toBe(result);
    expect(claimed.turns.at(-1)).toMatchObject({ speaker: 'SYSTEM', text: expect.stringContaining(reason), heardText: '' });
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS', transferredTo: null, endReason: null });
    // Asked twice, it is the same, and noted once.
    expect(verbs((await dialDone(dial, result)).body)).toContain('Stream');
    expect(await app.root.transcriptTurn.count()).toBe(1);
  });

  test('that the person turns down with another key, or does not take, goes back too', async () => {
    const { dial } = await ringing();
    const offer = (await onPerson(attribute(dial, 'Number', 'url'))).body;
    expect(verbs((await onPerson(attribute(offer, 'Gather', 'action'), { Digits: '2' })).body)).toEqual(['Hangup']);
    const claimed = await claim((await dialDone(dial, 'completed')).body, 'bridge-2');
    expect(claimed.known.failedTransfer).toBe('declined');
  });

  test('is over when the caller hangs up while it rings: the person hears nobody, and no bridge is opened', async () => {
    const { call, dial } = await ringing();
    expect(verbs((await dialDone(dial, 'canceled', { CallStatus: 'completed' })).body)).toEqual(['Hangup']);
    expect(await app.root.callTransfer.findFirst()).toMatchObject({ status: 'FAILED', failure: 'caller-hung-up' });
    await complete();
    expect(verbs((await onPerson(attribute(dial, 'Number', 'url'))).body)).toEqual(['Hangup']);
    expect(verbs((await onPerson(`${attribute(dial, 'Number', 'url')}&keys=1`, { Digits: '1' })).body)).toEqual(['Hangup']);
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', transferredTo: null });
  });

  test('is told to the model only until somebody has spoken again', async () => {
    const { call, dial } = await ringing();
    await claim((await dialDone(dial, 'busy')).body, 'bridge-2');
    const turn = { sequence: 2, speaker: 'ASSISTANT', text: 'Sorry.', heardText: 'Sorry.', interrupted: false, complete: true } as const;
    await recordTurns(app, [
      { workspaceId: call.workspaceId, callId: call.id, bridgeId: 'bridge-2', turn: { ...turn, startedAt: new Date(), audioMs: 1, heardMs: 1 } },
    ]);
    const claimed = await claim((await app.post(`/webhooks/twilio/resume?call=${call.id}&attempt=1&held=1`, voiceForm(SID))).body, 'bridge-3');
    expect(claimed.known.failedTransfer).toBeNull();
  });
});

describe('the wish to put a call through', () => {
  test('survives the bridge: killed before it could tell the caller, the carrier says so instead', async () => {
    const call = await talking();
    await ask(call);
    const { body } = await resume(call);
    expect(verbs(body)).toEqual(['Say', 'Dial', 'Number']);
    expect(body).toContain('I am putting you through');
    // Twice the same question, twice the same answer.
    expect(verbs((await resume(call)).body)).toEqual(['Dial', 'Number']);
    expect(await app.root.callTransfer.count()).toBe(1);
  });

  test('is one wish however often the tool runs', async () => {
    const call = await talking();
    await ask(call);
    expect(await ask(call)).toMatchObject({ then: 'transfer' });
    expect(await app.root.callTransfer.count()).toBe(1);
  });

  test('is refused where nobody is there by the opening hours, and where three have come to nothing', async () => {
    await app.root.assistant.update({
      where: { id: app.assistant.id },
      data: { hours: [], specialHours: [{ date: '2020-01-01', opens: '09:00', closes: '10:00' }] },
    });
    const call = await talking();
    const closed = await ask(call);
    expect(closed.then).toBe('answer');
    expect(JSON.parse(closed.output)).toMatchObject({ transferring: false, reason: 'CLOSED', say: expect.stringContaining('closed') });
    expect(await app.root.callTransfer.count()).toBe(0);
  });

  test('is not followed once the call is to end', async () => {
    const call = await talking();
    await ask(call);
    await release(call, 'bridge-1', { type: 'ended', reason: 'assistant-ended' });
    expect(verbs((await resume(call)).body)).toEqual(['Hangup']);
  });

  test('three that came to nothing are enough', async () => {
    const call = await talking();
    const failed = { workspaceId: call.workspaceId, callId: call.id, to: PERSON, announced: true, status: 'FAILED' as const, createdAt: new Date() };
    for (const key of ['a', 'b', 'c']) await app.root.callTransfer.create({ data: { ...failed, id: key, key } });
    expect(JSON.parse((await ask(call)).output)).toMatchObject({ transferring: false, reason: 'TRIED' });
  });
});

describe('transferCall', () => {
  test('without an announcement joins the person as soon as they answer', async () => {
    const call = await talking();
    expect(await transferCall(app, { callId: call.id, to: '+1 202 555 0188', announce: false })).toMatchObject({ ok: true });
    await release(call, 'bridge-1', { type: 'transfer' });
    const dial = (await resume(call)).body;
    expect(attribute(dial, 'Number', 'url')).toBe('');
    expect((await onPerson(attribute(dial, 'Number', 'statusCallback'))).status).toBe(204);
    expect(await app.call(call.id)).toMatchObject({ transferredTo: '+12025550188', status: 'IN_PROGRESS' });
    await dialDone(dial, 'completed');
    await complete();
    expect(await app.call(call.id)).toMatchObject({ outcome: 'TRANSFERRED' });
  });

  test('is refused without anybody to ring, for a line of our own, twice at once, and when nobody holds the call', async () => {
    const call = await talking();
    await app.root.call.update({ where: { id: call.id }, data: { plan: { ...(call.plan as object), transfer: null } } });
    expect(await transferCall(app, { callId: call.id })).toMatchObject({ ok: false, problems: [{ code: 'INVALID', path: ['input', 'to'] }] });
    expect(await transferCall(app, { callId: call.id, to: LINE })).toMatchObject({ ok: false, problems: [{ code: 'INVALID' }] });
    expect(await transferCall(app, { callId: call.id, to: PERSON })).toMatchObject({ ok: true });
    expect(await transferCall(app, { callId: call.id, to: PERSON })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
    await complete();
    expect(await transferCall(app, { callId: call.id, to: PERSON })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
    expect(await transferCall(app, { callId: 'nobody', to: PERSON })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
  });

  test('asked for by many at once is one, and one that fails leaves none behind to ring later', async () => {
    const call = await talking();
    const asked = await Promise.all(Array.from({ length: 6 }, () => transferCall(app, { callId: call.id })));
    expect(asked.filter(({ ok }) => ok)).toHaveLength(1);
    await ask(call);
    await release(call, 'bridge-1', { type: 'transfer' });
    await dialDone((await resume(call)).body, 'busy');
    expect(await app.root.callTransfer.count({ where: { status: 'FAILED' } })).toBe(2);
    expect(verbs((await resume(call)).body)).toContain('Stream');
  });

  test('sends a call that is talked to turn by turn to the person at once', async () => {
    const call = await talking();
    await release(call, 'bridge-1', { type: 'handed-over', reason: 'the model is out of reach' });
    await app.root.call.update({ where: { id: call.id }, data: { engine: 'GATHER' } });
    knownToCarrier();
    expect(await transferCall(app, { callId: call.id })).toMatchObject({ ok: true });
    const update = app.twin.requests.at(-1);
    expect(update).toMatchObject({ method: 'POST', path: expect.stringContaining(`/Calls/${SID}.json`) });
    expect(verbs((await resume(call)).body)).toEqual(['Say', 'Dial', 'Number']);
  });
});
