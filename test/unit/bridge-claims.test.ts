import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerCall } from '../../src/domain/calls/answer-call.ts';
import { BRIDGE_LEASE_MS, claimCall } from '../../src/domain/calls/claim-call.ts';
import { keepCalls } from '../../src/domain/calls/keep-calls.ts';
import { signMediaToken } from '../../src/domain/calls/media-token.ts';
import { type CallTurn, recordTurns } from '../../src/domain/calls/record-turns.ts';
import type { TurnRecord } from '../../src/domain/calls/records.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import { newId } from '../../src/kit/ids.ts';
import { MINUTE, SECOND } from '../../src/kit/time.ts';
import { type CallApp, callApp, LINE } from '../support/call-app.ts';
import { callSid } from '../support/twilio-webhook.ts';

let app: CallApp;
beforeEach(async () => {
  app = await callApp();
});
afterEach(() => app[Symbol.asyncDispose]());

/** A call that comes in, as far as the reply with its token. */
async function ring(word = 'one') {
  const carrierCallId = callSid(word);
  const reply = await answerCall(app, { voice: { carrierCallId, direction: 'INBOUND', from: '+12025550142', to: LINE, state: 'ringing' } });
  const call = await app.root.call.findUniqueOrThrow({ where: { carrierCallId } });
  const token = /value="([^"]+)"/.exec(reply.body)?.[1] ?? '';
  return { carrierCallId, callId: call.id, token };
}

const tokenFor = (callId: string, bridgeCount: number, secretKeys = app.config.secretKeys, workspaceId = app.workspace.id) =>
  signMediaToken({ secretKeys, clock: app.clock }, { callId, workspaceId, bridgeCount });

async function take(word = 'one', bridgeId = `bridge-${word}`) {
  const rung = await ring(word);
  const claimed = await claimCall(app, { ...rung, bridgeId });
  if (!claimed.ok) throw new Error('refused');
  return { ...rung, bridgeId, claimed: claimed.value };
}

const turn = (sequence: number, more: Partial<TurnRecord> = {}): TurnRecord => ({
  sequence,
  speaker: 'ASSISTANT',
  text: `turn ${sequence}`,
  heardText: `turn ${sequence}`,
  interrupted: false,
  complete: true,
  startedAt: app.clock.now(),
  audioMs: 1_000,
  heardMs: 1_000,
  ...more,
});
const entry = (held: { callId: string; bridgeId: string }, record: TurnRecord): CallTurn => ({
  workspaceId: app.workspace.id,
  callId: held.callId,
  bridgeId: held.bridgeId,
  turn: record,
});
const turnsOf = (callId: string) => app.root.transcriptTurn.findMany({ where: { callId }, orderBy: { sequence: 'asc' } });

describe('claiming a call', () => {
  test('answers it: the plan comes with it, and the row says who holds it until when', async () => {
    const { callId, claimed } = await take();
    expect(claimed).toMatchObject({ callId, workspaceId: app.workspace.id, bridgeId: 'bridge-one', bridgeCount: 1, turns: [], toolCalls: [] });
    expect(claimed.plan).toMatchObject({ greeting: app.assistant.greeting, limits: { maximumSeconds: 1_800 } });
    expect(await app.call(callId)).toMatchObject({
      status: 'IN_PROGRESS',
      answeredAt: app.clock.now(),
      bridgeId: 'bridge-one',
      bridgeAliveUntil: new Date(app.clock.now().getTime() + BRIDGE_LEASE_MS),
      version: 2,
    });
  });

  test('a token is good once', async () => {
    const { token, carrierCallId } = await take();
    expect(await claimCall(app, { token, carrierCallId, bridgeId: 'bridge-2' })).toMatchObject({ ok: false, problems: [{ code: 'INVALID_CREDENTIALS' }] });
  });

  test('of many bridges at once with one token, one has the call', async () => {
    const { token, carrierCallId } = await ring();
    const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => claimCall(app, { token, carrierCallId, bridgeId: `bridge-${index}` })));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('a token is good for a minute', async () => {
    const { token, carrierCallId } = await ring();
    app.clock.advance(MINUTE + SECOND);
    expect(await claimCall(app, { token, carrierCallId, bridgeId: 'late' })).toMatchObject({ ok: false, problems: [{ code: 'TOKEN_EXPIRED' }] });
  });

  test("a token is good for its own carrier's call alone", async () => {
    const { token } = await ring('one');
    const other = await ring('two');
    expect(await claimCall(app, { token, carrierCallId: other.carrierCallId, bridgeId: 'thief' })).toMatchObject({
      ok: false,
      problems: [{ code: 'INVALID_CREDENTIALS' }],
    });
    expect(await app.call(other.callId)).toMatchObject({ bridgeId: null });
  });

  test.each([
    ['nothing', async () => ''],
    ['words', async () => 'let me in'],
    ['ten megabytes', async () => 'x'.repeat(10 * 1024 * 1024)],
    ['the key of somebody else', (callId: string) => tokenFor(callId, 0, ['another secret of thirty-two chars'] as never)],
    ['another workspace', (callId: string) => tokenFor(callId, 0, app.config.secretKeys, 'elsewhere')],
    ['a call that is not there', () => tokenFor(newId(), 0)],
    [
      'no signature',
      async (callId: string) =>
        `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: callId, aud: 'media-token', workspace: app.workspace.id, bridges: 0, exp: 9e9 }))}.`,
    ],
  ])('a token of %s is worth nothing', async (_name, make) => {
    const { callId, carrierCallId } = await ring();
    expect(await claimCall(app, { token: await make(callId), carrierCallId, bridgeId: 'thief' })).toMatchObject({
      ok: false,
      problems: [{ code: 'INVALID_CREDENTIALS' }],
    });
    expect(await app.call(callId)).toMatchObject({ bridgeId: null, status: 'RINGING' });
  });

  test('while keys are changed, tokens of the old one are good', async () => {
    const { token, carrierCallId } = await ring();
    const scope = { ...app, config: { secretKeys: ['a newer key for tests, 32 characters', ...app.config.secretKeys] as const } };
    expect(await claimCall(scope as never, { token, carrierCallId, bridgeId: 'bridge' })).toMatchObject({ ok: true });
  });

  test('a call that is being ended is not taken', async () => {
    const { token, carrierCallId, callId } = await ring();
    await app.root.call.update({ where: { id: callId }, data: { endReason: 'ended-by-user' } });
    expect(await claimCall(app, { token, carrierCallId, bridgeId: 'bridge' })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
  });
});

describe('taking a call over', () => {
  test('what a dead bridge left open is closed, and the new one knows all that was said and done', async () => {
    const first = await take();
    const { callId, carrierCallId } = first;
    await recordTurns(app, [
      entry(first, turn(1, { text: 'Hello, how can I help?', heardText: 'Hello, how can I help?' })),
      entry(first, turn(2, { speaker: 'CALLER', text: 'A table please.', heardText: 'A table please.' })),
      entry(first, turn(3, { text: 'We have ten or eleven', heardText: 'We have', complete: false, audioMs: 2_000, heardMs: 700 })),
    ]);
    const tool = { workspaceId: app.workspace.id, callId, name: 'check_availability', arguments: '{}', startedAt: app.clock.now() };
    await app.root.toolCall.createMany({
      data: [
        { ...tool, id: newId(), modelCallId: 'done', status: 'SUCCEEDED', result: '{"free":[]}', afterSequence: 2 },
        { ...tool, id: newId(), modelCallId: 'cut', status: 'RUNNING', afterSequence: 3 },
      ],
    });
    app.told.length = 0;

    const second = await claimCall(app, { token: await tokenFor(callId, 1), carrierCallId, bridgeId: 'bridge-2' });
    expect(second).toMatchObject({ ok: true, value: { bridgeCount: 2 } });
    if (!second.ok) return;
    expect(second.value.answeredAt).toEqual(first.claimed.answeredAt);
    expect(second.value.turns.map(({ text, complete, interrupted, heardText, heardMs }) => ({ text, complete, interrupted, heardText, heardMs }))).toEqual([
      { text: 'Hello, how can I help?', complete: true, interrupted: false, heardText: 'Hello, how can I help?', heardMs: 1_000 },
      { text: 'A table please.', complete: true, interrupted: false, heardText: 'A table please.', heardMs: 1_000 },
      { text: 'We have ten or eleven', complete: true, interrupted: true, heardText: 'We have', heardMs: 700 },
    ]);
    expect(second.value.toolCalls).toEqual([
      { modelCallId: 'done', name: 'check_availability', arguments: '{}', result: '{"free":[]}', afterSequence: 2 },
      { modelCallId: 'cut', name: 'check_availability', arguments: '{}', result: null, afterSequence: 3 },
    ]);
    expect(await app.root.toolCall.findFirst({ where: { modelCallId: 'cut' } })).toMatchObject({ status: 'FAILED' });
    expect(app.told).toContainEqual({ type: 'TurnRecorded', workspaceId: app.workspace.id, callId, sequence: 3 });
  });

  test('the old bridge can neither write, keep nor release any more', async () => {
    const first = await take();
    await claimCall(app, { token: await tokenFor(first.callId, 1), carrierCallId: first.carrierCallId, bridgeId: 'bridge-2' });
    await recordTurns(app, [entry(first, turn(1))]);
    expect(await turnsOf(first.callId)).toEqual([]);
    expect(await keepCalls(app, [first])).toEqual([first.bridgeId]);
    await releaseCall(app, { callId: first.callId, workspaceId: app.workspace.id, bridgeId: first.bridgeId, ending: { type: 'ended', reason: 'silence' } });
    expect(await app.call(first.callId)).toMatchObject({ bridgeId: 'bridge-2', endReason: null });
  });
});

describe('storing turns', () => {
  test('those of many calls in one statement, told in one go', async () => {
    const held = await Promise.all(['one', 'two', 'three'].map((word) => take(word)));
    const tellings: number[] = [];
    const events = { ...app.events, announce: async (happened: readonly unknown[]) => void tellings.push(happened.length) };
    await recordTurns(
      { pool: app.pool, events },
      held.flatMap((call) => [1, 2, 3].map((sequence) => entry(call, turn(sequence)))),
    );
    for (const { callId } of held) expect((await turnsOf(callId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(tellings).toEqual([9]);
  });

  test('a turn grows and is then complete, and its row keeps its id', async () => {
    const held = await take();
    await recordTurns(app, [entry(held, turn(1, { text: 'Hel', complete: false }))]);
    const [before] = await turnsOf(held.callId);
    await recordTurns(app, [
      entry(held, turn(1, { text: 'Hello', complete: false })),
      entry(held, turn(1, { text: 'Hello there', heardText: 'Hello', interrupted: true })),
    ]);
    const [after] = await turnsOf(held.callId);
    expect(after).toMatchObject({ id: before?.id, text: 'Hello there', heardText: 'Hello', interrupted: true, complete: true });
  });

  test('a complete turn is not opened again', async () => {
    const held = await take();
    await recordTurns(app, [entry(held, turn(1, { text: 'whole' }))]);
    await recordTurns(app, [entry(held, turn(1, { text: 'half', complete: false }))]);
    expect(await turnsOf(held.callId)).toMatchObject([{ text: 'whole', complete: true }]);
  });

  test('what Postgres cannot store is left out of the words, and keeps no other turn out', async () => {
    const held = await take();
    await recordTurns(app, [entry(held, turn(1, { text: 'a\0b', heardText: '\ud800x' })), entry(held, turn(2, { text: 'Ä日🎉 "\\' }))]);
    expect((await turnsOf(held.callId)).map(({ text, heardText }) => [text, heardText])).toEqual([
      ['ab', '\ufffdx'],
      ['Ä日🎉 "\\', 'turn 2'],
    ]);
  });

  test('turns under another workspace’s name are not stored', async () => {
    const held = await take();
    await recordTurns(app, [{ ...entry(held, turn(1)), workspaceId: 'elsewhere' }]);
    expect(await turnsOf(held.callId)).toEqual([]);
  });

  test('writing, keeping and taking over at once neither blocks nor tears', async () => {
    const held = await Promise.all(Array.from({ length: 10 }, (_, index) => take(`call-${index}`)));
    const shuffled = held.toReversed();
    await Promise.all([
      ...Array.from({ length: 20 }, (_, index) =>
        recordTurns(
          app,
          (index % 2 ? held : shuffled).map((call) => entry(call, turn(index + 1))),
        ),
      ),
      ...Array.from({ length: 20 }, (_, index) => keepCalls(app, index % 2 ? held : shuffled)),
      ...held.slice(0, 5).map(async (call) => claimCall(app, { token: await tokenFor(call.callId, 1), carrierCallId: call.carrierCallId, bridgeId: 'taken' })),
    ]);
    for (const { callId } of held.slice(5)) expect(await turnsOf(callId)).toHaveLength(20);
    for (const { callId } of held.slice(0, 5)) {
      const turns = await turnsOf(callId);
      await recordTurns(app, [entry({ callId, bridgeId: `bridge-${callId}` }, turn(21))]);
      expect(await turnsOf(callId)).toHaveLength(turns.length);
    }
  });
});

describe('keeping and releasing calls', () => {
  test('the heartbeat moves the lease of all calls of a process, and names those it has lost', async () => {
    const [one, two] = await Promise.all([take('one'), take('two')]);
    app.clock.advance(10_000);
    expect(await keepCalls(app, [one, { ...two, bridgeId: 'not mine' }])).toEqual(['not mine']);
    expect((await app.call(one.callId)).bridgeAliveUntil).toEqual(new Date(app.clock.now().getTime() + BRIDGE_LEASE_MS));
    expect((await app.call(two.callId)).bridgeAliveUntil).toEqual(new Date(app.clock.now().getTime() - 10_000 + BRIDGE_LEASE_MS));
    expect((await app.call(one.callId)).version).toBe(2);
  });

  test('a bridge that hands over leaves the call open and untold', async () => {
    const { callId, bridgeId } = await take();
    await releaseCall(app, { callId, workspaceId: app.workspace.id, bridgeId, ending: { type: 'handed-over', reason: 'draining' } });
    expect(await app.call(callId)).toMatchObject({ status: 'IN_PROGRESS', bridgeId: null, endReason: null, bridgeAliveUntil: app.clock.now() });
    expect(app.told.some(({ type }) => type === 'CallReleased')).toBe(false);
  });

  test('releasing twice is releasing once', async () => {
    const { callId, bridgeId } = await take();
    const release = () => releaseCall(app, { callId, workspaceId: app.workspace.id, bridgeId, ending: { type: 'ended', reason: 'silence' } });
    await release();
    const { version } = await app.call(callId);
    await release();
    expect(await app.call(callId)).toMatchObject({ version, endReason: 'silence' });
  });
});
