import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClock } from '../../src/kit/clock.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { silence, speak } from '../../src/simulator/audio/modem.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/lab.ts';
import { audioOf, connect, errorOf, greet, itemOf, talk, textOf } from '../support/realtime-client.ts';
import { schemaProblems } from '../support/realtime-schemas.ts';

let lab: Simulator;
const begin = async (options: Partial<SimulatorOptions> = {}) => {
  await lab?.[Symbol.asyncDispose]();
  lab = await startSimulator({ clock: createClock(10), logger: createLogger('silent'), ...options });
};
beforeEach(() => begin());
afterEach(() => lab[Symbol.asyncDispose]());

describe('hearing', () => {
  test('a turn is noticed, committed, written down and answered; positions count all audio that was sent', async () => {
    await using client = await talk(lab);
    const { words } = speak('Do you have parking, please?');
    client.hear(silence(1_000), speak('Do you have parking, please?').audio, silence(1_000));
    const started = await client.next('input_audio_buffer.speech_started');
    const stopped = await client.next('input_audio_buffer.speech_stopped');
    const committed = await client.next('input_audio_buffer.committed');
    // 300 ms before the first sound, and after the 500 ms of silence that end a turn.
    expect(started.audio_start_ms).toBe(1_000 - 300 + (words[0]?.startMs ?? 0));
    expect(Math.abs(Number(stopped.audio_end_ms) - (1_000 + (words.at(-1)?.endMs ?? 0) + 500))).toBeLessThanOrEqual(10);
    expect([stopped.item_id, committed.item_id]).toEqual([started.item_id, started.item_id]);
    expect((await client.next('conversation.item.done')).item).toMatchObject({ role: 'user', content: [{ type: 'input_audio' }] });
    const completed = await client.next('conversation.item.input_audio_transcription.completed');
    expect(completed).toMatchObject({ item_id: started.item_id, transcript: 'Do you have parking, please?', usage: { type: 'tokens' } });
    const deltas = client.all('conversation.item.input_audio_transcription.delta').map((event) => event.delta);
    expect(deltas.join('')).toBe('Do you have parking, please?');
    await client.next('response.done');
    expect(client.events.flatMap((event) => schemaProblems('server', event))).toEqual([]);
  });

  test('the transcript may come when the answer has begun, or not at all', async () => {
    await begin({ timing: { transcriptionMs: 2_000, thinkMs: 100 } });
    await using client = await talk(lab);
    client.hear(speak('Hello there.').audio, silence(800));
    await client.next('response.output_audio.delta');
    expect(client.all('conversation.item.input_audio_transcription.completed')).toEqual([]);
    await client.next('conversation.item.input_audio_transcription.completed');
    lab.faults.model.failTranscriptions = 1;
    client.hear(speak('Hello again.').audio, silence(800));
    const failed = await client.next('conversation.item.input_audio_transcription.failed');
    expect(schemaProblems('server', failed)).toEqual([]);
  });

  test('without turn detection nothing happens until the client commits and asks', async () => {
    await using client = await talk(lab, {}, { turn_detection: null });
    client.hear(speak('When are you open?').audio, silence(1_000));
    client.send({ type: 'input_audio_buffer.commit' });
    await client.next('input_audio_buffer.committed');
    expect(client.all('input_audio_buffer.speech_started')).toEqual([]);
    await client.next('conversation.item.input_audio_transcription.completed');
    expect(client.all('response.created')).toEqual([]);
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    expect(lab.log.model[0]?.heard).toEqual(['When are you open?']);
  });

  test('with create_response off it listens and keeps silent', async () => {
    await using client = await talk(lab, {}, { turn_detection: { type: 'server_vad', create_response: false } });
    client.hear(speak('Hello.').audio, silence(800));
    await client.next('conversation.item.input_audio_transcription.completed');
    expect(client.all('response.created')).toEqual([]);
  });
});

describe('speaking', () => {
  test('an answer is words as sound, in pieces of 200 ms that come faster than they are played', async () => {
    await using client = await talk(lab);
    const startedAt = performance.now();
    client.send(greet('Good morning, this is the simulated model. What can I do for you?'));
    const done = await client.next('response.done');
    const deltas = client.all('response.output_audio.delta');
    const audio = audioOf(deltas);
    expect(textOf(audio)).toBe('Good morning, this is the simulated model. What can I do for you?');
    expect(new Set(deltas.slice(0, -1).map((event) => audioOf([event]).length))).toEqual(new Set([1_600]));
    expect((performance.now() - startedAt) * 10).toBeLessThan(audio.length / 8);
    expect(
      client
        .all('response.output_audio_transcript.delta')
        .map((event) => event.delta)
        .join(''),
    ).toBe(textOf(audio));
    expect(done.response).toMatchObject({ status: 'completed', output: [{ type: 'message', role: 'assistant', status: 'completed' }] });
    const usage = z.object({ response: z.object({ usage: z.object({ total_tokens: z.int(), input_tokens: z.int(), output_tokens: z.int() }) }) }).parse(done)
      .response.usage;
    expect(usage.total_tokens).toBe(usage.input_tokens + usage.output_tokens);
    await client.next('rate_limits.updated');
    expect(client.events.flatMap((event) => schemaProblems('server', event))).toEqual([]);
  });

  test('one answer at a time; another is refused, and one outside the conversation is not', async () => {
    await using client = await talk(lab);
    client.send(greet('One moment, please.'));
    client.send(greet('Another.'));
    expect(errorOf(await client.next('error')).code).toBe('conversation_already_has_active_response');
    client.send({
      type: 'response.create',
      response: { conversation: 'none', output_modalities: ['text'], instructions: 'Say "Aside."', metadata: { why: 'test' } },
    });
    expect((await client.next('response.output_text.done')).text).toBe('Aside.');
    await client.next('response.done');
    await client.next('response.done');
    expect(client.events.flatMap((event) => schemaProblems('server', event))).toEqual([]);
  });

  test('a client can cancel it', async () => {
    await using client = await talk(lab);
    client.send(greet('This would be a rather long sentence if nobody stopped it in time.'));
    await client.next('response.output_audio.delta');
    client.send({ type: 'response.cancel' });
    expect((await client.next('response.done')).response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'client_cancelled' },
      output: [{ status: 'incomplete' }],
    });
    expect(client.events.flatMap((event) => schemaProblems('server', event))).toEqual([]);
  });

  test.each([0, 1, 3])('a caller who breaks in stops it, with %i pieces still under way', async (lateDeltas) => {
    await begin({ timing: { lateDeltas, speed: 1 } });
    await using client = await talk(lab);
    client.send(greet('This would be a rather long sentence if nobody stopped it in time, and on it goes.'));
    await client.next('response.output_audio.delta');
    client.hear(speak('Stop, please.').audio);
    await client.next('input_audio_buffer.speech_started');
    const done = await client.next('response.done');
    expect(done.response).toMatchObject({ status: 'cancelled', status_details: { type: 'cancelled', reason: 'turn_detected' } });
    const order = client.events.map((event) => event.type);
    const late = order.slice(order.indexOf('input_audio_buffer.speech_started')).filter((type) => type === 'response.output_audio.delta');
    expect(late).toHaveLength(lateDeltas);
    expect(lab.log.model[0]?.answers[0]?.lateMs).toBe(lateDeltas * 200);
  });

  test('with interrupt_response off it talks on', async () => {
    await using client = await talk(lab, {}, { turn_detection: { type: 'server_vad', interrupt_response: false, create_response: false } });
    client.send(greet('Nobody can stop me now.'));
    await client.next('response.output_audio.delta');
    client.hear(speak('Stop.').audio, silence(800));
    expect((await client.next('response.done')).response).toMatchObject({ status: 'completed' });
  });
});

describe('what it remembers', () => {
  test('after a truncation only the words that were heard whole', async () => {
    await using client = await talk(lab);
    client.send(greet('We are open from nine to five.'));
    const item = itemOf(await client.next('response.output_audio.delta'));
    await client.next('response.done');
    const { words, durationMs } = speak('We are open from nine to five.');
    client.send({ type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms: durationMs + 1 });
    expect(errorOf(await client.next('error')).param).toBe('audio_end_ms');
    const heardMs = (words[2]?.endMs ?? 0) + 10;
    client.send({ type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms: heardMs });
    expect(await client.next('conversation.item.truncated')).toMatchObject({ item_id: item, audio_end_ms: heardMs });
    expect(lab.log.model[0]?.truncations).toEqual([{ itemId: item, audioEndMs: heardMs, producedMs: durationMs, remembered: 'We are open' }]);
    client.send({ type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms: heardMs + 1 });
    expect(errorOf(await client.next('error')).message).toContain('already shorter');
  });

  test('a conversation that is given back goes on: the tool’s answer is known and asked for no more', async () => {
    await using client = await talk(lab);
    const give = (item: object) => client.send({ type: 'conversation.item.create', item });
    give({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'A haircut on Tuesday at three, please.' }] });
    give({ type: 'function_call', call_id: 'call_1', name: 'check_availability', arguments: '{"date":"2025-11-25"}' });
    give({ type: 'function_call_output', call_id: 'call_1', output: '{"free":["2025-11-25T15:00"]}' });
    give({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'May I have your name, please?' }] });
    client.hear(speak('Sam Porter.').audio, silence(800));
    const call = await client.next('response.function_call_arguments.done');
    expect(call).toMatchObject({ name: 'book_appointment', arguments: '{"startsAt":"2025-11-25T15:00","customerName":"Sam Porter","details":"haircut"}' });
    await client.next('response.done');
    client.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call.call_id, output: '{"booked":true,"say":"Booked."}' } });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(lab.log.model[0]?.answers.at(-1)?.text).toMatch(/^Booked\. Is there anything else/);
    expect(lab.log.model[0]?.toolCalls).toEqual([expect.objectContaining({ name: 'book_appointment', output: '{"booked":true,"say":"Booked."}' })]);
    const item = await (async () => {
      client.send({ type: 'conversation.item.retrieve', item_id: itemOf(call) });
      return client.next('conversation.item.retrieved');
    })();
    expect(item.item).toMatchObject({ type: 'function_call', name: 'book_appointment' });
    expect(client.events.flatMap((event) => schemaProblems('server', event))).toEqual([]);
  });

  test('tools that are not offered for an answer are not called', async () => {
    await using client = await talk(lab);
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'A haircut on Tuesday at three, please.' }] },
    });
    client.send({ type: 'response.create', response: { tool_choice: 'none' } });
    await client.next('response.done');
    expect(client.all('response.function_call_arguments.done')).toEqual([]);
  });
});

describe('faults on demand', () => {
  test('an answer fails in the middle, and the session goes on', async () => {
    lab.faults.model.failAnswersAfterMs.push(400);
    await using client = await talk(lab);
    client.send(greet('This will not come to its end, I am afraid.'));
    expect(errorOf(await client.next('error')).code).toBe('server_error');
    expect((await client.next('response.done')).response).toMatchObject({
      status: 'failed',
      status_details: { type: 'failed', error: { code: 'server_error' } },
    });
    client.send(greet('Better.'));
    expect((await client.next('response.done')).response).toMatchObject({ status: 'completed' });
    expect(client.events.flatMap((event) => schemaProblems('server', event))).toEqual([]);
  });

  test('the socket drops, a connection stays mute, an answer never comes, an error comes out of nowhere', async () => {
    lab.faults.model.dropAfterMs.push(400);
    await using first = await talk(lab);
    first.send(greet('This will not come to its end, I am afraid.'));
    expect(await first.gone()).toBe(1006);

    lab.faults.model.muteConnections = 1;
    await using mute = await connect(lab);
    lab.faults.model.silentAnswers = 1;
    lab.faults.model.errors.push('inference_rate_limit_exceeded');
    await using client = await talk(lab);
    expect(errorOf(await client.next('error')).code).toBe('inference_rate_limit_exceeded');
    client.send(greet('Never said.'));
    await client.next('response.created');
    client.send({ type: 'response.cancel' });
    expect((await client.next('response.done')).response).toMatchObject({ status: 'cancelled', output: [] });
    expect(mute.events).toEqual([]);
  });

  test('a tool is called by a name that nobody knows, with arguments that are no JSON', async () => {
    lab.faults.model.toolCalls.push({ name: 'fly_to_the_moon', arguments: '{"when":' });
    await using client = await talk(lab);
    client.hear(speak('A haircut on Tuesday at three, please.').audio, silence(800));
    expect(await client.next('response.function_call_arguments.done')).toMatchObject({ name: 'fly_to_the_moon', arguments: '{"when":' });
  });
});
