import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { steerCall } from '../../src/domain/calls/steer-call.ts';
import { takeCommands } from '../../src/domain/calls/take-commands.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { callSid, tokenOf, voiceForm } from '../support/twilio-webhook.ts';

let app: CallApp;
let callId: string;
beforeEach(async () => {
  app = await callApp();
  await claim('/webhooks/twilio/voice', 'bridge-1');
  ({ id: callId } = await app.root.call.findFirstOrThrow());
});
afterEach(() => app[Symbol.asyncDispose]());

const SID = callSid('one');
async function claim(path: string, bridgeId: string) {
  const { body } = await app.post(path, voiceForm(SID));
  expect((await claimCall(app, { token: tokenOf(body), carrierCallId: SID, bridgeId })).ok).toBe(true);
}
const say = (text: string) => steerCall(app, { callId, say: text });
const take = (bridgeId: string) => takeCommands(app, [{ callId, bridgeId }]);

test('what is asked is taken once, in order, however many look at the same time', async () => {
  for (const text of ['one', 'two', 'three']) expect((await say(text)).ok).toBe(true);
  const taken = await Promise.all(Array.from({ length: 8 }, () => take('bridge-1')));
  expect(taken.flat().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect(await take('bridge-1')).toEqual([]);
  expect(app.told.filter(({ type }) => type === 'CallCommanded')).toHaveLength(3);
});

test('what nobody has taken is taken by the bridge that holds the call next, and not by the one that lost it', async () => {
  await say('one');
  await claim(`/webhooks/twilio/resume?call=${callId}&attempt=1&held=0`, 'bridge-2');
  expect(await take('bridge-1')).toEqual([]);
  expect(await take('bridge-2')).toEqual([{ callId, kind: 'SAY', text: 'one' }]);
  expect(await app.root.callCommand.findFirst()).toMatchObject({ takenBy: 'bridge-2' });
});

test('nothing is asked of a call that nobody holds, or whose bridge has died', async () => {
  app.clock.advance(31_000);
  expect(await say('one')).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
  expect(await steerCall(app, { callId, say: 'a', whisper: 'b' })).toMatchObject({ ok: false, problems: [{ code: 'INVALID' }] });
  expect(await steerCall(app, { callId, whisper: 'x'.repeat(1_001) })).toMatchObject({ ok: false, problems: [{ path: ['input', 'whisper'] }] });
  expect(await steerCall(app, { callId: 'none', say: 'a' })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
  expect(await app.root.callCommand.count()).toBe(0);
});
