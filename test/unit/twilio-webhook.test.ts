import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CarrierPayloadError } from '../../src/ports/carrier.ts';
import type { CarrierRequest } from '../../src/ports/carrier-webhook.ts';
import { readTwilioStatus, readTwilioVoice } from '../../src/vendors/twilio/payloads.ts';
import { isSignedByTwilio } from '../../src/vendors/twilio/signature.ts';
import { connectTwiml, hangUpTwiml, waitTwiml } from '../../src/vendors/twilio/twiml.ts';
import { callSid, twilioSignature, voiceForm } from '../support/twilio-webhook.ts';

const AUTH_TOKEN = '12345';
const PUBLIC_URL = 'https://mycompany.com';

const form = (values: Readonly<Record<string, string>>, more: Partial<CarrierRequest> & { signature?: string } = {}): CarrierRequest => ({
  method: 'POST',
  pathAndQuery: '/myapp.php?foo=1&bar=2',
  body: Buffer.from(new URLSearchParams(values).toString()),
  ...more,
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': more.signature, ...more.headers },
});
const signed = (request: CarrierRequest, publicUrl = PUBLIC_URL) => isSignedByTwilio({ authToken: AUTH_TOKEN, publicUrl }, request);
const DOCUMENTED = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' };

describe("Twilio's signature", () => {
  test("the example of Twilio's documentation is taken", () => {
    expect(signed(form(DOCUMENTED, { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }))).toBe(true);
  });

  test("the example of Twilio's libraries is taken", () => {
    const values = { ...DOCUMENTED, Caller: '+12349013030', From: '+12349013030' };
    expect(signed(form(values, { signature: '0/KCTR6DLpKmkAf8muzZqo1nDgQ=' }))).toBe(true);
  });

  test.each([
    ['no signature', form(DOCUMENTED)],
    ['an empty one', form(DOCUMENTED, { signature: '' })],
    ['that of another request', form({ ...DOCUMENTED, Digits: '1235' }, { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' })],
    ['that of another address', form(DOCUMENTED, { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', pathAndQuery: '/myapp.php?foo=1&bar=3' })],
    ['one with another token', form(DOCUMENTED, { signature: twilioSignature('54321', `${PUBLIC_URL}/myapp.php?foo=1&bar=2`, DOCUMENTED) })],
    ['a path that is an address', form(DOCUMENTED, { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', pathAndQuery: 'https://mycompany.com/myapp.php?foo=1&bar=2' })],
    ['text of another alphabet', form(DOCUMENTED, { signature: 'ÄÖÜ'.repeat(9) })],
  ])('%s is refused', (_name, request) => {
    expect(signed(request)).toBe(false);
  });

  test('the public address counts and the Host header does not', () => {
    const request = form(DOCUMENTED, { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', headers: { host: 'mycompany.com' } });
    expect(signed(request, 'https://elsewhere.example')).toBe(false);
    expect(signed({ ...request, headers: { ...request.headers, host: 'elsewhere.example' } })).toBe(true);
  });

  test('it holds for an address with and without the usual port', () => {
    const signature = twilioSignature(AUTH_TOKEN, 'https://mycompany.com:443/myapp.php?foo=1&bar=2', DOCUMENTED);
    expect(signed(form(DOCUMENTED, { signature }))).toBe(true);
  });

  test('it holds for values in every alphabet, with signs of their own and given twice', () => {
    const body = Buffer.from('From=%2B1+202&Name=%C3%84%E6%97%A5%F0%9F%8E%89&Event=b&Event=a&Event=b&Empty=');
    const signature = twilioSignature(AUTH_TOKEN, `${PUBLIC_URL}/p`, { From: '+1 202', Name: 'Ä日🎉', Event: 'aEventb', Empty: '' });
    expect(signed(form({}, { pathAndQuery: '/p', body, signature }))).toBe(true);
  });

  test('a GET is signed over its address alone', () => {
    const signature = twilioSignature(AUTH_TOKEN, `${PUBLIC_URL}/myapp.php?foo=1&bar=2`);
    expect(signed(form({}, { method: 'GET', body: Buffer.alloc(0), signature }))).toBe(true);
  });

  test('JSON is signed over an address that holds the hash of the body', () => {
    const body = Buffer.from('{"property": "value", "boolean": true}');
    const pathAndQuery = `/myapp.php?foo=1&bar=2&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const request = form({}, { pathAndQuery, body, signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', headers: { 'content-type': 'application/json' } });
    expect(signed(request)).toBe(true);
    expect(signed({ ...request, body: Buffer.from('{"property": "other", "boolean": true}') })).toBe(false);
    expect(signed({ ...request, pathAndQuery: '/myapp.php?foo=1&bar=2' })).toBe(false);
  });
});

describe('what Twilio tells', () => {
  const sid = callSid('one');

  test('a call that comes in', () => {
    expect(readTwilioVoice(form(voiceForm(sid)))).toEqual({
      carrierCallId: sid,
      direction: 'INBOUND',
      from: '+12025550142',
      to: '+12025550100',
      state: 'ringing',
    });
  });

  test('one of ours that was answered', () => {
    const request = form(voiceForm(sid, { Direction: 'outbound-api', CallStatus: 'in-progress' }));
    expect(readTwilioVoice(request)).toMatchObject({ direction: 'OUTBOUND', state: 'in-progress' });
  });

  test('a caller who withholds the number', () => {
    expect(readTwilioVoice(form(voiceForm(sid, { From: '' })))).toMatchObject({ from: '' });
  });

  test('how a call ended', () => {
    const request = form(voiceForm(sid, { CallStatus: 'completed', CallDuration: '42', Timestamp: 'Mon, 02 Mar 2026 15:04:05 +0000', SequenceNumber: '3' }));
    expect(readTwilioStatus(request)).toEqual({
      carrierCallId: sid,
      state: 'completed',
      eventKey: 'status:completed:3',
      at: new Date('2026-03-02T15:04:05Z'),
      durationSeconds: 42,
    });
  });

  test('an event is known again by its number, else by the token of its deliveries', () => {
    const keyOf = (values: Record<string, string>, token?: string) =>
      readTwilioStatus(form(voiceForm(sid, { CallStatus: 'completed', ...values }), { headers: { 'i-twilio-idempotency-token': token } })).eventKey;
    expect(keyOf({ SequenceNumber: '3' }, 'one')).toBe(keyOf({ SequenceNumber: '3' }, 'two'));
    expect(keyOf({}, 'one')).toBe(keyOf({}, 'one'));
    expect(keyOf({}, 'one')).not.toBe(keyOf({}, 'two'));
    expect(keyOf({})).toBe('status:completed');
  });

  test('why a call failed', () => {
    expect(readTwilioStatus(form(voiceForm(sid, { CallStatus: 'failed', SipResponseCode: '503' })))).toMatchObject({ state: 'failed', reason: 'sip-503' });
    expect(readTwilioStatus(form(voiceForm(sid, { CallStatus: 'failed', ErrorCode: '13227', SipResponseCode: '503' })))).toMatchObject({ reason: '13227' });
  });

  test('the beginning of a dial is named dialing', () => {
    expect(readTwilioStatus(form(voiceForm(sid, { CallStatus: 'initiated', Timestamp: 'soon' })))).toMatchObject({ state: 'dialing', at: null });
  });

  test.each([
    ['no id', { CallStatus: 'ringing' }],
    ['an id of another kind', { CallSid: `SM${'0'.repeat(32)}`, CallStatus: 'ringing' }],
    ['a state that is none', { CallSid: sid, CallStatus: 'dreaming' }],
    ['nothing', {}],
  ])('%s is not read', (_name, values: Record<string, string>) => {
    expect(() => readTwilioStatus(form(values))).toThrow(CarrierPayloadError);
    expect(() => readTwilioVoice(form(values))).toThrow(CarrierPayloadError);
  });
});

describe('what Twilio is told', () => {
  const resumeUrl = 'https://voice.example.com/webhooks/twilio/resume?call=1&attempt=1&held=0';

  test('join the call to a media socket, then ask again', () => {
    const { contentType, body } = connectTwiml({ mediaUrl: 'wss://media.example.com/media/twilio', token: 'a.b-c_d', resumeUrl });
    expect(contentType).toBe('text/xml; charset=utf-8');
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="wss://media.example.com/media/twilio"><Parameter name="token" value="a.b-c_d"/></Stream></Connect>' +
        '<Redirect method="POST">https://voice.example.com/webhooks/twilio/resume?call=1&amp;attempt=1&amp;held=0</Redirect></Response>',
    );
  });

  test('wait at least a second, then ask again', () => {
    expect(waitTwiml({ seconds: 0.2, resumeUrl }).body).toContain('<Response><Pause length="1"/><Redirect method="POST">');
    expect(waitTwiml({ seconds: 5, resumeUrl }).body).toContain('<Pause length="5"/>');
  });

  test('hang up, with or without words', () => {
    expect(hangUpTwiml().body).toContain('<Response><Hangup/></Response>');
    expect(hangUpTwiml({ say: 'Sorry & goodbye <3', language: 'en-US' }).body).toContain(
      '<Response><Say language="en-US">Sorry &amp; goodbye &lt;3</Say><Hangup/></Response>',
    );
  });
});
