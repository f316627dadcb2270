import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallNote } from '../../src/domain/calls/records.ts';
import { CarrierUncertain } from '../../src/ports/carrier.ts';
import { AGREED, type RecordingApp, recordingApp, recordingSteps } from '../support/recording-app.ts';

const STOPPED: CallNote = { type: 'recording', decision: 'stopped', evidence: 'Stop recording.' };

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

describe('a recording begins', () => {
  test('once it was agreed to, with the evidence', async () => {
    await steps.note(AGREED);
    expect(await steps.recording()).toMatchObject({
      status: 'RECORDING',
      consented: true,
      consentEvidence: 'Yes, sure.',
      carrierRecordingId: steps.made()[0]?.sid,
    });
    expect(steps.made()).toMatchObject([
      { callSid: call.carrierCallId, channels: 2, callback: `https://voice.example.com/webhooks/twilio/recording?call=${call.callId}` },
    ]);
    expect((await app.call(call.callId)).recordingDecision).toBe('agreed');
  });

  test('once, however often it is asked and whoever asks', async () => {
    await steps.note(AGREED);
    await Promise.all([steps.note(AGREED), steps.note(AGREED), steps.note({ ...AGREED, decision: 'announced' })]);
    expect(steps.made()).toHaveLength(1);
    expect((await app.call(call.callId)).recordingDecision).toBe('agreed');
  });

  test('once, where the carrier’s answer was lost: its list is looked at before it is asked again', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    await expect(steps.note(AGREED)).rejects.toBeInstanceOf(CarrierUncertain);
    expect(await steps.recording()).toMatchObject({ status: 'RECORDING', carrierRecordingId: null });
    await steps.note(AGREED);
    expect(steps.made()).toHaveLength(1);
    expect((await steps.recording()).carrierRecordingId).toBe(steps.made()[0]?.sid);
  });

  test('after all, where the process died between the decision and the request', async () => {
    app.twin.script('GET', { type: 'break', done: false });
    await expect(steps.note(AGREED)).rejects.toThrow();
    expect(steps.made()).toEqual([]);
    await steps.note(AGREED);
    expect(steps.made()).toHaveLength(1);
  });

  test('not after a no, whatever is said later', async () => {
    await steps.note({ ...AGREED, decision: 'refused', evidence: 'No.' });
    await steps.note(AGREED);
    expect([steps.made(), await app.root.recording.count()]).toEqual([[], 0]);
    expect((await app.call(call.callId)).recordingDecision).toBe('refused');
  });

  test('not, where the carrier refuses, which is kept', async () => {
    app.twin.recordings.live = new Set();
    await steps.note(AGREED);
    expect(await steps.recording()).toMatchObject({ status: 'FAILED', error: 'carrier-20404' });
  });

  test('and stops when the other side says so; what was recorded is kept', async () => {
    await steps.note(AGREED);
    await steps.note(STOPPED);
    await steps.note(STOPPED);
    expect(steps.made()).toMatchObject([{ status: 'stopped' }]);
    expect(await steps.recording()).toMatchObject({ status: 'RECORDING' });
    await steps.note(AGREED);
    expect(steps.made()).toHaveLength(1);
  });
});

describe('a recording is told of by the carrier', () => {
  test('and fetched by one job, however often it is told', async () => {
    await steps.ready();
    await steps.report();
    expect(steps.jobs()).toHaveLength(2);
    expect(new Set(steps.jobs().map(({ key }) => key)).size).toBe(1);
    expect((await steps.recording()).durationSeconds).toBe(42);
  });

  test('before the answer to our request: the call names it', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    await steps.note(AGREED).catch(() => {});
    await steps.report();
    expect((await steps.recording()).carrierRecordingId).toBe(steps.made()[0]?.sid);
    expect(steps.jobs()).toHaveLength(1);
  });

  test('as absent: there is none', async () => {
    await steps.note(AGREED);
    await steps.report({ RecordingStatus: 'absent', ErrorCode: '13221' });
    expect(await steps.recording()).toMatchObject({ status: 'FAILED', error: 'carrier-13221' });
    await steps.report();
    expect(steps.jobs()).toEqual([]);
  });

  test('that we never asked for: it is left alone', async () => {
    expect((await steps.report()).status).toBe(204);
    expect([await app.root.recording.count(), steps.jobs()]).toEqual([0, []]);
  });

  test('with a forged signature, or of nothing that can be read: nothing is stored', async () => {
    await steps.note(AGREED);
    const forged = await app.post(`/webhooks/twilio/recording?call=${call.callId}`, { CallSid: call.carrierCallId }, { 'x-twilio-signature': 'forged' });
    expect(forged.status).toBe(403);
    expect((await steps.report({ RecordingSid: '../etc/passwd' })).status).toBe(400);
    expect((await steps.report({ RecordingStatus: 'excellent' })).status).toBe(400);
    expect(steps.jobs()).toEqual([]);
  });

  test('of another call: ours stays as it is', async () => {
    await steps.note(AGREED);
    const other = await app.liveCall();
    await app.post(`/webhooks/twilio/recording?call=${call.callId}`, {
      CallSid: other.carrierCallId,
      RecordingSid: `RE${'2'.repeat(32)}`,
      RecordingStatus: 'completed',
    });
    expect((await steps.recording()).carrierRecordingId).toBe(steps.made()[0]?.sid);
    expect(steps.jobs()).toEqual([]);
  });
});
