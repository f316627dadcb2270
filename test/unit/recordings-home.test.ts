import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deleteRecording } from '../../src/domain/calls/recording/delete-recording.ts';
import { fetchRecording } from '../../src/domain/calls/recording/fetch-recording.ts';
import { sweepRecordings } from '../../src/domain/calls/recording/sweep-recordings.ts';
import { DAY, MINUTE } from '../../src/kit/time.ts';
import { CarrierUncertain } from '../../src/ports/carrier.ts';
import { AGREED, type RecordingApp, recordingApp, recordingSteps, SOUND } from '../support/recording-app.ts';

let app: RecordingApp;
let call: Awaited<ReturnType<RecordingApp['liveCall']>>;
let steps: ReturnType<typeof recordingSteps>;

beforeEach(async () => {
  app = await recordingApp();
  call = await app.liveCall();
  steps = recordingSteps(app, call);
});
afterEach(async () => {
  const { violations } = app.twin;
  await app[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

describe('a recording is brought home', () => {
  test('and the carrier’s copy deleted after ours is kept', async () => {
    await steps.ready();
    expect(await steps.fetched()).toBe('done');
    const row = await steps.recording();
    expect(row).toMatchObject({ status: 'STORED', bytes: SOUND.length, mediaType: 'audio/x-wav', carrierRecordingId: null });
    expect(await text((await app.blobs.open(row.blobKey ?? ''))?.body ?? Readable.from([]))).toBe(SOUND.toString());
    expect(steps.made()).toEqual([]);
    expect(await app.root.callCost.findMany({ where: { callId: call.callId } })).toMatchObject([
      { item: 'recording', quantity: 1, key: `recording:${row.id}` },
    ]);
    expect(app.told.filter(({ type }) => type === 'CallChanged').length).toBeGreaterThan(0);
  });

  test('later, while the carrier does not have it ready', async () => {
    await steps.ready();
    for (const one of steps.made()) one.sound = null;
    expect(await steps.fetched()).toBe('later');
    expect(await steps.recording()).toMatchObject({ status: 'RECORDING' });
    for (const one of steps.made()) one.sound = SOUND;
    expect(await steps.fetched()).toBe('done');
  });

  test('once, by however many workers at the same time', async () => {
    await steps.ready();
    await Promise.allSettled([steps.fetched(), steps.fetched(), steps.fetched()]);
    await steps.fetched();
    expect(await steps.recording()).toMatchObject({ status: 'STORED', carrierRecordingId: null });
    expect(await fs.readdir(`${app.folder}/${call.workspaceId}`)).toHaveLength(1);
  });

  test('to its end, where the process died before the carrier’s copy was deleted', async () => {
    await steps.ready();
    app.twin.script('DELETE', { type: 'break', done: false });
    await expect(steps.fetched()).rejects.toBeInstanceOf(CarrierUncertain);
    expect(await steps.recording()).toMatchObject({ status: 'STORED', carrierRecordingId: expect.any(String) });
    app.clock.advance(3 * MINUTE);
    await sweepRecordings(app);
    expect([steps.made(), (await steps.recording()).carrierRecordingId]).toEqual([[], null]);
  });

  test('whole or not at all', async () => {
    await steps.ready();
    const broken = { ...app.blobs, put: () => Promise.reject(new Error('the disk is full')) };
    await expect(fetchRecording({ ...app, blobs: broken }, { workspaceId: call.workspaceId, recordingId: (await steps.recording()).id })).rejects.toThrow(
      'full',
    );
    expect(await steps.recording()).toMatchObject({ status: 'RECORDING', blobKey: null });
    expect(steps.made()).toHaveLength(1);
  });
});

test('a recording that is deleted while its sound is on its way leaves none behind', async () => {
  await steps.ready();
  const slow = {
    ...app.blobs,
    async put(...given: Parameters<typeof app.blobs.put>) {
      const stored = await app.blobs.put(...given);
      await deleteRecording(app, { callId: call.callId });
      return stored;
    },
  };
  await fetchRecording({ ...app, blobs: slow }, { workspaceId: call.workspaceId, recordingId: (await steps.recording()).id });
  expect([(await steps.recording()).status, await fs.readdir(`${app.folder}/${call.workspaceId}`), steps.made()]).toEqual(['DELETED', [], []]);
});

describe('a recording of which nobody tells', () => {
  test('is asked for when the call is over', async () => {
    await steps.note(AGREED);
    for (const one of steps.made()) Object.assign(one, { status: 'completed', sound: SOUND });
    await sweepRecordings(app);
    expect(steps.jobs()).toEqual([]);
    await app.endCall(call.callId, 5 * MINUTE);
    await sweepRecordings(app);
    expect(steps.jobs()).toHaveLength(1);
  });

  test('is found where not even its id had come', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    await steps.note(AGREED).catch(() => {});
    for (const one of steps.made()) Object.assign(one, { status: 'completed', sound: SOUND });
    await app.endCall(call.callId, 5 * MINUTE);
    await sweepRecordings(app);
    expect([(await steps.recording()).carrierRecordingId, steps.jobs().length]).toEqual([steps.made()[0]?.sid, 1]);
  });

  test('is given up when the carrier knows none for a day', async () => {
    app.twin.script('GET', { type: 'break', done: false });
    await steps.note(AGREED).catch(() => {});
    await app.endCall(call.callId, 5 * MINUTE);
    await sweepRecordings(app);
    expect(await steps.recording()).toMatchObject({ status: 'RECORDING' });
    app.clock.advance(2 * DAY);
    await sweepRecordings(app);
    expect(await steps.recording()).toMatchObject({ status: 'FAILED', error: 'not-found-at-carrier' });
  });

  test('keeps no other waiting where the carrier is away', async () => {
    await steps.note(AGREED);
    await app.endCall(call.callId, 5 * MINUTE);
    const first = call;
    call = await app.liveCall();
    await recordingSteps(app, call).note(AGREED);
    await app.endCall(call.callId, 5 * MINUTE);
    for (const one of steps.made()) Object.assign(one, { status: 'completed', sound: SOUND });
    app.twin.script('GET', { type: 'break', done: false });
    expect(await sweepRecordings(app)).toBe(1);
    expect(first.callId).not.toBe(call.callId);
    expect(steps.jobs()).toHaveLength(1);
  });
});

describe('a recording is deleted', () => {
  test('with its sound, and stays deleted whatever the carrier tells', async () => {
    await steps.ready();
    await steps.fetched();
    const { blobKey } = await steps.recording();
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: true });
    expect(await app.blobs.open(blobKey ?? '')).toBeNull();
    await steps.report();
    expect(await steps.fetched()).toBe('done');
    expect(await steps.recording()).toMatchObject({ status: 'DELETED', blobKey: null, consentEvidence: 'Yes, sure.' });
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: true });
  });

  test('before it was fetched: the carrier’s copy goes as well', async () => {
    await steps.ready();
    await deleteRecording(app, { callId: call.callId });
    app.clock.advance(3 * MINUTE);
    await sweepRecordings(app);
    expect([steps.made(), (await steps.recording()).status]).toEqual([[], 'DELETED']);
  });

  test('not while the call goes on, and not where there is none', async () => {
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    await steps.note(AGREED);
    expect(await deleteRecording(app, { callId: call.callId })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
  });
});
