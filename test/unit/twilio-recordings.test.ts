import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CarrierRejected, CarrierUncertain } from '../../src/ports/carrier.ts';
import type { CarrierRecordings } from '../../src/ports/carrier-recordings.ts';
import { twilioCarrier } from '../../src/vendors/twilio/carrier.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from '../support/twilio-rest-twin.ts';
import { callSid } from '../support/twilio-webhook.ts';

const CALL = callSid('recorded');
const STATUS_URL = 'https://voice.example.com/webhooks/twilio/recording?call=1';
const options = { ...ACCOUNT, publicUrl: 'https://voice.example.com', mediaPublicUrl: 'wss://media.example.com', timeoutMs: 2_000 };

let twin: TwilioRestTwin;
let recordings: CarrierRecordings;

beforeEach(async () => {
  twin = await startTwilioRestTwin(ACCOUNT);
  recordings = twilioCarrier({ ...options, apiUrl: twin.url }).recordings;
});
afterEach(async () => {
  const { violations } = twin;
  await twin[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

const begin = () => recordings.startRecording({ carrierCallId: CALL, statusUrl: STATUS_URL });

test('a recording has each side in a channel of its own, and its end is told', async () => {
  expect(await begin()).toEqual({ carrierRecordingId: expect.stringMatching(/^RE[0-9a-f]{32}$/), carrierCallId: CALL, state: 'in-progress' });
  expect(twin.requests[0]).toMatchObject({
    method: 'POST',
    path: `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Calls/${CALL}/Recordings.json`,
    parameters: {
      RecordingChannels: 'dual',
      RecordingTrack: 'both',
      RecordingStatusCallback: STATUS_URL,
      RecordingStatusCallbackEvent: ['completed', 'absent'],
    },
  });
});

test('a call that cannot be recorded is a refusal, a lost answer an uncertainty', async () => {
  twin.recordings.live = new Set();
  await expect(begin()).rejects.toBeInstanceOf(CarrierRejected);
  twin.recordings.live = null;
  twin.script('POST', { type: 'break', done: true });
  await expect(begin()).rejects.toBeInstanceOf(CarrierUncertain);
  expect(await recordings.findRecordings(CALL)).toMatchObject([{ state: 'in-progress' }]);
});

test('recordings of a call are listed with the oldest first; an unknown call has none', async () => {
  const [first, second] = [await begin(), await begin()];
  expect((await recordings.findRecordings(CALL)).map(({ carrierRecordingId }) => carrierRecordingId)).toEqual([
    first.carrierRecordingId,
    second.carrierRecordingId,
  ]);
  expect(await recordings.findRecordings(callSid('other'))).toEqual([]);
  twin.script('GET', { type: 'refuse', status: 503, code: 20503, message: 'Service unavailable' });
  await expect(recordings.findRecordings(CALL)).rejects.toBeInstanceOf(CarrierUncertain);
});

test('a recording is stopped; one that is over already is fine', async () => {
  const { carrierRecordingId } = await begin();
  await recordings.stopRecording({ carrierCallId: CALL, carrierRecordingId });
  expect(twin.recordings.recordings[0]?.status).toBe('stopped');
  await recordings.stopRecording({ carrierCallId: CALL, carrierRecordingId });
  expect(await recordings.findRecordings(CALL)).toMatchObject([{ state: 'processing' }]);
});

test('the sound is fetched where it lies, and the password stays with the API', async () => {
  const { carrierRecordingId } = await begin();
  expect(await recordings.openRecording(carrierRecordingId)).toBeNull();
  for (const recording of twin.recordings.recordings) recording.sound = Buffer.from('RIFF of both sides');
  const sound = await recordings.openRecording(carrierRecordingId);
  expect(sound?.mediaType).toBe('audio/x-wav');
  expect(await text(sound?.body ?? Readable.from([]))).toBe('RIFF of both sides');
});

test('a wrong password is a refusal, and a vendor out of reach an uncertainty', async () => {
  const { carrierRecordingId } = await begin();
  const stranger = twilioCarrier({ ...options, authToken: 'wrong', apiUrl: twin.url }).recordings;
  await expect(stranger.openRecording(carrierRecordingId)).rejects.toMatchObject({ name: 'CarrierRejected', kind: 'configuration' });
  const nowhere = twilioCarrier({ ...options, apiUrl: 'http://127.0.0.1:9' }).recordings;
  await expect(nowhere.openRecording(carrierRecordingId)).rejects.toBeInstanceOf(CarrierUncertain);
});

test('a recording is deleted; one that is gone already is fine', async () => {
  const { carrierRecordingId } = await begin();
  await recordings.deleteRecording(carrierRecordingId);
  expect(twin.recordings.recordings).toEqual([]);
  await recordings.deleteRecording(carrierRecordingId);
});
