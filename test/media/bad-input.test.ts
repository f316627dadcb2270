import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { closeCodes } from '../../src/media/close-codes.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { type MediaTestApp, mediaApp } from '../support/media-app.ts';
import type { ModelCommand, RawModelSession } from '../support/raw-model.ts';
import { twilioSignature } from '../support/twilio-webhook.ts';

let app: MediaTestApp;
/** What the next sessions of the model do. */
let script: (session: RawModelSession) => void = () => {};

beforeAll(async () => {
  app = await mediaApp({ script: { onSession: (session) => script(session) } });
});
afterAll(() => app[Symbol.asyncDispose]());

/** A call whose conversation has begun. */
async function talking(onSession: (session: RawModelSession) => void = () => {}) {
  const { promise, resolve } = Promise.withResolvers<RawModelSession>();
  script = (session) => {
    onSession(session);
    session.listen((command) => !Buffer.isBuffer(command) && command.type === 'response.create' && resolve(session));
  };
  const call = await app.admit();
  const carrier = await app.dial(call);
  carrier.start();
  return { ...call, carrier, session: await promise };
}

const nextCommand = (session: RawModelSession, fits: (command: ModelCommand) => boolean) =>
  new Promise<ModelCommand>((resolve) => {
    const known = session.commands.find(fits);
    if (known) resolve(known);
    else session.listen((command) => !Buffer.isBuffer(command) && fits(command) && resolve(command));
  });

const released = (callId: string) => app.announced((event) => event.type === 'CallChanged' && event.callId === callId && event.version >= 3);

async function isUntouched(callId: string) {
  expect(await app.call(callId)).toMatchObject({ status: 'RINGING', bridgeId: null, bridgeCount: 0 });
}

describe('a media socket without a right to the call is closed and opens nothing', () => {
  test('no token', async () => {
    const call = await app.admit();
    await using carrier = await app.dial({ ...call, token: '' });
    carrier.start();
    expect(await carrier.closed).toBe(closeCodes.unauthorized);
    await isUntouched(call.callId);
  });

  test('a forged token', async () => {
    const call = await app.admit();
    await using carrier = await app.dial({ ...call, token: `${call.token.slice(0, -4)}AAAA` });
    carrier.start();
    expect(await carrier.closed).toBe(closeCodes.unauthorized);
    await isUntouched(call.callId);
  });

  test('the token of another call', async () => {
    const [call, other] = [await app.admit(), await app.admit()];
    await using carrier = await app.dial({ ...call, token: other.token });
    carrier.start();
    expect(await carrier.closed).toBe(closeCodes.unauthorized);
    await isUntouched(other.callId);
  });

  test('a token that was used before', async () => {
    const { callId, carrierCallId, token, carrier } = await talking();
    await using second = await app.dial({ callId, carrierCallId, token });
    second.start();
    expect(await second.closed).toBe(closeCodes.unauthorized);
    expect((await app.call(callId)).bridgeCount).toBe(1);
    await carrier.hangUp();
  });

  test.each([
    ['no signature', (_url: string) => ({})],
    ['the signature of another account', (url: string) => ({ 'x-twilio-signature': twilioSignature('guess', url) })],
    ['the signature of another address', (url: string) => ({ 'x-twilio-signature': twilioSignature(ACCOUNT.authToken, url.replace('twilio', 'other')) })],
  ])('%s on the upgrade', async (_name, headers) => {
    const refused = new WebSocket(app.url, { headers: headers(app.url) });
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    refused.on('error', () => {}).terminate();
    expect(await app.metrics.getSingleMetricAsString('callgraph_media_closed_total')).toMatch(/reason="unsigned"} [1-9]/);
  });

  test('but the address may be signed with a slash at its end', async () => {
    const socket = new WebSocket(app.url, { headers: { 'x-twilio-signature': twilioSignature(ACCOUNT.authToken, `${app.url}/`) } });
    await once(socket, 'open');
    socket.terminate();
  });

  test('and it is counted', async () => {
    expect(await app.metrics.getSingleMetricAsString('callgraph_media_closed_total')).toMatch(/reason="unauthorized"} [1-9]/);
  });
});

describe('what is not of the protocol closes the socket and nothing else', () => {
  test.each([
    ['media before start', '{"event":"media","media":{"payload":"AAEC"}}', closeCodes.protocol],
    ['garbage', 'garbage', closeCodes.protocol],
    ['an object of another kind', '{"event":"start"}', closeCodes.protocol],
    ['a frame of 10 MB', 'x'.repeat(10 * 1024 * 1024), 1009],
  ])('%s', async (_what, frame, code) => {
    await using carrier = await app.dial(await app.admit());
    carrier.send(frame);
    expect(await carrier.closed).toBe(code);
  });

  test('binary frames', async () => {
    const socket = new WebSocket(app.url, { headers: { 'x-twilio-signature': twilioSignature(ACCOUNT.authToken, app.url) } });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(Buffer.from([1, 2, 3]));
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(closeCodes.protocol);
  });

  test('garbage in the middle of a call, which then goes on with another bridge', async () => {
    const { callId, carrier } = await talking();
    carrier.send('{"event":"media","media"');
    expect(await carrier.closed).toBe(closeCodes.protocol);
    await released(callId);
    expect(await app.call(callId)).toMatchObject({ status: 'IN_PROGRESS', bridgeId: null, endReason: null });
  });

  test('another path', async () => {
    const socket = new WebSocket(app.url.replace('/media/twilio', '/media/elsewhere'));
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('404');
  });
});

test('a socket that never starts is closed after a while', async () => {
  await using fast = await mediaApp({ speed: 40 });
  await using carrier = await fast.dial(await fast.admit());
  expect(await carrier.closed).toBe(closeCodes.notStarted);
});

describe('whatever the model says, the call goes on', () => {
  const toolAnswer = async (name: string, given: string) => {
    const { callId, carrier, session } = await talking();
    const output = [{ id: 'i', type: 'function_call', call_id: 'c1', name, arguments: given }];
    session.emit('response.created', { response: { id: 'r1' } });
    session.emit('response.done', { response: { id: 'r1', status: 'completed', output } });
    const { item } = await nextCommand(
      session,
      ({ type, item }) => type === 'conversation.item.create' && (item as { type: string }).type === 'function_call_output',
    );
    await nextCommand(session, (command) => command.type === 'response.create' && command !== session.commands.find(({ type }) => type === 'response.create'));
    const row = await app.database.root.toolCall.findFirstOrThrow({ where: { callId } });
    await carrier.hangUp();
    return { told: JSON.parse((item as { output: string }).output), row };
  };

  test('an unknown tool is refused in words that can be said', async () => {
    const { told, row } = await toolAnswer('launch_rocket', '{}');
    expect(told).toMatchObject({ error: 'UNKNOWN_TOOL', say: expect.any(String) });
    expect(row).toMatchObject({ name: 'launch_rocket', status: 'FAILED' });
  });

  test.each([
    ['arguments that are no JSON', '{"date":'],
    ['arguments of another shape', '{"date":7}'],
    ['no arguments', ''],
  ])('%s are refused by field', async (_what, given) => {
    const { told, row } = await toolAnswer('check_availability', given);
    expect(told).toMatchObject({ error: 'INVALID_ARGUMENTS' });
    expect(row.status).toBe('FAILED');
  });

  test('an error event in the middle of an answer stops neither the answer nor the call', async () => {
    const { callId, carrier, session } = await talking();
    session.emit('response.created', { response: { id: 'r1' } });
    session.emit('response.output_audio.delta', { response_id: 'r1', item_id: 'i1', delta: Buffer.alloc(160, 1).toString('base64') });
    session.emit('error', { error: { type: 'server_error', code: 'server_error', message: 'Sorry.' } });
    session.emit('response.output_audio.delta', { response_id: 'r1', item_id: 'i1', delta: Buffer.alloc(160, 2).toString('base64') });
    expect(await carrier.heard(320)).toEqual(Buffer.concat([Buffer.alloc(160, 1), Buffer.alloc(160, 2)]));
    expect(await app.call(callId)).toMatchObject({ status: 'IN_PROGRESS' });
    await carrier.hangUp();
  });

  test('a frame that is no event is passed over', async () => {
    const { carrier, session } = await talking();
    session.sendRaw('}{');
    session.sendRaw('[]');
    session.sendRaw('null');
    session.answer('r1', Buffer.alloc(160, 3), [160]);
    expect(await carrier.heard(160)).toEqual(Buffer.alloc(160, 3));
    await carrier.hangUp();
  });

  test('a model that goes away is reached again, with all that was said', async () => {
    const { callId, carrier, session } = await talking();
    session.answer('r1', Buffer.alloc(160, 3), [160]);
    await app.announced((event) => event.type === 'TurnRecorded' && event.callId === callId);
    const { promise: again, resolve } = Promise.withResolvers<RawModelSession>();
    script = resolve;
    session.close(1011, 'restart');
    const { item } = await nextCommand(await again, ({ type }) => type === 'conversation.item.create');
    expect(item).toEqual({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'words' }] });
    await carrier.hangUp();
  });
});

describe('a caller who hangs up leaves no bridge behind', () => {
  const isLetGo = async (callId: string) => {
    await released(callId);
    expect(await app.call(callId)).toMatchObject({ bridgeId: null, endReason: null });
    expect(await app.database.root.transcriptTurn.count({ where: { callId, complete: false } })).toBe(0);
  };

  test('before the model is connected', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { promise: never, resolve: admitNow } = Promise.withResolvers<void>();
    await using slow = await mediaApp({
      script: {
        admit: () => {
          resolve();
          return never;
        },
      },
    });
    const call = await slow.admit();
    const carrier = await slow.dial(call);
    carrier.start();
    await asked;
    await carrier.hangUp();
    await slow.announced((event) => event.type === 'CallChanged' && event.callId === call.callId && event.version >= 3);
    expect(await slow.call(call.callId)).toMatchObject({ bridgeId: null });
    admitNow();
  });

  test('right after the start', async () => {
    const call = await app.admit();
    const carrier = await app.dial(call);
    carrier.start();
    await carrier.hangUp();
    await isLetGo(call.callId);
  });

  test('without a stop, by a socket that breaks', async () => {
    const { callId, carrier } = await talking();
    await carrier[Symbol.asyncDispose]();
    await isLetGo(callId);
  });

  test('while the assistant speaks', async () => {
    const { callId, carrier, session } = await talking();
    carrier.playsAtOnce = false;
    session.emit('response.created', { response: { id: 'r1' } });
    session.emit('response.output_audio_transcript.delta', { response_id: 'r1', item_id: 'i1', delta: 'We are open' });
    session.emit('response.output_audio.delta', { response_id: 'r1', item_id: 'i1', delta: Buffer.alloc(16_000).toString('base64') });
    await carrier.heard(16_000);
    await carrier.hangUp();
    await isLetGo(callId);
    const turn = await app.database.root.transcriptTurn.findFirstOrThrow({ where: { callId } });
    expect(turn).toMatchObject({ text: 'We are open', interrupted: true, audioMs: 2_000 });
    expect(turn.heardMs).toBeLessThan(2_000);
  });

  test('while the caller speaks', async () => {
    const { callId, carrier, session } = await talking();
    session.emit('input_audio_buffer.speech_started', { item_id: 'u1', audio_start_ms: 0 });
    await carrier.hangUp();
    await isLetGo(callId);
  });

  test('while a tool runs', async () => {
    const { callId, carrier, session } = await talking();
    const output = [{ id: 'i', type: 'function_call', call_id: 'c1', name: 'check_availability', arguments: '{"date":"2099-01-05"}' }];
    session.emit('response.created', { response: { id: 'r1' } });
    session.emit('response.done', { response: { id: 'r1', status: 'completed', output } });
    await carrier.hangUp();
    await isLetGo(callId);
  });

  test('while the goodbye is said', async () => {
    const { callId, carrier, session } = await talking();
    const output = [{ id: 'i', type: 'function_call', call_id: 'c1', name: 'end_call', arguments: '{}' }];
    session.emit('response.created', { response: { id: 'r1' } });
    session.emit('response.done', { response: { id: 'r1', status: 'completed', output } });
    await nextCommand(session, ({ type, response }) => type === 'response.create' && JSON.stringify(response).includes('Goodbye'));
    await carrier.hangUp();
    await isLetGo(callId);
  });
});

test('after all of that the process still takes a call, and holds none that is over', async () => {
  const { callId, carrier } = await talking();
  await carrier.hangUp();
  await released(callId);
  await expect.poll(() => app.metrics.getSingleMetricAsString('callgraph_media_calls')).toMatch(/callgraph_media_calls 0$/m);
});
