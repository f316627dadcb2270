import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../src/kit/clock.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { sign } from '../../src/simulator/carrier/signature.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { type SimpleBridge, startSimpleBridge } from '../support/simple-bridge.ts';

const LINE = '+12025550150';
let lab: Simulator;
let bridge: SimpleBridge;

beforeEach(async () => {
  lab = await startSimulator({ clock: createClock(10), logger: createLogger('silent') });
  bridge = await startSimpleBridge(lab);
});
afterEach(async () => {
  await lab[Symbol.asyncDispose]();
  await bridge[Symbol.asyncDispose]();
});

const authorization = () => `Basic ${Buffer.from(`${lab.accountSid}:${lab.authToken}`).toString('base64')}`;

async function rest(
  method: string,
  path: string,
  form?: Record<string, string | string[]>,
  headers: Record<string, string> = { authorization: authorization() },
) {
  const pairs = Object.entries(form ?? {}).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
  const response = await fetch(`${lab.restUrl}/2010-04-01/Accounts/${lab.accountSid}/${path}`, {
    method,
    headers,
    ...(form && { body: new URLSearchParams(pairs) }),
  });
  return { status: response.status, body: await response.json() };
}

const place = (to: string, more: Record<string, string | string[]> = {}) => rest('POST', 'Calls.json', { To: to, From: LINE, Url: bridge.voiceUrl, ...more });
const statuses = () =>
  bridge.webhooks.filter(({ path }) => path.startsWith('/status')).map(({ form }) => `${form.get('SequenceNumber')}:${form.get('CallStatus')}`);
const callOf = (sid: string) => lab.log.call(sid);
const ended = (sid: string) => expect.poll(() => statuses().at(-1) ?? callOf(sid)?.status, { timeout: 20_000 });
const codes = () => lab.log.carrier.notifications.map(({ code }) => code);
const dial = (caller: string) => lab.dial({ to: LINE, caller, voiceUrl: bridge.voiceUrl, statusUrl: bridge.statusUrl });

describe('the REST interface', () => {
  test('a call that is placed rings, is answered, and can be looked up by its numbers', async () => {
    const placed = await place('+12025550120', {
      StatusCallback: bridge.statusUrl,
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      Timeout: '30',
      TimeLimit: '600',
    });
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      status: 'queued',
      direction: 'outbound-api',
      to: '+12025550120',
      from: LINE,
    });
    expect(placed.body.date_created).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/);
    await expect.poll(statuses, { timeout: 20_000 }).toEqual(['0:initiated', '1:ringing', '2:in-progress']);
    const found = await rest('GET', `Calls.json?To=${encodeURIComponent('+12025550120')}&From=${encodeURIComponent(LINE)}&PageSize=5`);
    expect(found.body).toMatchObject({ calls: [{ sid: placed.body.sid, status: 'in-progress' }], page: 0, page_size: 5, next_page_uri: null });
    expect((await rest('POST', `Calls/${placed.body.sid}.json`, { Status: 'completed' })).body.status).toBe('completed');
    await expect.poll(statuses).toEqual(['0:initiated', '1:ringing', '2:in-progress', '3:completed']);
    const again = await rest('POST', `Calls/${placed.body.sid}.json`, { Status: 'completed' });
    expect([again.status, again.body.code]).toEqual([400, 21220]);
    expect(lab.log.carrier.requests.flatMap(({ unknown }) => unknown)).toEqual([]);
  });

  test.each([
    [{ To: '' }, 400, 21201],
    [{ From: '' }, 400, 21213],
    [{ To: '0123' }, 400, 21211],
    [{ To: '+15005550001' }, 400, 21217],
    [{ To: '+15005550003' }, 400, 21215],
    [{ From: 'somebody' }, 400, 21212],
    [{ Url: 'nowhere' }, 400, 21205],
    [{ StatusCallback: 'x' }, 400, 21609],
    [{ StatusCallbackEvent: 'soon' }, 400, 21626],
    [{ Timeout: '-1' }, 400, 20001],
  ])('%j is refused with %i and code %i', async (form, status, code) => {
    const refused = await place('+12025550120', form);
    expect(refused).toEqual({ status, body: { status, code, message: expect.any(String), more_info: `https://www.twilio.com/docs/errors/${code}` } });
    expect(lab.log.carrier.calls).toEqual([]);
  });

  test('wrong credentials, other accounts and unknown things are refused', async () => {
    expect(await rest('GET', 'Calls.json', undefined, { authorization: 'Basic eDp5' })).toMatchObject({ status: 401, body: { code: 20003 } });
    expect(await rest('GET', `Calls/CA${'0'.repeat(32)}.json`)).toMatchObject({ status: 404, body: { code: 20404 } });
    expect(await rest('GET', 'Messages.json')).toMatchObject({ status: 404, body: { code: 20404 } });
    expect(await place('+12025550120', { Ring: 'loud' })).toMatchObject({ status: 201 });
    expect(lab.log.carrier.requests.at(-1)?.unknown).toEqual(['Ring']);
  });

  test('faults: a refusal places nothing, a lost answer places the call all the same', async () => {
    lab.faults.carrier.refuseRequests = 1;
    expect((await place('+12025550120')).status).toBe(503);
    expect(lab.log.carrier.calls).toHaveLength(0);
    lab.faults.carrier.loseAnswers = 1;
    await expect(place('+12025550120')).rejects.toThrow();
    expect(lab.log.carrier.calls).toHaveLength(1);
  });
});

describe('how calls end', () => {
  test.each([
    ['+12025550121', 'busy', '486'],
    ['+12025550122', 'no-answer', '480'],
    ['+12025550123', 'failed', '404'],
  ])('%s is %s, is never answered, and asks for no instructions', async (to, status, sip) => {
    const { body } = await place(to, {
      StatusCallback: bridge.statusUrl,
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      Timeout: '5',
    });
    await ended(body.sid).toContain(status);
    // Told at once after one another, they may arrive in any order.
    const last = bridge.webhooks.findLast(({ form }) => form.get('CallStatus') === status)?.form;
    expect([last?.get('SipResponseCode'), last?.get('CallDuration')]).toEqual([sip, '0']);
    expect(bridge.webhooks.filter(({ path }) => path.startsWith('/voice'))).toEqual([]);
    expect(callOf(body.sid)).toMatchObject({ status, answeredAt: null });
  });

  test('a call that still rings can be canceled', async () => {
    const { body } = await place('+12025550122', { StatusCallback: bridge.statusUrl });
    await expect.poll(() => callOf(body.sid)?.status).toBe('ringing');
    expect((await rest('POST', `Calls/${body.sid}.json`, { Status: 'canceled' })).body.status).toBe('canceled');
    await ended(body.sid).toBe('0:canceled');
  });

  test('a caller may hang up while it rings, during the greeting and in the middle of a sentence', async () => {
    bridge.twiml['/voice'] = '<Response><Pause length="30"/></Response>';
    const ringing = await dial('hangs-up-while-it-rings').ended;
    expect(ringing).toMatchObject({ status: 'no-answer', endedBy: 'person', answeredAt: null });
    bridge.twiml['/voice'] = `<Response><Connect><Stream url="${bridge.mediaUrl}"/></Connect></Response>`;
    const greeting = await dial('hangs-up-at-the-greeting').ended;
    expect(greeting).toMatchObject({ status: 'completed', endedBy: 'person', durationSeconds: expect.any(Number) });
    const sentence = await dial('hangs-up-mid-sentence').ended;
    expect(sentence.streams[0]).toMatchObject({ closedBy: 'carrier' });
    expect(bridge.carrierFrames.at(-1)).toMatch(
      /^\{"event":"stop","sequenceNumber":"\d+","streamSid":"MZ[0-9a-f]{32}","stop":\{"accountSid":"AC[0-9a-f]{32}","callSid":"CA[0-9a-f]{32}"\}\}$/,
    );
    expect(statuses()).toEqual(['0:no-answer', '0:completed', '0:completed']);
  });

  test('the time limit ends a call by itself', async () => {
    bridge.twiml['/voice'] = '<Response><Say>Hold the line.</Say><Pause length="100"/></Response>';
    const { body } = await place('+12025550198', { TimeLimit: '3', StatusCallback: bridge.statusUrl });
    await ended(body.sid).toBe('0:completed');
    expect(callOf(body.sid)).toMatchObject({ endedBy: 'carrier', durationSeconds: 3, heard: 'Hold the line.' });
  });
});

describe('webhooks', () => {
  test('they are forms, signed over the address and the parameters, each with a token', async () => {
    await dial('hangs-up-at-the-greeting').ended;
    expect(bridge.webhooks.map(({ path }) => path)).toEqual(['/voice', '/status']);
    for (const { url, form, headers } of bridge.webhooks) {
      expect(headers['x-twilio-signature']).toBe(sign(lab.authToken, url, form));
      expect(headers['i-twilio-idempotency-token']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    }
    const [voice, status] = bridge.webhooks.map(({ form }) => Object.fromEntries(form));
    expect(voice).toMatchObject({
      CallStatus: 'ringing',
      Direction: 'inbound',
      From: '+12025550108',
      To: LINE,
      Caller: '+12025550108',
      Called: LINE,
      ApiVersion: '2010-04-01',
    });
    expect(status).toMatchObject({
      CallStatus: 'completed',
      SequenceNumber: '0',
      CallbackSource: 'call-progress-events',
      Timestamp: expect.stringMatching(/\+0000$/),
      Duration: '1',
    });
    expect(bridge.upgrades[0]?.['x-twilio-signature']).toBe(sign(lab.authToken, bridge.mediaUrl));
  });

  test('on demand they come twice with one token, and in reverse order', async () => {
    lab.faults.carrier.repeatCallbacks = true;
    lab.faults.carrier.reverseCallbacks = true;
    const { body } = await place('+12025550121', { StatusCallback: bridge.statusUrl, StatusCallbackEvent: ['initiated', 'ringing', 'completed'] });
    await expect.poll(statuses, { timeout: 10_000 }).toEqual(['2:busy', '2:busy', '1:ringing', '1:ringing', '0:initiated', '0:initiated']);
    const tokens = bridge.webhooks.map(({ headers }) => headers['i-twilio-idempotency-token']);
    expect(new Set(tokens).size).toBe(3);
    expect(callOf(body.sid)?.status).toBe('busy');
  });

  test('a program that cannot be reached, errs or answers something else loses the call', async () => {
    expect((await lab.dial({ to: LINE, caller: 'says-nothing', voiceUrl: 'http://127.0.0.1:1/voice' }).ended).status).toBe('failed');
    bridge.twiml['/voice'] = 'status:500';
    expect((await dial('says-nothing').ended).status).toBe('failed');
    bridge.twiml['/voice'] = '<Response><Say>unfinished';
    expect((await dial('says-nothing').ended).status).toBe('failed');
    expect(codes()).toEqual([11205, 11200, 12100]);
  });
});

describe('call instructions', () => {
  test('they are done in order: said, paused, redirected, hung up', async () => {
    bridge.twiml['/voice'] = '<Response><Say>One moment.</Say><Pause length="1"/><Redirect>/more?x=1&amp;y=2</Redirect><Say>Never</Say></Response>';
    bridge.twiml['/more'] = '<Response><Say>Goodbye.</Say></Response>';
    const call = await dial('says-nothing').ended;
    expect(call).toMatchObject({ heard: 'One moment. Goodbye.', endedBy: 'program', status: 'completed' });
    expect(bridge.webhooks.map(({ path, form }) => `${path} ${form.get('CallStatus')}`)).toEqual([
      '/voice ringing',
      '/more?x=1&y=2 in-progress',
      '/status completed',
    ]);
  });

  test('what is not known is passed over with a warning; an empty response hangs up', async () => {
    bridge.twiml['/voice'] = '<Response><Dance/><Say>Hello.</Say></Response>';
    expect((await dial('says-nothing').ended).heard).toBe('Hello.');
    expect(codes()).toEqual([12200]);
    bridge.twiml['/voice'] = '';
    expect(await dial('says-nothing').ended).toMatchObject({ status: 'completed', heard: '' });
  });

  test('a running call can be sent elsewhere', async () => {
    const call = dial('says-nothing');
    await expect.poll(() => bridge.carrierFrames.length, { timeout: 10_000 }).toBeGreaterThan(5);
    bridge.twiml['/elsewhere'] = '<Response><Say>Somewhere else.</Say></Response>';
    expect((await rest('POST', `Calls/${call.carrierCallId}.json`, { Url: `${new URL('/elsewhere', bridge.voiceUrl)}` })).status).toBe(200);
    expect((await call.ended).heard).toContain('Somewhere else.');
    expect(bridge.carrierFrames.at(-1)).toContain('"event":"stop"');
  });
});
