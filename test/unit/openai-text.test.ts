import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../src/kit/free-port.ts';
import { TextModelError } from '../../src/ports/text-model.ts';
import { openAiText } from '../../src/vendors/openai/text.ts';
import { openAiTranscriber } from '../../src/vendors/openai/transcriber.ts';
import { type OpenAiTextTwin, startOpenAiTextTwin } from '../support/openai-text-twin.ts';

const KEY = 'sk-test';
const TOOL = { name: 'take_message', description: 'Passes a message on.', parameters: { type: 'object', properties: { body: { type: 'string' } } } };
const SCHEMA = { type: 'object', properties: { intent: { type: 'string' } }, required: ['intent'], additionalProperties: false };

let twin: OpenAiTextTwin;
beforeEach(async () => {
  twin = await startOpenAiTextTwin(KEY);
});
afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await twin[Symbol.asyncDispose]();
});

const model = (apiKey = KEY) => openAiText({ apiKey, baseUrl: twin.url, model: 'gpt-4.1-mini' });
const asked = { instructions: 'Be kind.', items: [{ type: 'caller' as const, text: 'Hello' }], tools: [TOOL] };
const failure = async (promise: Promise<unknown>): Promise<TextModelError> => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TextModelError)) throw error ?? new Error('it did not fail');
  return error;
};

describe('an answer', () => {
  test('is asked for with the whole conversation, which is kept nowhere else, and tells what it cost', async () => {
    twin.script({ say: ' Hello to you. ', usage: { input: 50, cached: 30, output: 4 } });
    const items = [
      { type: 'assistant' as const, text: 'Good morning.' },
      { type: 'caller' as const, text: 'A message, please.' },
      { type: 'tool-call' as const, callId: 'call_1', name: 'take_message', arguments: '{"body":"x"}' },
      { type: 'tool-result' as const, callId: 'call_1', output: '{"taken":true}' },
    ];
    expect(await model().answer({ ...asked, items })).toEqual({
      text: 'Hello to you.',
      toolCalls: [],
      usage: { inputTokens: 50, cachedTokens: 30, outputTokens: 4 },
    });
    expect(twin.requests).toMatchObject([
      {
        model: 'gpt-4.1-mini',
        instructions: 'Be kind.',
        store: false,
        input: [
          { role: 'assistant', content: 'Good morning.' },
          { role: 'user', content: 'A message, please.' },
          { type: 'function_call', call_id: 'call_1', name: 'take_message' },
          { type: 'function_call_output', call_id: 'call_1', output: '{"taken":true}' },
        ],
        tools: [{ type: 'function', name: 'take_message', strict: false }],
      },
    ]);
  });

  test('may call tools, whose arguments are handed on as they were written', async () => {
    twin.script({ say: 'One moment.', calls: [{ name: 'take_message', arguments: '{not json' }] });
    expect(await model().answer(asked)).toMatchObject({
      text: 'One moment.',
      toolCalls: [{ callId: 'call_1_0', name: 'take_message', arguments: '{not json' }],
    });
  });

  test.each([
    [{ status: 400, code: 'invalid_value' }, 'refused', 'invalid_value'],
    [{ status: 429, code: 'rate_limit_exceeded' }, 'unavailable', 'rate_limit_exceeded'],
    [{ status: 429, code: 'insufficient_quota' }, 'refused', 'insufficient_quota'],
    [{ status: 503, code: 'server_error' }, 'unavailable', 'server_error'],
    [{ refusal: 'I will not.' }, 'refused', 'refusal'],
    [{ incomplete: 'max_output_tokens' as const }, 'refused', 'max_output_tokens'],
    [{ body: '{"object":"something else"}' }, 'unavailable', 'unreadable'],
  ])('that does not come says why: %j', async (behaviour, kind, code) => {
    twin.script(behaviour);
    expect(await failure(model().answer(asked))).toMatchObject({ kind, code });
    expect(twin.requests).toHaveLength(1);
  });

  test('with a wrong key is refused', async () => {
    expect(await failure(model('sk-wrong').answer(asked))).toMatchObject({ kind: 'refused', code: 'invalid_api_key' });
  });

  test('that is broken off, or takes too long, is uncertain; one from where nobody is, unavailable', async () => {
    twin.script({ fault: 'break' }, { fault: 'hang' });
    expect(await failure(model().answer(asked))).toMatchObject({ kind: 'uncertain' });
    expect(await failure(model().answer({ ...asked, timeoutMs: 100 }))).toMatchObject({ kind: 'uncertain' });
    const nobody = openAiText({ apiKey: KEY, baseUrl: `http://127.0.0.1:${await freePort()}/v1`, model: 'gpt-4.1-mini' });
    expect(await failure(nobody.answer(asked))).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });

  test('is not waited for any longer once it is not wanted', async () => {
    twin.script({ fault: 'hang' });
    const abort = new AbortController();
    const answer = failure(model().answer(asked, abort.signal));
    await twin.nextRequest();
    abort.abort();
    expect((await answer).kind).toBe('uncertain');
  });
});

describe('a text read into a shape', () => {
  test('is asked for by a strict schema', async () => {
    twin.script({ say: '{"intent":"Book a haircut"}' });
    const { value } = await model().extract({ instructions: 'Say what they want.', text: 'Caller: a haircut', name: 'call', schema: SCHEMA });
    expect(value).toEqual({ intent: 'Book a haircut' });
    expect(twin.requests[0]).toMatchObject({ text: { format: { type: 'json_schema', name: 'call', strict: true, schema: SCHEMA } } });
  });

  test('that is no JSON was not read', async () => {
    twin.script({ say: 'They want a haircut.' });
    expect(await failure(model().extract({ instructions: '', text: 'x', name: 'call', schema: SCHEMA }))).toMatchObject({ code: 'not-json' });
  });
});

describe('a recording', () => {
  const transcriber = () => openAiTranscriber({ apiKey: KEY, baseUrl: twin.url, model: 'gpt-4o-mini-transcribe' });

  test('is written down, with its language as a hint', async () => {
    twin.scriptTranscription(' Please call me back. ');
    const text = await transcriber().transcribe({ audio: new Uint8Array(800), mediaType: 'audio/x-wav; codecs=1', language: 'en-US' });
    expect(text).toEqual({ text: 'Please call me back.' });
    expect(twin.transcriptions).toEqual([{ model: 'gpt-4o-mini-transcribe', language: 'en', fileName: 'message.wav', bytes: 800 }]);
  });

  test('of a kind that nobody reads is refused before it is sent', async () => {
    expect(await failure(transcriber().transcribe({ audio: new Uint8Array(8), mediaType: 'video/mp4', language: 'en' }))).toMatchObject({ kind: 'refused' });
    expect(twin.transcriptions).toEqual([]);
  });

  test('that could not be written down now may be later', async () => {
    twin.scriptTranscription({ status: 500, code: 'server_error' });
    expect(await failure(transcriber().transcribe({ audio: new Uint8Array(8), mediaType: 'audio/wav', language: 'de' }))).toMatchObject({
      kind: 'unavailable',
    });
  });
});
