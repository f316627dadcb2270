import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createClock } from '../../src/kit/clock.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { connect, errorOf, greet, talk } from '../support/realtime-client.ts';
import { schemaProblems } from '../support/realtime-schemas.ts';

let lab: Simulator;
beforeEach(async () => {
  lab = await startSimulator({ clock: createClock(10), logger: createLogger('silent') });
});
afterEach(() => lab[Symbol.asyncDispose]());

describe('connecting', () => {
  const refusal = async (headers: Record<string, string>, query = '?model=gpt-realtime') => {
    const socket = new WebSocket(`${lab.realtimeUrl}${query}`, { headers });
    const [error] = await once(socket, 'error');
    return String(error);
  };

  test('a wrong key, no model and an overloaded server are refused', async () => {
    expect(await refusal({ authorization: 'Bearer sk-wrong' })).toContain('401');
    expect(await refusal({ authorization: `Bearer ${lab.apiKey}` }, '')).toContain('400');
    lab.faults.model.refuseConnections = 1;
    expect(await refusal({ authorization: `Bearer ${lab.apiKey}` })).toContain('503');
    await using client = await connect(lab);
    expect((await client.next('session.created')).session).toMatchObject({ type: 'realtime', object: 'realtime.session', model: 'gpt-realtime' });
  });

  test('the beta header is told that the beta is over', async () => {
    await using client = await connect(lab, { 'openai-beta': 'realtime=v1' });
    expect(errorOf(await client.next('error')).code).toBe('beta_api_shape_disabled');
    expect(await client.gone()).toBe(4000);
  });

  test('a session ends after its time', async () => {
    lab.timing.sessionMs = 2_000;
    await using client = await connect(lab);
    expect(errorOf(await client.next('error')).code).toBe('session_expired');
    await client.gone();
  });
});

describe('what a client may say', () => {
  test.each([
    ['{', 'invalid_json', null],
    [{ event_id: 'e' }, 'missing_required_parameter', 'type'],
    [{ type: 'response.make' }, 'invalid_value', 'type'],
    [{ type: 'session.update', session: {} }, 'missing_required_parameter', 'session.type'],
    [{ type: 'session.update', session: { type: 'realtime', modalities: ['audio'] } }, 'unknown_parameter', 'session.modalities'],
    [{ type: 'session.update', session: { type: 'realtime', voice: 'marin' } }, 'unknown_parameter', 'session.voice'],
    [{ type: 'session.update', session: { type: 'realtime', input_audio_format: 'g711_ulaw' } }, 'unknown_parameter', 'session.input_audio_format'],
    [{ type: 'session.update', session: { type: 'realtime', temperature: 0.8 } }, 'unknown_parameter', 'session.temperature'],
    [{ type: 'session.update', session: { type: 'realtime', output_modalities: ['audio', 'text'] } }, 'invalid_value', 'session.output_modalities'],
    [{ type: 'session.update', session: { type: 'realtime', audio: { input: { format: 'g711_ulaw' } } } }, 'invalid_value', 'session.audio.input.format'],
    [{ type: 'session.update', session: { type: 'realtime', audio: { output: { voice: 'robot' } } } }, 'invalid_value', 'session.audio.output.voice'],
    [{ type: 'session.update', session: { type: 'realtime', tools: [{ type: 'function' }] } }, 'missing_required_parameter', 'session.tools[0].name'],
    [
      { type: 'conversation.item.create', item: { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'x' }] } },
      'invalid_value',
      'item.content[0].type',
    ],
    [{ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'call_x', output: '{}' } }, 'invalid_tool_call_id', 'item.call_id'],
    [{ type: 'conversation.item.truncate', item_id: 'item_x', content_index: 0, audio_end_ms: 0 }, 'invalid_value', 'audio_end_ms'],
    [{ type: 'conversation.item.truncate', item_id: 'item_x', content_index: 0, audio_end_ms: 1.5 }, 'invalid_value', 'audio_end_ms'],
    [{ type: 'conversation.item.retrieve', item_id: 'item_x' }, 'item_not_found', 'item_id'],
    [{ type: 'conversation.item.delete', item_id: 'item_x' }, 'item_not_found', 'item_id'],
    [{ type: 'input_audio_buffer.append', audio: '***' }, 'invalid_value', 'audio'],
    [{ type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty', null],
    [{ type: 'response.cancel' }, 'response_cancel_not_active', null],
    [{ type: 'response.create', response: { modalities: ['audio'] } }, 'unknown_parameter', 'response.modalities'],
  ])('%j is refused as %s', async (event, code, param) => {
    await using client = await talk(lab);
    client.send(typeof event === 'string' ? event : { event_id: 'mine', ...event });
    const error = await client.next('error');
    expect(errorOf(error)).toMatchObject({
      type: 'invalid_request_error',
      code,
      param,
      event_id: typeof event === 'string' ? null : 'event_id' in event ? 'e' : 'mine',
    });
    expect(schemaProblems('server', error)).toEqual([]);
    // The session goes on.
    client.send(greet('Still here.'));
    await client.next('response.done');
  });

  test('an update changes what it names, and shows the whole session', async () => {
    await using client = await talk(lab);
    client.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.', audio: { input: { turn_detection: null } } } });
    const updated = await client.next('session.updated');
    expect(updated.session).toMatchObject({
      instructions: 'Be brief.',
      audio: {
        input: { format: { type: 'audio/pcmu' }, turn_detection: null, transcription: { model: 'gpt-4o-mini-transcribe' } },
        output: { voice: 'marin', format: { type: 'audio/pcmu' } },
      },
    });
    expect(schemaProblems('server', updated)).toEqual([]);
  });

  test('the voice stays once it has spoken', async () => {
    await using client = await talk(lab);
    client.send(greet('Hello.'));
    await client.next('response.done');
    client.send({ type: 'session.update', session: { type: 'realtime', audio: { output: { voice: 'cedar' } } } });
    expect(errorOf(await client.next('error')).code).toBe('cannot_update_voice');
  });
});
