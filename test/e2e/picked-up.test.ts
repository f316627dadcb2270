import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeNodeId } from '../../src/graphql/node-ids.ts';
import { Demodulator, wordsToText } from '../../src/simulator/audio/demodulator.ts';
import { encodeSample, FRAME_BYTES } from '../../src/simulator/audio/mulaw.ts';
import { type WholeSystem, wholeSystem } from '../support/whole-system.ts';

const MESSAGE = 'Hello from Harbour Hair. Please call us back about your appointment.';

const PLACE = 'mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } errors { code message } } }';
const placed = z.object({
  placeCall: z.object({ call: z.object({ id: z.string() }).nullable(), errors: z.array(z.object({ code: z.string(), message: z.string() })) }),
});

const RECORDING = 'query ($id: ID!) { node(id: $id) { ... on Call { outcome recording { url durationSeconds consented } } } }';
const recorded = z.object({
  node: z.object({ outcome: z.string(), recording: z.object({ url: z.string(), durationSeconds: z.number(), consented: z.boolean() }).nullable() }),
});

let system: WholeSystem;

beforeAll(async () => {
  // A Tuesday at noon in New York, when people may be called.
  system = await wholeSystem({ speed: 5, startsAt: new Date('2026-03-03T17:00:00Z') });
  // The simulator stands outside here, in the place of the vendor.
  await system.database.root.phoneLine.updateMany({ where: { workspaceId: system.demo.workspaceId }, data: { carrier: 'TWILIO', isPrimary: true } });
});
afterAll(() => system?.[Symbol.asyncDispose]());

const assistant = (data: { voicemailMessage?: string | null; recordCalls?: boolean; recordingConsent?: 'SPOKEN' | 'ANNOUNCED' }) =>
  system.database.root.assistant.update({ where: { id: system.demo.assistantId }, data });

/** Places a call through the API, and waits for its end. */
async function call(to: string) {
  const input = { to, assistantId: encodeNodeId('Assistant', system.demo.assistantId) };
  const { placeCall } = await system.client.ask(PLACE, { input }, placed);
  expect(placeCall.errors).toEqual([]);
  const row = () => system.database.root.call.findFirstOrThrow({ where: { to, direction: 'OUTBOUND' }, orderBy: { createdAt: 'desc' } });
  await expect.poll(async () => (await row()).status, { timeout: 40_000, interval: 50 }).toBe('ENDED');
  await expect.poll(async () => (await row()).bridgeId, { timeout: 10_000, interval: 50 }).toBeNull();
  const ended = await row();
  return { ended, heard: system.lab.log.call(ended.carrierCallId ?? '')?.heard ?? '' };
}

const times = (text: string, part: string) => text.split(part).length - 1;

describe('who picks up a call of ours', () => {
  beforeEach(() => assistant({ voicemailMessage: MESSAGE, recordCalls: false }));

  test('a machine that beeps hears the message once, whole, and after the beep', { timeout: 60_000 }, async () => {
    const { ended, heard } = await call('+12025550124');
    expect(ended).toMatchObject({ outcome: 'VOICEMAIL', answeredBy: 'machine', endReason: 'voicemail' });
    expect(ended.voicemailLeftAt).toBeInstanceOf(Date);
    expect(times(heard, MESSAGE)).toBe(1);
    expect(heard.endsWith(MESSAGE)).toBe(true);
  });

  test('a machine without a beep hears it in the silence after its greeting', { timeout: 60_000 }, async () => {
    const { ended, heard } = await call('+12025550125');
    expect(ended).toMatchObject({ outcome: 'VOICEMAIL', answeredBy: 'machine' });
    expect(times(heard, MESSAGE)).toBe(1);
  });

  test('a machine is left without a word where there is no message', { timeout: 60_000 }, async () => {
    await assistant({ voicemailMessage: null });
    const { ended, heard } = await call('+12025550124');
    expect(ended).toMatchObject({ outcome: 'VOICEMAIL', voicemailLeftAt: null });
    expect(heard).not.toContain('call us back');
  });

  test('a fax is left at once, and its number is no number to call', { timeout: 60_000 }, async () => {
    const { ended } = await call('+12025550126');
    expect(ended).toMatchObject({ outcome: 'INVALID_NUMBER', answeredBy: 'fax', endReason: 'fax', voicemailLeftAt: null });
  });

  test('a screener is told who calls, and the person behind it is talked with', { timeout: 60_000 }, async () => {
    const { ended, heard } = await call('+12025550127');
    expect(heard).toContain('This is an automated assistant calling for Harbour Hair. Please put me through.');
    expect(ended).toMatchObject({ outcome: 'COMPLETED', answeredBy: 'human' });
    expect(ended.disclosedAt).toBeInstanceOf(Date);
  });

  test('a screener that puts nobody through is what the call came to', { timeout: 60_000 }, async () => {
    const { ended } = await call('+12025550128');
    expect(ended).toMatchObject({ outcome: 'SCREENED', answeredBy: 'screener', voicemailLeftAt: null });
  });
});

describe('a call that is recorded', () => {
  test('begins with a yes, stops when the caller says so, and is heard by a link, each side in a channel of its own', { timeout: 90_000 }, async () => {
    await assistant({ recordCalls: true, recordingConsent: 'SPOKEN' });
    const { lab, demo, database, client } = system;
    const log = await lab.dial({ to: demo.phoneNumber, caller: 'agrees-to-be-recorded' }).ended;
    expect(log.heard).toContain('May this call be recorded?');
    const row = await database.root.call.findUniqueOrThrow({ where: { carrierCallId: log.sid } });
    expect(row.recordingDecision).toBe('stopped');
    await expect
      .poll(() => database.root.recording.findFirst({ where: { callId: row.id } }), { timeout: 20_000, interval: 100 })
      .toMatchObject({
        status: 'STORED',
        consented: true,
        consentEvidence: "Yes, that's fine with me.",
        carrierRecordingId: null,
      });

    const { node } = await client.ask(RECORDING, { id: encodeNodeId('Call', row.id) }, recorded);
    expect(node.recording).toMatchObject({ consented: true, durationSeconds: expect.any(Number) });
    const response = await fetch(node.recording?.url ?? '');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/x-wav']);
    const { left, right } = channels(Buffer.from(await response.arrayBuffer()));
    expect(left).toContain('I would like an appointment on Friday at nine, please.');
    expect(right).toContain('May I have your name, please?');
    // Neither what came before the yes nor what came after the stop.
    expect(right).not.toContain('May this call be recorded?');
    expect(left).not.toContain('Thank you. Goodbye.');
  });

  test('is announced where that is enough, and begins when it was heard', { timeout: 90_000 }, async () => {
    await assistant({ recordCalls: true, recordingConsent: 'ANNOUNCED' });
    const { lab, demo, database } = system;
    const log = await lab.dial({ to: demo.phoneNumber, caller: 'books-a-haircut' }).ended;
    expect(log.heard).toContain('This call is being recorded.');
    const row = await database.root.call.findUniqueOrThrow({ where: { carrierCallId: log.sid } });
    expect(row.recordingDecision).toBe('announced');
    await expect
      .poll(() => database.root.recording.findFirst({ where: { callId: row.id } }), { timeout: 20_000, interval: 100 })
      .toMatchObject({ status: 'STORED', consented: true, consentEvidence: 'This call is being recorded.' });
  });
});

/** The words in each channel of a WAV file. */
function channels(wav: Buffer): { left: string; right: string } {
  expect([wav.toString('latin1', 0, 4), wav.toString('latin1', 8, 12), wav.readUInt16LE(22), wav.readUInt32LE(24)]).toEqual(['RIFF', 'WAVE', 2, 8_000]);
  const words = (offset: number) => {
    const samples = Array.from({ length: (wav.length - 44) / 4 }, (_, sample) => encodeSample(wav.readInt16LE(44 + sample * 4 + offset)));
    const ear = new Demodulator();
    const audio = Buffer.from(samples);
    const heard = [];
    for (let at = 0; at < audio.length; at += FRAME_BYTES) heard.push(...ear.push(audio.subarray(at, at + FRAME_BYTES)));
    return wordsToText(heard);
  };
  return { left: words(0), right: words(2) };
}
