import { expect, test } from 'vitest';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import type { VoiceConnection, VoiceEvent, VoiceSetup } from '../../src/ports/voice-model.ts';
import { openAiRealtime } from '../../src/vendors/openai/realtime.ts';
import { RawModel, type RawModelSession } from '../support/raw-model.ts';
import { schemaProblems } from '../support/realtime-schemas.ts';

const setup: VoiceSetup = {
  instructions: 'Be kind.',
  voice: 'marin',
  language: 'en-GB',
  tools: [{ name: 'end_call', description: 'Hangs up', parameters: { type: 'object', properties: {}, required: [], additionalProperties: false } }],
  history: [
    { type: 'caller', text: 'Are you open?' },
    { type: 'tool-call', callId: 't1', name: 'check_availability', arguments: '{}' },
    { type: 'tool-result', callId: 't1', output: '{"free":[]}' },
    { type: 'assistant', text: 'Not today.' },
  ],
};

/** A connection of the adapter's to a scripted server. */
async function connect(options: { setup?: VoiceSetup; admit?: () => Promise<void>; apiKey?: string } = {}) {
  const { promise, resolve } = Promise.withResolvers<RawModelSession>();
  const server = await RawModel.listen({ onSession: resolve, ...(options.admit && { admit: options.admit }) });
  const events = new AsyncQueue<VoiceEvent>();
  const audio: { responseId: string; itemId: string; base64: string }[] = [];
  const model = openAiRealtime({ apiKey: options.apiKey ?? 'sk-test', url: server.url, model: 'gpt-realtime' });
  const connection: VoiceConnection = model.open(options.setup ?? setup, {
    audio: (responseId, itemId, base64) => audio.push({ responseId, itemId, base64: base64.toString() }),
    event: (event) => events.push(event),
  });
  const next = async () => (await events.next()).value as VoiceEvent;
  return { server, session: promise, connection, audio, next };
}

/** Waits until the server has as many commands. */
async function commands(session: RawModelSession, count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => session.commands.length >= count && resolve();
  session.listen(look);
  look();
  await promise;
  return session.commands;
}

test('a conversation is configured for µ-law both ways and told its history before it is ready', async () => {
  const { server, session, next } = await connect();
  await using _server = server;
  expect(await next()).toEqual({ type: 'ready' });
  const sent = await commands(await session, 5);
  expect(sent.map(({ type }) => type)).toEqual(['session.update', ...Array(4).fill('conversation.item.create')]);
  expect(sent[0]).toMatchObject({
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true },
          transcription: { language: 'en' },
        },
        output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
      },
    },
  });
  expect(sent.slice(1).map(({ item }) => item)).toEqual([
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Are you open?' }] },
    { type: 'function_call', call_id: 't1', name: 'check_availability', arguments: '{}' },
    { type: 'function_call_output', call_id: 't1', output: '{"free":[]}' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Not today.' }] },
  ]);
});

test('caller audio arrives byte for byte', async () => {
  const { server, session, connection, next } = await connect();
  await using _server = server;
  await next();
  const model = await session;
  const spoken = Buffer.from(Array.from({ length: 1_600 }, (_, index) => (index * 7) % 256));
  const { promise, resolve } = Promise.withResolvers<void>();
  model.listen(() => model.heard.length === spoken.length && resolve());
  for (let offset = 0; offset < spoken.length; offset += 160) connection.sendAudio(Buffer.from(spoken.subarray(offset, offset + 160).toString('base64')));
  await promise;
  expect(model.heard.equals(spoken)).toBe(true);
});

test('at the end of the caller’s audio the model hears a second of silence', async () => {
  const { server, session, connection, next } = await connect();
  await using _server = server;
  await next();
  const model = await session;
  const { promise, resolve } = Promise.withResolvers<void>();
  model.listen(() => model.heard.length === 8_000 && resolve());
  connection.endAudio();
  await promise;
  expect(model.heard.equals(Buffer.alloc(8_000, 0xff))).toBe(true);
});

test('answers are told as they come: audio by its bytes, words, and what was called', async () => {
  const { server, session, audio, next } = await connect();
  await using _server = server;
  await next();
  const model = await session;
  model.answer('resp_1', Buffer.from([1, 2, 3, 4, 5, 6]), [3]);
  expect(await next()).toEqual({ type: 'answer-started', responseId: 'resp_1' });
  expect(await next()).toEqual({ type: 'answer-words', responseId: 'resp_1', itemId: 'item_resp_1', delta: ' word' });
  await next();
  expect(await next()).toEqual({ type: 'answer-text', responseId: 'resp_1', itemId: 'item_resp_1', text: 'words' });
  expect(await next()).toEqual({ type: 'answer-done', responseId: 'resp_1', status: 'completed', toolCalls: [], usage: null });
  expect(audio).toEqual([
    { responseId: 'resp_1', itemId: 'item_resp_1', base64: 'AQID' },
    { responseId: 'resp_1', itemId: 'item_resp_1', base64: 'BAUG' },
  ]);

  const output = [{ id: 'i', type: 'function_call', call_id: 't9', name: 'book_appointment', arguments: '{"a":1}' }, { type: 'message' }];
  const usage = { total_tokens: 30, input_tokens: 20, output_tokens: 10, input_token_details: { text_tokens: 5, audio_tokens: 15, cached_tokens: 4 } };
  model.emit('response.done', {
    response: { id: 'resp_2', status: 'failed', status_details: { type: 'failed', error: { code: 'server_error' } }, output, usage },
  });
  expect(await next()).toEqual({
    type: 'answer-done',
    responseId: 'resp_2',
    status: 'failed',
    reason: 'server_error',
    toolCalls: [{ callId: 't9', name: 'book_appointment', arguments: '{"a":1}' }],
    usage: { inputTextTokens: 5, inputAudioTokens: 15, cachedTokens: 4, outputTextTokens: 0, outputAudioTokens: 0 },
  });
});

test('audio whose keys come in another order is the same audio', async () => {
  const { server, session, audio, next } = await connect();
  await using _server = server;
  await next();
  const model = await session;
  model.emit('response.output_audio.delta', { delta: 'AQID', item_id: 'item_1', response_id: 'resp_1' });
  model.emit('input_audio_buffer.speech_started', { item_id: 'item_2', audio_start_ms: 120 });
  expect(await next()).toEqual({ type: 'speech-started', itemId: 'item_2', atMs: 120 });
  expect(audio).toEqual([{ responseId: 'resp_1', itemId: 'item_1', base64: 'AQID' }]);
});

test.each([
  ['an error event', 'error', { error: { type: 'invalid_request_error', code: 'bad', message: 'No.' } }, { type: 'error', code: 'bad', message: 'No.' }],
  ['a known event that lacks something', 'response.created', {}, { type: 'error', code: 'unreadable_event', message: expect.any(String) }],
])('%s is told and the conversation goes on', async (_what, type, body, expected) => {
  const { server, session, next } = await connect();
  await using _server = server;
  await next();
  const model = await session;
  model.emit(type, body);
  model.emit('an.event.of.tomorrow', {});
  expect(await next()).toEqual(expected);
  model.emit('input_audio_buffer.speech_stopped', { item_id: 'i', audio_end_ms: 900 });
  expect(await next()).toMatchObject({ type: 'speech-stopped' });
});

test('commands are in the words of the API', async () => {
  const { server, session, connection, next } = await connect({ setup: { ...setup, history: [] } });
  await using _server = server;
  await next();
  connection.send({ type: 'answer' });
  connection.send({ type: 'answer', instructions: 'Say: "Hello"', withoutTools: true });
  connection.send({ type: 'truncate', itemId: 'item_1', heardMs: 1_240 });
  connection.send({ type: 'tool-result', callId: 't1', output: '{}' });
  connection.send({ type: 'cancel' });
  expect((await commands(await session, 6)).slice(1)).toEqual([
    { type: 'response.create', response: {} },
    { type: 'response.create', response: { instructions: 'Say: "Hello"', tool_choice: 'none' } },
    { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 1_240 },
    { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 't1', output: '{}' } },
    { type: 'response.cancel' },
  ]);
});

test('what is told beside the audio, and the language of the caller, are in the words of the API; ready is said once', async () => {
  const { server, session, connection, next } = await connect({ setup: { ...setup, language: null, history: [{ type: 'note', text: 'They are late.' }] } });
  await using _server = server;
  expect(await next()).toEqual({ type: 'ready' });
  connection.send({ type: 'tell', from: 'caller', text: 'The caller pressed 1.' });
  connection.send({ type: 'tell', from: 'business', text: 'Offer ten percent.' });
  connection.send({ type: 'language', language: 'es-MX' });
  const sent = await commands(await session, 5);
  expect(sent[0]).toMatchObject({ session: { audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } } } });
  expect(JSON.stringify(sent[0])).not.toContain('"language"');
  const message = (role: string, text: string) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role, content: [{ type: 'input_text', text }] },
  });
  expect(sent.slice(1)).toEqual([
    message('system', 'They are late.'),
    message('user', 'The caller pressed 1.'),
    message('system', 'Offer ten percent.'),
    { type: 'session.update', session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe', language: 'es' } } } } },
  ]);
  for (const event of sent) expect(schemaProblems('client', event)).toEqual([]);
  (await session).emit('input_audio_buffer.speech_stopped', { item_id: 'i', audio_end_ms: 900 });
  expect(await next()).toMatchObject({ type: 'speech-stopped' });
});

test('a server that is not there, goes away or is given up closes the connection once, with the reason', async () => {
  const { server, session, next } = await connect();
  const { url } = server;
  await next();
  (await session).close(1001, 'going away');
  expect(await next()).toEqual({ type: 'closed', reason: '1001 going away' });
  await server[Symbol.asyncDispose]();

  const given = await connect();
  await using _given = given.server;
  await given.next();
  given.connection.abandon('it does not read');
  expect(await given.next()).toEqual({ type: 'closed', reason: 'it does not read' });

  const nowhere = openAiRealtime({ apiKey: 'sk', url, model: 'm' });
  const closed = await new Promise<VoiceEvent>((resolve) => nowhere.open(setup, { audio: () => {}, event: resolve }));
  expect(closed).toEqual({ type: 'closed', reason: expect.stringContaining('ECONNREFUSED') });
});
