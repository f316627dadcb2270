import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CarrierRejected, CarrierUncertain } from '../../src/ports/carrier.ts';
import { twilioCarrier } from '../../src/vendors/twilio/carrier.ts';
import { askPatiently, retryAfterMs } from '../../src/vendors/twilio/patience.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { manualClock } from '../support/manual-clock.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from '../support/twilio-rest-twin.ts';
import { callSid } from '../support/twilio-webhook.ts';

const REQUEST = {
  to: '+12025550142',
  from: '+12025550100',
  answerUrl: 'https://voice.example.com/webhooks/twilio/voice?call=1',
  statusUrl: 'https://voice.example.com/webhooks/twilio/status?call=1',
  answererUrl: 'https://voice.example.com/webhooks/twilio/amd?call=1',
  ringSeconds: 30,
  maximumSeconds: 1860,
};

let twin: TwilioRestTwin;
const carrier = (more: { apiUrl?: string; authToken?: string; timeoutMs?: number } = {}) =>
  twilioCarrier({ ...ACCOUNT, apiUrl: twin.url, publicUrl: 'https://voice.example.com', mediaPublicUrl: 'wss://media.example.com', timeoutMs: 2_000, ...more });

beforeEach(async () => {
  twin = await startTwilioRestTwin(ACCOUNT);
});
afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await twin[Symbol.asyncDispose]();
});

const rejected = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CarrierRejected);
  return error as CarrierRejected;
};

describe('placing a call with Twilio', () => {
  test('asks for what is needed, by the letter of the specification', async () => {
    const placed = await carrier().placeCall(REQUEST);
    expect(placed).toMatchObject({ carrierCallId: twin.calls[0]?.sid, state: 'queued' });
    expect(twin.requests).toEqual([
      {
        method: 'POST',
        path: `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Calls.json`,
        parameters: {
          To: '+12025550142',
          From: '+12025550100',
          Url: REQUEST.answerUrl,
          Method: 'POST',
          StatusCallback: REQUEST.statusUrl,
          StatusCallbackMethod: 'POST',
          StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
          Timeout: '30',
          TimeLimit: '1860',
          MachineDetection: 'DetectMessageEnd',
          AsyncAmd: 'true',
          AsyncAmdStatusCallback: REQUEST.answererUrl,
          AsyncAmdStatusCallbackMethod: 'POST',
        },
      },
    ]);
  });

  test.each([
    [400, 21211, 'invalid-number'],
    [400, 21217, 'invalid-number'],
    [400, 21215, 'not-permitted'],
    [400, 21219, 'not-permitted'],
    [400, 21210, 'configuration'],
    [403, 20005, 'configuration'],
    [429, 20429, 'busy-account'],
    [400, 10004, 'busy-account'],
    [400, 21999, 'other'],
  ] as const)('a refusal with %i/%i means %s', async (status, code, kind) => {
    twin.script('POST', { type: 'refuse', status, code, message: 'no' });
    expect(await rejected(carrier().placeCall(REQUEST))).toMatchObject({ kind, code: String(code) });
    expect(twin.requests).toHaveLength(1);
  });

  test('a refusal for too many requests that says when to come back is asked again then, and dials once', async () => {
    twin.script('POST', { type: 'refuse', status: 429, code: 20429, message: 'Too Many Requests', retryAfter: '1' });
    const startedMs = performance.now();
    expect(await carrier().placeCall(REQUEST)).toMatchObject({ state: 'queued' });
    expect(performance.now() - startedMs).toBeGreaterThan(950);
    expect(twin.requests).toHaveLength(2);
    expect(twin.calls).toHaveLength(1);
  });

  test('one that says to come back later than anybody waits stands', async () => {
    twin.script('POST', { type: 'refuse', status: 429, code: 20429, message: 'Too Many Requests', retryAfter: '60' });
    expect(await rejected(carrier().placeCall(REQUEST))).toMatchObject({ kind: 'busy-account' });
    expect(twin.requests).toHaveLength(1);
  });

  test('a wrong password is a matter of configuration', async () => {
    expect(await rejected(carrier({ authToken: 'wrong' }).placeCall(REQUEST))).toMatchObject({ kind: 'configuration', code: '20003' });
  });

  test.each([
    ['a server error with a body of its own', { type: 'garbage', status: 502, done: true }],
    ['success with a body that is no call', { type: 'garbage', status: 201, done: true }],
    ['a connection that breaks', { type: 'break', done: true }],
    ['silence', { type: 'hang', done: true }],
  ] as const)('%s leaves it uncertain, and nothing is asked again', async (_name, behaviour) => {
    twin.script('POST', behaviour);
    await expect(carrier({ timeoutMs: 500 }).placeCall(REQUEST)).rejects.toBeInstanceOf(CarrierUncertain);
    expect(twin.requests).toHaveLength(1);
  });

  test('a slow answer is an answer', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    twin.script('POST', { type: 'slow', until: promise });
    const placed = carrier().placeCall(REQUEST);
    await twin.nextRequest();
    resolve();
    expect(await placed).toMatchObject({ state: 'queued' });
  });

  test.each(['break', 'hang'] as const)('an error of the connection (%s) does not carry our password', async (type) => {
    twin.script('POST', { type, done: false });
    const error = await carrier({ timeoutMs: 500 })
      .placeCall(REQUEST)
      .catch((reason: unknown) => reason);
    const secrets = [ACCOUNT.authToken, Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64')];
    for (const secret of secrets) expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(secret);
  });

  test('where nobody listens, nothing was dialed', async () => {
    const gone = await startTwilioRestTwin(ACCOUNT);
    await gone[Symbol.asyncDispose]();
    expect(await rejected(carrier({ apiUrl: gone.url }).placeCall(REQUEST))).toMatchObject({ kind: 'other', code: 'ECONNREFUSED' });
  });
});

describe('when to come back', () => {
  const now = new Date('2026-03-02T15:00:00Z');

  test.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': 'Mon, 02 Mar 2026 15:00:05 GMT' }, 5_000],
    [{ 'retry-after': 'Mon, 02 Mar 2026 14:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
    [null, null],
  ])('%j is %j ms from now', (headers, ms) => {
    expect(retryAfterMs(headers, now)).toBe(ms);
  });

  test('pauses end: a vendor that refuses again and again is believed', async () => {
    const clock = manualClock(now);
    let asked = 0;
    const answer = askPatiently(clock, async () => {
      asked += 1;
      return { statusCode: 429, headers: { 'retry-after': '3' } };
    });
    while (asked < 3) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
    expect((await answer).statusCode).toBe(429);
    expect(asked).toBe(3);
  });
});

describe('the other questions to Twilio', () => {
  test('hanging up', async () => {
    const { carrierCallId } = await carrier().placeCall(REQUEST);
    await carrier().endCall(carrierCallId);
    expect(twin.requests.at(-1)?.parameters).toEqual({ Status: 'completed' });
    expect(await carrier().fetchCall(carrierCallId)).toMatchObject({ state: 'canceled' });
  });

  test('hanging up what is over, or was never there, is no error', async () => {
    const { carrierCallId } = await carrier().placeCall(REQUEST);
    await carrier().endCall(carrierCallId);
    await carrier().endCall(carrierCallId);
    await carrier().endCall(callSid('never'));
  });

  test('hanging up without an answer is uncertain', async () => {
    twin.script('POST', { type: 'garbage', status: 500, done: false });
    await expect(carrier().endCall(callSid('one'))).rejects.toBeInstanceOf(CarrierUncertain);
  });

  test('a call that Twilio does not know is none', async () => {
    expect(await carrier().fetchCall(callSid('never'))).toBeNull();
  });

  test('a finished call has its seconds', async () => {
    const { carrierCallId } = await carrier().placeCall(REQUEST);
    Object.assign(twin.calls[0] ?? {}, { status: 'completed', duration: 42 });
    expect(await carrier().fetchCall(carrierCallId)).toMatchObject({ state: 'completed', durationSeconds: 42 });
  });

  test.each([
    ['refused', { type: 'refuse', status: 429, code: 20429, message: 'Too Many Requests' }],
    ['unanswered', { type: 'break', done: false }],
  ] as const)('a question that is %s tells nothing', async (_name, behaviour) => {
    twin.script('GET', behaviour, behaviour);
    await expect(carrier().fetchCall(callSid('one'))).rejects.toBeInstanceOf(CarrierUncertain);
    await expect(carrier().findCalls({ from: REQUEST.from, to: REQUEST.to, since: new Date() })).rejects.toBeInstanceOf(CarrierUncertain);
  });

  test('calls between two numbers are found, newest first, those that still wait in the queue too', async () => {
    const since = new Date(Math.floor(Date.now() / 1_000) * 1_000);
    const first = await carrier().placeCall(REQUEST);
    await carrier().placeCall({ ...REQUEST, to: '+12025550143' });
    const second = await carrier().placeCall(REQUEST);
    const found = await carrier().findCalls({ from: REQUEST.from, to: REQUEST.to, since });
    expect(found.map(({ carrierCallId }) => carrierCallId)).toEqual([second.carrierCallId, first.carrierCallId]);
    expect(await carrier().findCalls({ from: REQUEST.from, to: REQUEST.to, since: new Date(Date.now() + 60_000) })).toEqual([]);
  });
});
