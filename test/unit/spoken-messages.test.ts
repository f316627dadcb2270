import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepRecordedMessage, type RecordedMessageScope } from '../../src/domain/calls/messages/keep-recorded-message.ts';
import { mailMessage } from '../../src/domain/calls/messages/mail-message.ts';
import { type MessageFacts, messageMail } from '../../src/domain/calls/messages/message-letters.ts';
import { takeMessage } from '../../src/domain/calls/messages/messages.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import { reactionsTo } from '../../src/jobs/reactions.ts';
import { jobs } from '../../src/jobs/registry.ts';
import { newId } from '../../src/kit/ids.ts';
import { CarrierUncertain } from '../../src/ports/carrier.ts';
import { openAiTranscriber } from '../../src/vendors/openai/transcriber.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { ENDED_SID, endedCall } from '../support/ended-call.ts';
import { type OpenAiTextTwin, startOpenAiTextTwin } from '../support/openai-text-twin.ts';
import { outbox, workerParts } from '../support/worker-parts.ts';

const RECORDING = `RE${'5'.repeat(32)}`;
const SOUND = Buffer.from('RIFF of a voice');

let twin: OpenAiTextTwin;
let app: CallApp;
let call: Call;
beforeEach(async () => {
  twin = await startOpenAiTextTwin('sk-test');
  app = await callApp();
  call = await endedCall(app);
});
afterEach(async () => {
  const { violations } = app.twin;
  await app[Symbol.asyncDispose]();
  await twin[Symbol.asyncDispose]();
  expect([...violations, ...twin.violations]).toEqual([]);
});

const { blobs, config } = workerParts();
const scope = <More extends object>(more: More) => ({
  ...app,
  config: { ...config, ...app.config },
  blobs,
  transcriber: openAiTranscriber({ apiKey: 'sk-test', baseUrl: twin.url, model: 'gpt-4o-mini-transcribe' }),
  ...more,
});
const atCarrier = (sound: Buffer | null = SOUND) =>
  app.twin.recordings.recordings.push({ sid: RECORDING, callSid: ENDED_SID, callback: '', channels: 1, status: 'completed', sound });
const keep = ({ last = false, ...more }: { last?: boolean } & Partial<Pick<RecordedMessageScope, 'carrier' | 'transcriber'>> = {}) =>
  keepRecordedMessage(scope(more), { callId: call.id, carrierRecordingId: RECORDING, durationSeconds: 12 }, { last });
const messages = () => app.root.message.findMany();

describe('a message that was spoken after a tone', () => {
  test('is written down, kept with its sound, paid for, and the carrier’s copy deleted', async () => {
    atCarrier();
    twin.scriptTranscription('Please call me back, Dana Reed.');
    expect(await keep()).toBe('done');
    const [message] = await messages();
    expect(message).toMatchObject({ body: 'Recorded message: Please call me back, Dana Reed.', callbackNumber: '+12025550142', audioMediaType: 'audio/x-wav' });
    const blob = await blobs.open(message?.audioBlobKey ?? '');
    expect(await buffer(blob?.body ?? Readable.from([]))).toEqual(SOUND);
    expect(app.twin.recordings.recordings).toEqual([]);
    expect(twin.transcriptions).toMatchObject([{ language: 'en', fileName: 'message.wav' }]);
    expect(await app.root.callCost.findMany({ orderBy: { item: 'asc' } })).toMatchObject([
      { item: 'recording', quantity: 1, amountMicros: 2_500n },
      { item: 'transcription', quantity: 12, amountMicros: 600n },
    ]);
    const taken = app.enqueued.find(({ type }) => type === 'MessageTaken');
    expect(taken && reactionsTo(taken)).toMatchObject([{ job: 'mail-message' }]);
    expect(jobs.map(({ name }) => name)).toContain('mail-message');
  });

  test('run again, also by two at once, is one message', async () => {
    atCarrier();
    twin.scriptTranscription('One.', 'Two.', 'Three.');
    await Promise.all([keep(), keep()]);
    expect(await keep()).toBe('done');
    expect(await messages()).toHaveLength(1);
    expect(app.enqueued.filter(({ type }) => type === 'MessageTaken')).toHaveLength(1);
  });

  test('waits for its sound, and for whoever writes it down', async () => {
    expect(await keep()).toBe('later');
    atCarrier();
    twin.scriptTranscription({ status: 503, code: 'server_error' });
    expect(await keep()).toBe('later');
    expect(await messages()).toEqual([]);
    twin.scriptTranscription('There it is.');
    expect(await keep()).toBe('done');
    expect(await messages()).toMatchObject([{ body: 'Recorded message: There it is.' }]);
  });

  test('that nobody can write down can be heard', async () => {
    atCarrier();
    expect(await keep({ transcriber: null })).toBe('done');
    expect(await messages()).toMatchObject([{ body: expect.stringContaining('it can be heard'), audioBytes: SOUND.length }]);
  });

  test('is not lost where its sound never comes: then somebody is to call back', async () => {
    expect(await keep({ last: true })).toBe('done');
    expect(await messages()).toMatchObject([{ body: expect.stringContaining('Please call back'), audioBlobKey: null }]);
  });

  test('a carrier that does not answer is asked again', async () => {
    app.twin.recordings.recordings.length = 0;
    const recordings = { ...app.carrier.recordings, openRecording: () => Promise.reject(new CarrierUncertain('away')) };
    await expect(keep({ carrier: { ...app.carrier, recordings } })).rejects.toThrow(CarrierUncertain);
    expect(await messages()).toEqual([]);
  });
});

describe('the mail of a message', () => {
  const owner = async (email: string, role: 'OWNER' | 'MEMBER' = 'OWNER') => {
    const user = await app.root.user.create({ data: { id: newId(), email, name: 'Ada', createdAt: app.clock.now() } });
    await app.root.membership.create({ data: { workspaceId: app.workspace.id, userId: user.id, role, createdAt: app.clock.now() } });
  };
  const taken = async (more: object = {}) => {
    const result = await takeMessage(app, { callId: call.id, body: 'The invoice is wrong.', callerName: 'Dana Reed', ...more });
    if (!result.ok) throw new Error('refused');
    return result.value.id;
  };

  test('goes to each owner once, however often it is asked for', async () => {
    await owner('ada@example.com');
    await owner('bob@example.com');
    await owner('member@example.com', 'MEMBER');
    const messageId = await taken({ urgent: true });
    const mailer = outbox();
    await Promise.all([mailMessage(scope({ mailer }), { messageId }), mailMessage(scope({ mailer }), { messageId })]);
    await mailMessage(scope({ mailer }), { messageId });
    expect(mailer.mails.map(({ to }) => to.address)).toEqual(['ada@example.com', 'bob@example.com']);
    expect(mailer.mails[0]).toMatchObject({ subject: 'Urgent: message from Dana Reed' });
    expect(mailer.mails[0]?.text).toContain('> The invoice is wrong.');
    expect(mailer.mails[0]?.text).toContain('Call back: +12025550142');
  });

  test('that was not taken is sent again under the same key', async () => {
    await owner('ada@example.com');
    const messageId = await taken();
    const failing = { send: () => Promise.reject(new Error('the mail server is away')) };
    await expect(mailMessage(scope({ mailer: failing }), { messageId })).rejects.toThrow('away');
    expect(await messages()).toMatchObject([{ mailedAt: null }]);
    const mailer = outbox();
    await mailMessage(scope({ mailer }), { messageId });
    expect(mailer.mails).toHaveLength(1);
  });

  const facts: MessageFacts = {
    id: 'm',
    callerName: 'Eve',
    callbackNumber: '+12025550142',
    body: 'Hi',
    urgent: false,
    createdAt: new Date('2026-03-02T15:00:00Z'),
  };
  const place = { business: 'Brightwater', timeZone: 'America/New_York', frontendUrl: 'https://app.example.com', audioUrl: null };
  const to = { userId: 'u', address: 'ada@example.com', name: 'Ada' };

  test('has one line of subject, of bounded length, whatever a caller is called', () => {
    const { subject } = messageMail({ ...facts, callerName: `Eve\r\nBcc: all@example.com\n${'x'.repeat(500)}` }, place, to);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(subject.length).toBeLessThan(120);
  });

  test('quotes what was said, line by line, so that it cannot look like ours', () => {
    const { text } = messageMail(
      { ...facts, callerName: 'Eve\nAll messages: https://evil.example.com', body: 'Hello\nAll messages: https://evil.example.com\n<b>click</b>' },
      place,
      to,
    );
    expect(text).toContain('> All messages: https://evil.example.com');
    expect(text).toContain('> <b>click</b>');
    expect(text.match(/^All messages:/gm)).toHaveLength(1);
    expect(text).toContain('\nAll messages: https://app.example.com/messages');
    expect(text).toContain('10:00');
  });

  test('says where a spoken one can be heard, and that a number was withheld', () => {
    const { text, subject } = messageMail(
      { ...facts, callerName: null, callbackNumber: null },
      { ...place, audioUrl: 'https://voice.example.com/recordings/x' },
      to,
    );
    expect(text).toContain('https://voice.example.com/recordings/x');
    expect(text).toContain('the number was withheld');
    expect(subject).toBe('Message from somebody who gave no name');
  });
});
