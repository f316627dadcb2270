import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { connectDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { startEmbeddedPostgres } from '../../src/vendors/embedded/postgres.ts';
import { mediaApp } from '../support/media-app.ts';
import type { RawModelSession } from '../support/raw-model.ts';

test('Postgres is restarted during a call: the conversation goes on, tools say so, and every turn is written in order when it is back', {
  timeout: 90_000,
}, async () => {
  await using opened = new AsyncDisposableStack();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-away-'));
  fs.chmodSync(folder, 0o711);
  opened.defer(() => fs.rmSync(folder, { recursive: true, force: true }));
  const start = async (port: number) => startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), fast: true, port });
  const port = await freePort();
  let server = await start(port);
  opened.defer(() => server[Symbol.asyncDispose]());
  await migrate(server.url);
  const { url } = server;
  const database = { ...connectDatabase(url, 5), url };
  const session = Promise.withResolvers<RawModelSession>();
  const app = opened.use(await mediaApp({ database, script: { onSession: session.resolve } }));

  const call = await app.admit();
  await using carrier = await app.dial(call);
  carrier.start();
  const model = await session.promise;
  const command = (fits: (text: string) => boolean) =>
    expect.poll(() => model.commands.map((one) => JSON.stringify(one)).some(fits), { timeout: 20_000 }).toBe(true);
  await command((text) => text.includes('response.create'));
  const turns = () => app.database.root.transcriptTurn.findMany({ where: { callId: call.callId }, orderBy: { sequence: 'asc' } });
  model.answer('greeting', Buffer.alloc(800), [800]);
  await expect.poll(async () => (await turns()).length).toBe(1);

  await server[Symbol.asyncDispose]();
  await expect(turns()).rejects.toThrow();

  for (const word of ['one', 'two', 'three']) {
    model.emit('input_audio_buffer.speech_started', { audio_start_ms: 0, item_id: `caller-${word}` });
    model.emit('input_audio_buffer.speech_stopped', { audio_end_ms: 500, item_id: `caller-${word}` });
    model.emit('conversation.item.input_audio_transcription.completed', { item_id: `caller-${word}`, content_index: 0, transcript: `I say ${word}.` });
    model.answer(word, Buffer.alloc(160), [160]);
    await model.synced();
    // Heard, before the next word is said.
    await new Promise((resolve) => setTimeout(resolve, 60));
    await carrier.synced();
  }
  const tool = {
    type: 'function_call',
    call_id: 'tool-1',
    name: 'book_appointment',
    arguments: JSON.stringify({ startsAt: '2030-09-03T14:30', customerName: 'Ada' }),
  };
  model.emit('response.created', { response: { id: 'tools', status: 'in_progress', output: [] } });
  model.emit('response.done', { response: { id: 'tools', status: 'completed', output: [tool], usage: null } });
  await command((text) => text.includes('function_call_output'));
  const told = model.commands.map((one) => JSON.stringify(one)).find((text) => text.includes('function_call_output')) ?? '';
  expect(told).toContain('nothing has been confirmed');

  server = await start(port);
  await expect.poll(async () => (await turns()).filter(({ complete }) => complete).length, { timeout: 30_000 }).toBe(7);
  expect((await turns()).map(({ sequence, speaker, text }) => [sequence, speaker, text])).toEqual([
    [1, 'ASSISTANT', 'words'],
    ...['one', 'two', 'three'].flatMap((word, index) => [
      [2 + index * 2, 'CALLER', `I say ${word}.`],
      [3 + index * 2, 'ASSISTANT', 'words'],
    ]),
  ]);
  await carrier.hangUp();
  await expect.poll(async () => (await app.call(call.callId)).bridgeId, { timeout: 20_000 }).toBeNull();
});
