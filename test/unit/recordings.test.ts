import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deleteRecording } from '../../src/domain/calls/delete-recording.ts';
import { fetchRecording } from '../../src/domain/calls/fetch-recording.ts';
import { noteCall } from '../../src/domain/calls/note-call.ts';
import type { CallNote } from '../../src/domain/calls/records.ts';
import { sweepRecordings } from '../../src/domain/calls/sweep-recordings.ts';
import { reactionsTo } from '../../src/jobs/reactions.ts';
import { DAY, MINUTE } from '../../src/kit/time.ts';
import { CarrierUncertain } from '../../src/ports/carrier.ts';
import { type RecordingApp, recordingApp } from '../support/recording-app.ts';

const AGREED: CallNote = { type: 'recording', decision: 'agreed', evidence: 'Yes, sure.' };
const STOPPED: CallNote = { type: 'recording', decision: 'stopped', evidence: 'Stop recording.' };
const SOUND = Buffer.from('RIFF of both sides');

let app: RecordingApp;
let call: Awaited<ReturnType<RecordingApp['liveCall']>>;

beforeEach(async () => {
  app = await recordingApp();
  call = await app.liveCall();
});
afterEach(async () => {
  const { violations } = app.twin;
  await app[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

const note = (given: CallNote) => noteCall(app, { workspaceId: call.workspaceId, callId: call.callId, note: given });
const recording = () => app.root.recording.findFirstOrThrow({ where: { callId: call.callId } });
const made = () => app.twin.recordings.recordings;
const fetched = async () => fetchRecording(app, { workspaceId: call.workspaceId, recordingId: (await recording()).id });
const report = (more: Record<string, string> = {}) =>
  app.post(`/webhooks/twilio/recording?call=${call.callId}`, {
    AccountSid: `AC${'0'.repeat(32)}`,
    CallSid: call.carrierCallId,
    RecordingSid: made()[0]?.sid ?? `RE${'1'.repeat(32)}`,
    RecordingStatus: 'completed',
    RecordingDuration: '42',
    RecordingChannels: '2',
    RecordingSource: 'StartCallRecordingAPI',
    ...more,
  });
const jobs = () => app.enqueued.flatMap(reactionsTo).filter(({ job }) => job === 'fetch-recording');

/** The carrier has finished, and told of it. */
async function ready(): Promise<void> {
  await note(AGREED);
  await app.endCall(call.callId);
  for (const one of made()) Object.assign(one, { status: 'completed', sound: SOUND });
  expect((await report()).status).toBe(204);
}

describe('a recording begins', () => {
  test('once it was agreed to, with the evidence', async () => {
    await note(AGREED);
    expect(await recording()).toMatchObject({ status: 'RECORDING', consented: true, consentEvidence: 'Yes, sure.', carrierRecordingId: made()[0]?.sid });
    expect(made()).toMatchObject([
      { callSid: call.carrierCallId, channels: 2, callback: `https://voice.example.com/webhooks/twilio/recording?call=${call.callId}` },
    ]);
    expect((await app.call(call.callId)).recordingDecision).toBe('agreed');
  });

  test('once, however often it is asked and whoever asks', async () => {
    await note(AGREED);
    await Promise.all([note(AGREED), note(AGREED), note({ ...AGREED, decision: 'announced' })]);
    expect(made()).toHaveLength(1);
    expect((await app.call(call.callId)).recordingDecision).toBe('agreed');
  });

  test('once, where the carrier’s answer was lost: its list is looked at before it is asked again', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    await expect(note(AGREED)).rejects.toBeInstanceOf(CarrierUncertain);
    expect(await recording()).toMatchObject({ status: 'RECORDING', carrierRecordingId: null });
    await note(AGREED);
    expect(made()).toHaveLength(1);
    expect((await recording()).carrierRecordingId).toBe(made()[0]?.sid);
  });

  test('after all, where the process died between the decision and the request', async () => {
    app.twin.script('GET', { type: 'break', done: false });
    await expect(note(AGREED)).rejects.toThrow();
    expect(made()).toEqual([]);
    await note(AGREED);
    expect(made()).toHaveLength(1);
  });

  test('not after a no, whatever is said later', async () => {
    await note({ ...AGREED, decision: 'refused', evidence: 'No.' });
    await note(AGREED);
    expect([made(), await app.root.recording.count()]).toEqual([[], 0]);
    expect((await app.call(call.callId)).recordingDecision).toBe('refused');
  });

  test('not, where the carrier refuses, which is kept', async () => {
    app.twin.recordings.live = new Set();
    await note(AGREED);
    expect(await recording()).toMatchObject({ status: 'FAILED', error: 'carrier-20404' });
  });

  test('and stops when the other side says so; what was recorded is kept', async () => {
    await note(AGREED);
    await note(STOPPED);
    await note(STOPPED);
    expect(made()).toMatchObject([{ status: 'stopped' }]);
    expect(await recording()).toMatchObject({ status: 'RECORDING' });
    await note(AGREED);
    expect(made()).toHaveLength(1);
  });
});

describe('a recording is told of by the carrier', () => {
  test('and fetched by one job, however often it is told', async () => {
    await ready();
    await report();
    expect(jobs()).toHaveLength(2);
    expect(new Set(jobs().map(({ key }) => key)).size).toBe(1);
    expect((await recording()).durationSeconds).toBe(42);
  });

  test('before the answer to our request: the call names it', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    await note(AGREED).catch(() => {});
    await report();
    expect((await recording()).carrierRecordingId).toBe(made()[0]?.sid);
    expect(jobs()).toHaveLength(1);
  });

  test('as absent: there is none', async () => {
    await note(AGREED);
    await report({ RecordingStatus: 'absent', ErrorCode: '13221' });
    expect(await recording()).toMatchObject({ status: 'FAILED', error: 'carrier-13221' });
    await report();
    expect(jobs()).toEqual([]);
  });

  test('that we never asked for: it is left alone', async () => {
    expect((await report()).status).toBe(204);
    expect([await app.root.recording.count(), jobs()]).toEqual([0, []]);
  });

  test('with a forged signature, or of nothing that can be read: nothing is stored', async () => {
    await note(AGREED);
    const forged = await app.post(`/webhooks/twilio/recording?call=${call.callId}`, { CallSid: call.carrierCallId }, { 'x-twilio-signature': 'forged' });
    expect(forged.status).toBe(403);
    expect((await report({ RecordingSid: '../etc/passwd' })).status).toBe(400);
    expect((await report({ RecordingStatus: 'excellent' })).status).toBe(400);
    expect(jobs()).toEqual([]);
  });

  test('of another call: ours stays as it is', async () => {
    await note(AGREED);
    const other = await app.liveCall();
    await app.post(`/webhooks/twilio/recording?call=${call.callId}`, {
      CallSid: other.carrierCallId,
      RecordingSid: `RE${'2'.repeat(32)}`,
      RecordingStatus: 'completed',
    });
    expect((await recording()).carrierRecordingId).toBe(made()[0]?.sid);
    expect(jobs()).toEqual([]);
  });
});

describe('a recording is brought home', () => {
  test('and the carrier’s copy deleted after ours is kept', async () => {
    await ready();
    expect(await fetched()).toBe('done');
    const row = await recording();
    expect(row).toMatchObject({ status: 'STORED', bytes: SOUND.length, mediaType: 'audio/x-wav', carrierRecordingId: null });
    expect(await text((await app.blobs.open(row.blobKey ?? ''))?.body ?? Readable.from([]))).toBe(SOUND.toString());
    expect(made()).toEqual([]);
    expect(await app.root.callCost.findMany({ where: { callId: call.callId } })).toMatchObject([
      { item: 'recording', quantity: 1, key: `recording:${row.id}` },
    ]);
    expect(app.told.filter(({ type }) => type === 'CallChanged').length).toBeGreaterThan(0);
  });

  test('later, while the carrier does not have it ready', async () => {
    await ready();
    for (const one of made()) one.sound = null;
    expect(await fetched()).toBe('later');
    expect(await recording()).toMatchObject({ status: 'RECORDING' });
    for (const one of made()) one.sound = SOUND;
    expect(await fetched()).toBe('done');
  });

  test('once, by however many workers at the same time', async () => {
    await ready();
    await Promise.allSettled([fetched(), fetched(), fetched()]);
    await fetched();
    expect(await recording()).toMatchObject({ status: 'STORED', carrierRecordingId: null });
    expect(await fs.readdir(`${app.folder}/${call.workspaceId}`)).toHaveLength(1);
  });

  test('to its end, where the process died before the carrier’s copy was deleted', async () => {
    await ready();
    app.twin.script('DELETE', { type: 'break', done: false });
    await expect(fetched()).rejects.toBeInstanceOf(CarrierUncertain);
    expect(await recording()).toMatchObject({ status: 'STORED', carrierRecordingId: expect.any(String) });
    app.clock.advance(3 * MINUTE);
    await sweepRecordings(app);
    expect([made(), (await recording()).carrierRecordingId]).toEqual([[], null]);
  });

  test('whole or not at all', async () => {
    await ready();
    const broken = { ...app.blobs, put: () => Promise.reject(new Error('the disk is full')) };
    await expect(fetchRecording({ ...app, blobs: broken }, { workspaceId: call.workspaceId, recordingId: (await recording()).id })).rejects.toThrow('full');
    expect(await recording()).toMatchObject({ status: 'RECORDING', blobKey: null });
    expect(made()).toHaveLength(1);
  });
});

test('a recording that is deleted while its sound is on its way leaves none behind', async () => {
  await ready();
  const slow = {
    ...app.blobs,
    async put(...given: Parameters<typeof app.blobs.put>) {
      const stored = await app.blobs.put(...given);
      await deleteRecording(app, { callId: call.callId });
      return stored;
    },
  };
  await fetchRecording({ ...app, blobs: slow }, { workspaceId: call.workspaceId, recordingId: (await recording()).id });
  expect([(await recording()).status, await fs.readdir(`${app.folder}/${call.workspaceId}`), made()]).toEqual(['DELETED', [], []]);
});

describe('a recording of which nobody tells', () => {
  test('is asked for when the call is over', async () => {
    await note(AGREED);
    for (const one of made()) Object.assign(one, { status: 'completed', sound: SOUND });
    await sweepRecordings(app);
    expect(jobs()).toEqual([]);
    await app.endCall(call.callId, 5 * MINUTE);
    await sweepRecordings(app);
    expect(jobs()).toHaveLength(1);
  });

  test('is found where not even its id had come', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    await note(AGREED).catch(() => {});
    for (const one of made()) Object.assign(one, { status: 'completed', sound: SOUND });
    await app.endCall(call.callId, 5 * MINUTE);
    await sweepRecordings(app);
    expect([(await recording()).carrierRecordingId, jobs().length]).toEqual([made()[0]?.sid, 1]);
  });

  test('is given up when the carrier knows none for a day', async () => {
    app.twin.script('GET', { type: 'break', done: false });
    await note(AGREED).catch(() => {});
    await app.endCall(call.callId, 5 * MINUTE);
    await sweepRecordings(app);
    expect(await recording()).toMatchObject({ status: 'RECORDING' });
    app.clock.advance(2 * DAY);
    await sweepRecordings(app);
    expect(await recording()).toMatchObject({ status: 'FAILED', error: 'not-found-at-carrier' });
  });

  test('keeps no other waiting where the carrier is away', async () => {
    await note(AGREED);
    await app.endCall(call.callId, 5 * MINUTE);
    const first = call;
    call = await app.liveCall();
    await note(AGREED);
    await app.endCall(call.callId, 5 * MINUTE);
    for (const one of made()) Object.assign(one, { status: 'completed', sound: SOUND });
    app.twin.script('GET', { type: 'break', done: false });
    expect(await sweepRecordings(app)).toBe(1);
    expect(first.callId).not.toBe(call.callId);
    expect(jobs()).toHaveLength(1);
  });
});

describe('a recording is deleted', () => {
  test('with its sound, and stays deleted whatever the carrier tells', async () => {
    await ready();
    await fetched();
    const { blobKey } = await recording();
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: true });
    expect(await app.blobs.open(blobKey ?? '')).toBeNull();
    await report();
    expect(await fetched()).toBe('done');
    expect(await recording()).toMatchObject({ status: 'DELETED', blobKey: null, consentEvidence: 'Yes, sure.' });
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: true });
  });

  test('before it was fetched: the carrier’s copy goes as well', async () => {
    await ready();
    await deleteRecording(app, { callId: call.callId });
    app.clock.advance(3 * MINUTE);
    await sweepRecordings(app);
    expect([made(), (await recording()).status]).toEqual([[], 'DELETED']);
  });

  test('not while the call goes on, and not where there is none', async () => {
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    await note(AGREED);
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
  });
});
