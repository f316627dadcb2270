import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type CallApp, callApp } from '../support/call-app.ts';
import { callSid, redirectOf, twilioSignature, verbs, voiceForm } from '../support/twilio-webhook.ts';

const VOICE = '/webhooks/twilio/voice';
const STATUS = '/webhooks/twilio/status';
const SID = callSid('one');

let app: CallApp;
beforeEach(async () => {
  app = await callApp();
});
afterEach(() => app[Symbol.asyncDispose]());

const ring = () => app.post(VOICE, voiceForm(SID));
const status = (state: string) => app.post(STATUS, voiceForm(SID, { CallStatus: state }));

describe('what is not to be believed', () => {
  const stored = async () => (await app.root.call.count()) + (await app.root.carrierEvent.count());

  test.each([
    ['no signature', { 'x-twilio-signature': '' }],
    ['the signature of another address', { 'x-twilio-signature': twilioSignature(ACCOUNT.authToken, `https://evil.example${VOICE}`, voiceForm(SID)) }],
    ['the signature of another token', { 'x-twilio-signature': twilioSignature('guess', `https://voice.example.com${VOICE}`, voiceForm(SID)) }],
  ])('%s is refused, counted, and nothing is stored', async (_name, headers) => {
    const reply = await app.post(VOICE, voiceForm(SID), headers);
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body)).toEqual({ error: expect.any(String) });
    expect(await stored()).toBe(0);
    expect(await app.metrics.metrics()).toContain('callgraph_webhooks_refused_total{vendor="twilio",reason="signature"} 1');
  });

  test('a webhook of another account is refused and nothing is stored, though it is signed with our token', async () => {
    expect((await app.post(VOICE, voiceForm(SID, { AccountSid: `AC${'9'.repeat(32)}` }))).status).toBe(403);
    expect(await stored()).toBe(0);
  });

  test('a parameter that is given twice is signed with both and read as none', async () => {
    const body = new URLSearchParams({ ...voiceForm(SID), From: '+12025550143' });
    body.append('From', '+12025550142');
    const signature = twilioSignature(ACCOUNT.authToken, `https://voice.example.com${VOICE}`, voiceForm(SID, { From: '+12025550142From+12025550143' }));
    const reply = await fetch(app.localUrl + VOICE, { method: 'POST', headers: { 'x-twilio-signature': signature }, body });
    expect(reply.status).toBe(400);
    expect(await stored()).toBe(0);
  });

  test('a status of long ago is passed over', async () => {
    await ring();
    await app.post(STATUS, voiceForm(SID, { CallStatus: 'completed', Timestamp: new Date(Date.now() - 25 * 3_600_000).toUTCString() }));
    expect(await app.root.carrierEvent.count()).toBe(0);
    expect(await app.root.call.findFirst()).toMatchObject({ status: 'RINGING' });
  });

  test('a status that is sent twice, and those that come in disorder, count once and end the call once', async () => {
    await ring();
    const tell = (state: string, number: string) => app.post(STATUS, voiceForm(SID, { CallStatus: state, SequenceNumber: number }));
    await Promise.all([tell('completed', '3'), tell('completed', '3'), tell('in-progress', '2')]);
    await Promise.all([tell('in-progress', '2'), tell('ringing', '1'), tell('initiated', '0'), tell('completed', '3')]);
    expect(await app.root.carrierEvent.count()).toBe(4);
    expect(await app.root.call.findFirst()).toMatchObject({ status: 'ENDED' });
    expect(app.told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
  });

  test('a Host header of the sender’s choice changes nothing', async () => {
    const signature = twilioSignature(ACCOUNT.authToken, `https://evil.example${VOICE}`, voiceForm(SID));
    const reply = await app.post(VOICE, voiceForm(SID), { 'x-twilio-signature': signature, 'x-forwarded-host': 'evil.example' });
    expect(reply.status).toBe(403);
  });

  test.each([
    ['a form without a call', VOICE, { Hello: 'there' }],
    ['a status that is none', STATUS, { ...voiceForm(SID), CallStatus: 'dreaming' }],
    ['a resumption of nothing', '/webhooks/twilio/resume', voiceForm(SID)],
    ['a resumption with a strange attempt', `/webhooks/twilio/resume?call=${'a'.repeat(32)}&attempt=minus`, voiceForm(SID)],
    ['a status under an id that cannot be ours', `${STATUS}?call=%00`, { ...voiceForm(SID), CallStatus: 'ringing' }],
    ['an id that cannot be ours', `${VOICE}?call=../../etc`, voiceForm(SID)],
  ])('%s is answered with 400 and one JSON object', async (_name, path, form) => {
    const reply = await app.post(path, form);
    expect(reply).toMatchObject({ status: 400, type: 'application/json' });
    expect(JSON.parse(reply.body)).toEqual({ error: expect.any(String) });
    expect(await stored()).toBe(0);
  });

  test('ten megabytes are not read', async () => {
    const reply = await app.post(VOICE, { ...voiceForm(SID), Padding: 'x'.repeat(10 * 1024 * 1024) }).catch(() => null);
    // The server may have closed before the client had written all.
    if (reply) expect(reply.status).toBe(413);
    expect(verbs((await ring()).body)).toContain('Stream');
  });

  test('a status of a call that we do not have is taken and forgotten', async () => {
    expect(await status('completed')).toMatchObject({ status: 204, body: '' });
    expect(await stored()).toBe(0);
  });

  test('an unknown webhook and another method are refused', async () => {
    expect((await app.post('/webhooks/twilio/sms', voiceForm(SID))).status).toBe(404);
    expect((await app.post('/webhooks/livekit/voice', voiceForm(SID))).status).toBe(404);
    expect((await app.post('/webhooks/twilio/constructor', voiceForm(SID))).status).toBe(404);
  });
});

test('a carrier is answered at once while the bus of live views is away', async () => {
  Object.assign(app.events, { announce: () => new Promise(() => {}) });
  expect(verbs((await ring()).body)).toContain('Stream');
  expect((await status('completed')).status).toBe(204);
});

describe('when the database is away', () => {
  const rename = (from: string, to: string) => app.pool.query(`ALTER TABLE "${from}" RENAME TO "${to}"`);

  test('the caller is kept until it is back', async () => {
    await rename('Call', 'Away');
    const reply = await app.post(VOICE, voiceForm(SID));
    expect(verbs(reply.body)).toEqual(['Pause', 'Redirect']);
    await rename('Away', 'Call');
    expect(verbs((await app.post(redirectOf(reply.body), voiceForm(SID))).body)).toContain('Stream');
  });

  test('for longer than some seconds the caller is told', async () => {
    await rename('Call', 'Away');
    let path = VOICE;
    for (let retry = 1; retry <= 5; retry++) {
      const reply = await app.post(path, voiceForm(SID));
      expect(verbs(reply.body)).toEqual(['Pause', 'Redirect']);
      path = redirectOf(reply.body);
      expect(path).toBe(`${VOICE}?retry=${retry}`);
    }
    expect(verbs((await app.post(path, voiceForm(SID))).body)).toEqual(['Say', 'Hangup']);
    expect((await status('completed')).status).toBe(500);
  });
});
