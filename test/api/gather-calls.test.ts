import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../src/generated/prisma/client.ts';
import { openAiText } from '../../src/vendors/openai/text.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { type OpenAiTextTwin, startOpenAiTextTwin } from '../support/openai-text-twin.ts';
import { actionOf, callSid, redirectOf, said, verbs, voiceForm, type WebhookForm } from '../support/twilio-webhook.ts';

const SID = callSid('gather');
const GREETING = 'Brightwater Dental, this is Mia. How can I help you?';
const LISTENING = ['Gather', 'Say', 'Redirect'];

let twin: OpenAiTextTwin;
let app: CallApp;
beforeEach(async () => {
  twin = await startOpenAiTextTwin('sk-test');
  app = await callApp({ textModel: openAiText({ apiKey: 'sk-test', baseUrl: twin.url, model: 'gpt-4.1-mini' }) });
  await app.root.assistant.updateMany({ data: { engine: 'GATHER' } });
});
afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
  await twin[Symbol.asyncDispose]();
});

const form = (more: WebhookForm = {}) => voiceForm(SID, { CallStatus: 'in-progress', ...more });
const ring = async () => (await app.post('/webhooks/twilio/voice', voiceForm(SID))).body;
/** The person hears the sentence out, thinks, and answers. */
const say = async (twiml: string, words: string, afterMs = 8_000) => {
  app.clock.advance(afterMs);
  return (await app.post(actionOf(twiml), form(words ? { SpeechResult: words, Confidence: '0.9' } : {}))).body;
};
/** Time passes until it is done. */
const passing = async <T>(promise: Promise<T>): Promise<T> => {
  let done = false;
  void promise.finally(() => (done = true)).catch(() => {});
  const pass = () => {
    app.clock.advance(50);
    return done;
  };
  await expect.poll(pass, { timeout: 10_000, interval: 20 }).toBe(true);
  return promise;
};
const onlyCall = async (): Promise<Call> => app.root.call.findFirstOrThrow();
const turns = async () => (await app.root.transcriptTurn.findMany({ orderBy: { sequence: 'asc' } })).map(({ speaker, text }) => `${speaker}: ${text}`);
const end = (seconds: number) => app.post('/webhooks/twilio/status', form({ CallStatus: 'completed', CallDuration: String(seconds) }));

describe('a call in turns', () => {
  test('is greeted, heard and answered, with a row for each turn', async () => {
    const greeting = await ring();
    expect(verbs(greeting)).toEqual(LISTENING);
    expect(said(greeting)).toEqual([GREETING]);
    expect(greeting).toContain('input="speech dtmf"');
    expect(await onlyCall()).toMatchObject({ engine: 'GATHER', status: 'IN_PROGRESS', bridgeCount: 1 });

    twin.script({ say: 'We are open from nine to five.' });
    const answer = await say(greeting, 'When are you open?');
    expect(verbs(answer)).toEqual(LISTENING);
    expect(said(answer)).toEqual(['We are open from nine to five.']);
    expect(await turns()).toEqual([`ASSISTANT: ${GREETING}`, 'CALLER: When are you open?', 'ASSISTANT: We are open from nine to five.']);
    const [request] = twin.requests;
    expect(request?.instructions).toContain('on the clock of America/New_York');
    expect(request?.input).toEqual([
      { role: 'assistant', content: GREETING },
      { role: 'user', content: 'When are you open?' },
    ]);
    expect(app.told.filter(({ type }) => type === 'TurnRecorded').length).toBeGreaterThanOrEqual(3);
  });

  test('uses the same tools, and ends with a goodbye', async () => {
    const greeting = await ring();
    twin.script({ calls: [{ name: 'take_message', arguments: { body: 'Call me.', callerName: 'Dana Reed', urgent: true } }] }, { say: 'It was taken.' });
    const taken = await say(greeting, 'Tell the doctor to call me, Dana Reed.');
    expect(said(taken)).toEqual(['It was taken.']);
    expect(await app.root.message.findMany()).toMatchObject([{ body: 'Call me.', callerName: 'Dana Reed', callbackNumber: '+12025550142', urgent: true }]);
    expect(twin.requests[1]?.input.at(-1)).toMatchObject({ type: 'function_call_output' });

    twin.script({ say: 'Goodbye, Dana.', calls: [{ name: 'end_call', arguments: { reason: 'done' } }] });
    const goodbye = await say(taken, 'That is all.');
    expect(verbs(goodbye)).toEqual(['Say', 'Hangup']);
    expect(await onlyCall()).toMatchObject({ endReason: 'assistant-ended', bridgeId: null });
    await end(30);
    expect(await onlyCall()).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', endReason: 'assistant-ended' });
    expect(app.enqueued.filter(({ type }) => type === 'CallReleased')).toHaveLength(1);
    expect(await app.root.transcriptTurn.count({ where: { complete: false } })).toBe(0);
  });

  test('answers the same to a webhook that comes twice, one after the other and at once, and runs no tool twice', async () => {
    const greeting = await ring();
    expect(said(await ring())).toEqual([GREETING]);
    twin.script({ calls: [{ name: 'take_message', arguments: { body: 'Call me.' } }] }, { say: 'It was taken.' });
    app.clock.advance(8_000);
    const heard = form({ SpeechResult: 'Please call me.' });
    const replies = await passing(Promise.all(Array.from({ length: 5 }, () => app.post(actionOf(greeting), heard))));
    // Whoever did not think itself was told to wait, or got the answer.
    const again = await app.post(actionOf(greeting), heard);
    expect(said(again.body).at(-1)).toMatch(/It was taken\.$/);
    for (const { body } of replies) expect(said(body).at(-1)).toMatch(/(It was taken|One moment, please)\.$/);
    expect(await app.root.message.count()).toBe(1);
    expect(twin.requests).toHaveLength(2);
    expect(await turns()).toHaveLength(3);
  });

  test('while the model thinks for long the caller hears a filler, and then the answer', async () => {
    const greeting = await ring();
    const ready = Promise.withResolvers<void>();
    twin.script({ until: ready.promise, then: { say: 'At three.' } });
    app.clock.advance(8_000);
    const asked = twin.nextRequest();
    const waiting = app.post(actionOf(greeting), form({ SpeechResult: 'When?' }));
    await asked;
    app.clock.advance(1_200);
    const filler = (await waiting).body;
    expect(verbs(filler)).toEqual(['Say', 'Redirect']);
    expect(said(filler)).toEqual(['One moment, please.']);

    const next = app.post(redirectOf(filler), form());
    ready.resolve();
    await expect.poll(() => app.root.transcriptTurn.count()).toBe(3);
    const answer = (await passing(next)).body;
    expect(said(answer)).toEqual(['At three.']);
    expect(verbs(answer)).toEqual(LISTENING);
    expect((await turns()).at(-1)).toBe('ASSISTANT: One moment, please. At three.');
  });

  test('whoever thinks and dies is followed by another process, after its lease', async () => {
    const greeting = await ring();
    app.clock.advance(8_000);
    twin.script({ say: 'Hello again.' });
    const { id } = await onlyCall();
    // The caller's turn is written, and the process that thought about it is gone.
    await app.root.transcriptTurn.updateMany({ data: { complete: true, heardText: GREETING } });
    await app.root.transcriptTurn.create({
      data: {
        id: 'turn',
        workspaceId: app.workspace.id,
        callId: id,
        sequence: 2,
        speaker: 'CALLER',
        text: 'Hello?',
        heardText: 'Hello?',
        startedAt: app.clock.now(),
      },
    });
    await app.root.call.update({ where: { id }, data: { bridgeId: 'dead', bridgeAliveUntil: new Date(app.clock.now().getTime() + 5_000) } });
    app.clock.advance(6_000);
    const answer = await app.post(actionOf(greeting), form({ SpeechResult: 'Hello?' }));
    expect(said(answer.body)).toEqual(['Hello again.']);
    expect(await turns()).toHaveLength(3);
  });

  test('what was cut short counts as heard only as far as it can have been said', async () => {
    const greeting = await ring();
    await say(greeting, 'Stop', 2_500);
    const [first] = await app.root.transcriptTurn.findMany({ orderBy: { sequence: 'asc' } });
    expect(first).toMatchObject({ interrupted: true, complete: true });
    expect(first?.heardText).not.toBe('');
    expect(GREETING.startsWith(first?.heardText ?? '-')).toBe(true);
    expect(first?.heardText).not.toBe(GREETING);
  });

  test('keys that are pressed are a turn', async () => {
    const greeting = await ring();
    app.clock.advance(8_000);
    await app.post(actionOf(greeting), form({ Digits: '42' }));
    expect((await turns())[1]).toBe('CALLER: [pressed 42]');
  });

  test('whoever says nothing is asked once, and then told goodbye', async () => {
    let twiml = await ring();
    for (const expected of [[], [], ['Are you still there?'], [], [], ['Thank you for calling. Goodbye.']]) {
      const before = twiml;
      twiml = await say(before, '');
      expect(said(twiml)).toEqual(expected);
      // Told twice it says the same.
      expect(said((await app.post(actionOf(before), form())).body)).toEqual(expected);
    }
    expect(verbs(twiml)).toEqual(['Say', 'Hangup']);
    expect(await onlyCall()).toMatchObject({ endReason: 'silence' });
    expect(twin.requests).toEqual([]);
  });

  test('a call that has lasted its longest time is told so and ended', async () => {
    const greeting = await ring();
    const late = await say(greeting, 'And another thing', 31 * 60_000);
    expect(said(late)).toEqual(['I am sorry, we have run out of time. Please call again. Goodbye.']);
    expect(await onlyCall()).toMatchObject({ endReason: 'maximum-duration' });
  });

  test('a call that somebody ended is hung up at its next turn', async () => {
    const greeting = await ring();
    await app.root.call.updateMany({ data: { endReason: 'ended-by-user' } });
    expect(verbs(await say(greeting, 'Hello?'))).toEqual(['Hangup']);
    expect(twin.requests).toEqual([]);
  });

  test.each(['', '?call=nobody', `?call=${'0'.repeat(32)}&step=heard&after=-1`, `?call=${'0'.repeat(32)}&step=steal&after=1`])(
    'an address that is not ours is refused: %j',
    async (query) => {
      expect((await app.post(`/webhooks/twilio/gather${query}`, form())).status).toBe(400);
    },
  );

  test('a call that nobody knows is hung up', async () => {
    const reply = await app.post(`/webhooks/twilio/gather?call=${'0'.repeat(32)}&step=heard&after=1`, form());
    expect(verbs(reply.body)).toEqual(['Hangup']);
  });
});

describe('where the realtime model is lost', () => {
  test('a call goes on in turns from where it stood, with the answer that the caller waits for', async () => {
    await app.root.assistant.updateMany({ data: { engine: 'REALTIME' } });
    const connect = await ring();
    expect(verbs(connect)).toContain('Stream');
    const { id } = await onlyCall();
    const rows = [
      { sequence: 1, speaker: 'ASSISTANT' as const, text: GREETING },
      { sequence: 2, speaker: 'CALLER' as const, text: 'A haircut, please.' },
    ];
    for (const row of rows) {
      await app.root.transcriptTurn.create({
        data: { ...row, id: `turn-${row.sequence}`, workspaceId: app.workspace.id, callId: id, heardText: row.text, startedAt: app.clock.now() },
      });
    }
    await app.root.call.update({ where: { id }, data: { engine: 'GATHER', bridgeCount: 1 } });
    twin.script({ say: 'Which day?' });
    const resumed = await app.post(redirectOf(connect), form());
    expect(said(resumed.body)).toEqual(['Which day?']);
    expect(await onlyCall()).toMatchObject({ bridgeCount: 2 });
    expect(twin.requests[0]?.input).toHaveLength(2);
  });

  test('the caller who was being spoken to is told to go on', async () => {
    await app.root.assistant.updateMany({ data: { engine: 'REALTIME' } });
    const connect = await ring();
    const { id } = await onlyCall();
    const turn = { sequence: 1, speaker: 'ASSISTANT' as const, text: GREETING, heardText: 'Brightwater', complete: false };
    await app.root.transcriptTurn.create({ data: { ...turn, id: 'turn-1', workspaceId: app.workspace.id, callId: id, startedAt: app.clock.now() } });
    await app.root.call.update({ where: { id }, data: { engine: 'GATHER', bridgeCount: 1 } });
    for (let time = 1; time <= 2; time++) expect(said((await app.post(redirectOf(connect), form())).body)).toEqual(['Sorry, go on.']);
    expect(await app.root.transcriptTurn.findFirst({ where: { sequence: 1 } })).toMatchObject({ complete: true, interrupted: true, heardText: 'Brightwater' });
    expect(await turns()).toHaveLength(2);
  });
});

describe('where no model answers', () => {
  const RECORDING = `RE${'5'.repeat(32)}`;

  test('a message is recorded, noted once, and the caller thanked', async () => {
    const greeting = await ring();
    twin.script({ status: 400, code: 'model_not_found' });
    const request = await say(greeting, 'Is anybody there?');
    expect(verbs(request)).toEqual(['Say', 'Record', 'Redirect']);
    expect(said(request)[0]).toContain('after the tone');
    expect(request).toMatch(/recordingStatusCallback="[^"]*\/webhooks\/twilio\/recording\?call=[0-9a-f]+&amp;message=1"/);

    app.clock.advance(20_000);
    const recorded = form({ RecordingSid: RECORDING, RecordingDuration: '12', RecordingUrl: 'https://api.twilio.com/x' });
    for (let time = 1; time <= 2; time++) {
      const thanks = await app.post(actionOf(request), recorded);
      expect(verbs(thanks.body)).toEqual(['Say', 'Hangup']);
      expect(said(thanks.body)[0]).toContain('Your message has been kept');
    }
    expect(app.enqueued.filter(({ type }) => type === 'MessageRecorded')).toMatchObject([{ carrierRecordingId: RECORDING, durationSeconds: 12 }]);
    expect(await onlyCall()).toMatchObject({ endReason: 'message-recorded' });
  });

  test('whoever hangs up after the tone has left the message all the same', async () => {
    const greeting = await ring();
    twin.script({ status: 401, code: 'invalid_api_key' });
    const request = await say(greeting, 'Hello?');
    await end(40);
    const told = await app.post(actionOf(request), form({ CallStatus: 'completed', RecordingSid: RECORDING, RecordingDuration: '5', Digits: 'hangup' }));
    expect(verbs(told.body)).toEqual(['Hangup']);
    expect(app.enqueued.filter(({ type }) => type === 'MessageRecorded')).toHaveLength(1);
  });

  test('whoever says nothing after the tone is told so', async () => {
    const greeting = await ring();
    twin.script({ status: 400, code: 'x' });
    const request = await say(greeting, 'Hello?');
    expect(said((await app.post(actionOf(request), form())).body)).toEqual(['I did not hear anything. Please call again later. Goodbye.']);
    expect(app.enqueued.filter(({ type }) => type === 'MessageRecorded')).toEqual([]);
  });
});

test('while the database is away the caller is kept, and so is what they said', async () => {
  const greeting = await ring();
  app.clock.advance(8_000);
  await app.root.$executeRawUnsafe('ALTER TABLE "TranscriptTurn" RENAME TO "Gone"');
  const waiting = await app.post(actionOf(greeting), form({ SpeechResult: 'My name is Dana.' }));
  expect(verbs(waiting.body)).toEqual(['Pause', 'Redirect']);
  await app.root.$executeRawUnsafe('ALTER TABLE "Gone" RENAME TO "TranscriptTurn"');
  twin.script({ say: 'Hello Dana.' });
  const answer = await app.post(redirectOf(waiting.body), form());
  expect(said(answer.body)).toEqual(['Hello Dana.']);
  expect(await turns()).toContain('CALLER: My name is Dana.');
});
