import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { endCall } from '../../src/domain/calls/end-call.ts';
import { signMediaToken } from '../../src/domain/calls/media-token.ts';
import { recordTurns } from '../../src/domain/calls/record-turns.ts';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import { reconcileCall } from '../../src/domain/calls/watch/reconcile-call.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { MINUTE, SECOND } from '../../src/kit/time.ts';
import { CarrierUncertain } from '../../src/ports/carrier.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import type { Behaviour } from '../support/twilio-rest-twin.ts';

let app: CallApp;
beforeEach(async () => {
  app = await callApp({ timeoutMs: 1_000 });
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

async function place(...behaviours: Behaviour[]): Promise<Call> {
  app.twin.script('POST', ...behaviours);
  const placed = await placeCall(app, { to: '+12025550142', assistantId: app.assistant.id });
  if (!placed.ok) throw new Error('refused');
  return placed.value;
}
const reconcile = (call: Call) => reconcileCall(app, { workspaceId: call.workspaceId, callId: call.id });
const twinCall = (index = 0) => {
  const call = app.twin.calls[index];
  if (!call) throw new Error('the carrier has no such call');
  return call;
};
async function bridge(call: Call): Promise<void> {
  const token = await signMediaToken(
    { secretKeys: app.config.secretKeys, clock: app.clock },
    { callId: call.id, workspaceId: call.workspaceId, bridgeCount: 0 },
  );
  const claimed = await claimCall(app, { token, carrierCallId: call.carrierCallId ?? '', bridgeId: 'bridge' });
  expect(claimed.ok).toBe(true);
}

describe('a call of which the carrier did not say whether it dials', () => {
  test('is found in the carrier’s list', async () => {
    const call = await place({ type: 'hang', done: true });
    twinCall().status = 'ringing';
    expect(await reconcile(call)).toBe('settled');
    expect(await app.call(call.id)).toMatchObject({ status: 'RINGING', carrierCallId: twinCall().sid });
    expect(app.twin.calls).toHaveLength(1);
  });

  test('that nobody has after two minutes was never placed', async () => {
    const call = await place({ type: 'break', done: false });
    app.clock.advance(MINUTE);
    expect(await reconcile(call)).toBe('open');
    expect(await app.call(call.id)).toMatchObject({ status: 'UNKNOWN' });
    app.clock.advance(MINUTE);
    expect(await reconcile(call)).toBe('settled');
    expect(await app.call(call.id)).toMatchObject({ status: 'FAILED', outcome: 'FAILED', endReason: 'not-found-at-carrier' });
    expect(app.twin.calls).toHaveLength(0);
  });

  test('is not mistaken for another call to the same number', async () => {
    const first = await place();
    const lost = await place({ type: 'hang', done: false });
    const third = await place();
    app.clock.advance(3 * MINUTE);
    expect(await reconcile(lost)).toBe('settled');
    expect(await app.call(lost.id)).toMatchObject({ status: 'FAILED', carrierCallId: null });
    expect((await app.call(first.id)).carrierCallId).toBe(twinCall(0).sid);
    expect((await app.call(third.id)).carrierCallId).toBe(twinCall(1).sid);
  });

  test('stays unknown while the carrier cannot be asked', async () => {
    const call = await place({ type: 'hang', done: true });
    app.twin.script('GET', { type: 'garbage', status: 503, done: false });
    app.clock.advance(3 * MINUTE);
    await expect(reconcile(call)).rejects.toBeInstanceOf(CarrierUncertain);
    expect(await app.call(call.id)).toMatchObject({ status: 'UNKNOWN' });
  });

  test('and that somebody wanted to end is hung up when it is found', async () => {
    const call = await place({ type: 'hang', done: true });
    await endCall(app, { callId: call.id });
    expect(await reconcile(call)).toBe('open');
    expect(twinCall().status).toBe('canceled');
    expect(await reconcile(call)).toBe('settled');
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'NO_ANSWER', endReason: 'ended-by-user' });
  });

  test('whose answer was a server error is looked for in the same way', async () => {
    const call = await place({ type: 'garbage', status: 500, done: true });
    expect(call.status).toBe('UNKNOWN');
    await reconcile(call);
    expect(await app.call(call.id)).toMatchObject({ status: 'DIALING', carrierCallId: twinCall().sid });
  });
});

describe('a process that died between the row and the carrier', () => {
  test('before it asked to dial: the call is failed and never dialed', async () => {
    const call = await place();
    await app.root.call.update({ where: { id: call.id }, data: { status: 'QUEUED', dialedAt: null, carrierCallId: null } });
    expect(await reapCalls(app)).toEqual({ abandon: 0, 'ask-carrier': 0, release: 0 });
    app.clock.advance(2 * MINUTE);
    const asked = app.twin.requests.length;
    expect(await reapCalls(app)).toEqual({ abandon: 1, 'ask-carrier': 0, release: 0 });
    expect(await app.call(call.id)).toMatchObject({ status: 'FAILED', endReason: 'never-dialed' });
    expect(app.twin.requests).toHaveLength(asked);
  });

  test('after it asked to dial: the call is found by the reaper', async () => {
    const call = await place();
    await app.root.call.update({ where: { id: call.id }, data: { carrierCallId: null } });
    twinCall().status = 'in-progress';
    app.clock.advance(MINUTE);
    expect(await reapCalls(app)).toMatchObject({ 'ask-carrier': 1 });
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS', carrierCallId: twinCall().sid });
  });
});

describe('the reaper', () => {
  test('ends a call whose last callback never came', async () => {
    const call = await place();
    await bridge(call);
    app.clock.advance(5 * MINUTE);
    Object.assign(twinCall(), { status: 'completed', duration: 240 });
    expect(await reapCalls(app)).toMatchObject({ 'ask-carrier': 1 });
    expect(await app.call(call.id)).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', durationSeconds: 240 });
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
  });

  test('never ends a call whose bridge is alive, whatever the carrier would say', async () => {
    const call = await place();
    await bridge(call);
    Object.assign(twinCall(), { status: 'completed', duration: 1 });
    app.clock.advance(20 * SECOND);
    expect(await reapCalls(app)).toEqual({ abandon: 0, 'ask-carrier': 0, release: 0 });
    expect(await reconcile(call)).toBe('settled');
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('leaves a call alone that the carrier says goes on', async () => {
    const call = await place();
    await bridge(call);
    twinCall().status = 'in-progress';
    app.clock.advance(2 * MINUTE);
    await reapCalls(app);
    expect(await app.call(call.id)).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('closes what a dead bridge left open in a call that is over, and tells that it is released', async () => {
    const call = await place();
    await bridge(call);
    const held = { workspaceId: call.workspaceId, callId: call.id, bridgeId: 'bridge' };
    const turn = {
      sequence: 1,
      speaker: 'ASSISTANT' as const,
      text: 'Good',
      heardText: '',
      interrupted: false,
      startedAt: app.clock.now(),
      audioMs: 300,
      heardMs: 0,
    };
    await recordTurns(app, [{ ...held, turn: { ...turn, complete: false } }]);
    await app.root.toolCall.create({
      data: {
        ...{ id: newId(), workspaceId: call.workspaceId, callId: call.id, modelCallId: 'm', name: 'x', arguments: '{}' },
        status: 'RUNNING',
        afterSequence: 0,
        startedAt: app.clock.now(),
      },
    });
    await app.root.call.update({ where: { id: call.id }, data: { status: 'ENDED' } });
    app.clock.advance(MINUTE);
    expect(await reapCalls(app)).toEqual({ abandon: 0, 'ask-carrier': 0, release: 1 });
    expect(await app.call(call.id)).toMatchObject({ bridgeId: null });
    expect(await app.root.transcriptTurn.findFirst()).toMatchObject({ complete: true, interrupted: true });
    expect(await app.root.toolCall.findFirst()).toMatchObject({ status: 'FAILED' });
    expect(app.told.filter(({ type }) => type === 'CallReleased')).toHaveLength(1);
    expect(await reapCalls(app)).toEqual({ abandon: 0, 'ask-carrier': 0, release: 0 });
  });

  test('one call that cannot be asked about keeps no other waiting', async () => {
    const [one, two] = [await place(), await place()];
    app.clock.advance(MINUTE);
    for (const call of app.twin.calls) call.status = 'busy';
    app.twin.script('GET', { type: 'break', done: false });
    await reapCalls(app);
    expect([(await app.call(one.id)).status, (await app.call(two.id)).status]).toEqual(['DIALING', 'ENDED']);
    await reapCalls(app);
    expect(await app.call(one.id)).toMatchObject({ status: 'ENDED', outcome: 'BUSY' });
  });

  test('stops where the worker stops', async () => {
    await place();
    app.clock.advance(MINUTE);
    expect(await reapCalls(app, AbortSignal.abort())).toEqual({ abandon: 0, 'ask-carrier': 0, release: 0 });
  });
});
