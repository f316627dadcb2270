import { expect, test } from 'vitest';
import { z } from 'zod';
import { tenantDb } from '../../src/db/tenant.ts';
import { chargeCall } from '../../src/domain/calls/costs/charge-call.ts';
import { transcriptText } from '../../src/domain/calls/transcript-text.ts';
import { encodeNodeId } from '../../src/graphql/node-ids.ts';
import type { Caller } from '../../src/simulator/callers/caller.ts';
import { type WholeSystem, wholeSystem } from '../support/whole-system.ts';

const inTurns = ({ database }: WholeSystem) => database.root.assistant.updateMany({ data: { engine: 'GATHER' } });

test('a caller who books is served in turns as by the realtime model, and what it was about and what it cost is known after', { timeout: 90_000 }, async () => {
  await using system = await wholeSystem({ speed: 8 });
  const { lab, demo, database } = system;
  const { root } = database;
  await inTurns(system);
  const { heard, endedBy, streams } = await lab.dial({ to: demo.phoneNumber, caller: 'books-a-haircut' }).ended;
  expect(streams).toEqual([]);
  expect(heard).toMatch(/is booked for Sam Porter/);
  expect(endedBy).toBe('program');
  expect(lab.log.carrier.notifications).toEqual([]);

  const call = await root.call.findFirstOrThrow({ include: { turns: { orderBy: { sequence: 'asc' } }, bookings: true, toolCalls: true } });
  expect(call.bookings).toMatchObject([{ status: 'CONFIRMED', customerName: 'Sam Porter' }]);
  // Every word that the person heard and said stands in the transcript, and no turn is open.
  expect(call.turns.every(({ complete }, index, all) => complete && all[index]?.sequence === index + 1)).toBe(true);
  const text = transcriptText(call.turns);
  expect(text).toContain('Caller: Hello, I would like to book a haircut for next Tuesday at three, please.');
  for (const { speaker, text: said } of call.turns) if (speaker === 'ASSISTANT') expect(heard).toContain(said.replace(/^One moment, please\. /, ''));

  const ended = () => root.call.findFirstOrThrow({ where: { id: call.id } });
  await expect.poll(async () => (await ended()).summary, { timeout: 20_000 }).not.toBeNull();
  expect(await ended()).toMatchObject({ status: 'ENDED', outcome: 'COMPLETED', endReason: 'assistant-ended', engine: 'GATHER', intent: 'Book an appointment' });
  await expect.poll(() => root.callCost.count({ where: { callId: call.id, key: 'carrier:leg' } }), { timeout: 20_000 }).toBe(1);
  const items = new Set((await root.callCost.findMany({ where: { callId: call.id } })).map(({ item }) => item));
  for (const item of ['carrier-minutes-inbound', 'speech-recognition', 'text-model-in', 'text-model-out']) expect(items).toContain(item);
  expect(items).not.toContain('carrier-stream');
});

test('a message is taken in turns, and the owner is told by mail', { timeout: 60_000 }, async () => {
  await using system = await wholeSystem({ speed: 8 });
  const { lab, demo, database } = system;
  await inTurns(system);
  await lab.dial({ to: demo.phoneNumber, caller: 'leaves-a-message' }).ended;
  const { root } = database;
  await expect.poll(() => root.message.count({ where: { mailedAt: { not: null } } }), { timeout: 20_000 }).toBe(1);
  expect(await root.message.findMany()).toMatchObject([{ callerName: 'Dana Reed', body: expect.stringContaining('The invoice from last month is wrong') }]);
});

test('a caller who cannot be answered by any model leaves a recorded message, which is written down', { timeout: 60_000 }, async () => {
  const caller: Caller = {
    key: 'leaves-a-recording',
    name: 'Dana Reed',
    number: '+12025550106',
    description: 'Says after the tone what it is about.',
    answers: 'yes',
    reactions: [
      { says: ['Hello, is Doctor Stone there?'] },
      { hears: /after the tone/i, says: [1_500, 'This is Dana Reed. Please call me back about the invoice.'] },
    ],
  };
  await using system = await wholeSystem({ speed: 4 });
  const { lab, demo, database, client } = system;
  const { root } = database;
  await inTurns(system);
  lab.faults.model.refuseTexts = 2;
  const { heard, endedBy } = await lab.dial({ to: demo.phoneNumber, caller }).ended;
  expect(heard).toContain('Your message has been kept');
  expect(endedBy).toBe('program');
  await expect.poll(() => root.message.count(), { timeout: 30_000 }).toBe(1);
  const message = await root.message.findFirstOrThrow();
  expect(message).toMatchObject({
    body: 'Recorded message: This is Dana Reed. Please call me back about the invoice.',
    audioMediaType: expect.stringMatching(/wav/),
  });
  expect(await root.call.findFirstOrThrow()).toMatchObject({ endReason: 'message-recorded' });

  // The owner can hear it, and the carrier's copy is gone.
  const shape = z.object({ node: z.object({ audioUrl: z.url() }) });
  const { node } = await client.ask('query ($id: ID!) { node(id: $id) { ... on Message { audioUrl } } }', { id: encodeNodeId('Message', message.id) }, shape);
  const sound = Buffer.from(await (await fetch(node.audioUrl)).arrayBuffer());
  expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
  expect(sound.length).toBe(message.audioBytes);
  const deleted = () => lab.log.carrier.requests.filter(({ method, path }) => method === 'DELETE' && path.includes('/Recordings/')).length;
  await expect.poll(deleted, { timeout: 10_000 }).toBe(1);
});

test('where the realtime model cannot be had the carrier talks in its place, and the caller books all the same', { timeout: 120_000 }, async () => {
  await using system = await wholeSystem({ speed: 8 });
  const { lab, demo, database } = system;
  lab.faults.model.refuseConnections = 1_000;
  const { heard } = await lab.dial({ to: demo.phoneNumber, caller: 'books-a-haircut' }).ended;
  expect(heard).toMatch(/is booked for Sam Porter/);
  expect(await database.root.call.findFirstOrThrow()).toMatchObject({ engine: 'GATHER', outcome: 'COMPLETED' });
});

test('what a call by the realtime model cost is known by the model’s own figures, and then by the carrier’s own price', { timeout: 90_000 }, async () => {
  await using system = await wholeSystem({ speed: 20 });
  const { app, lab, demo, database, client } = system;
  const { root } = database;
  await lab.dial({ to: demo.phoneNumber, caller: 'leaves-a-message' }).ended;
  const { id } = await root.call.findFirstOrThrow();
  await expect.poll(() => root.call.count({ where: { summary: { not: null } } }), { timeout: 20_000 }).toBe(1);
  // The queue's clock does not run as fast as the lab's: what it would ask later is asked here.
  const inWorkspace = { ...app, db: tenantDb(root, demo.workspaceId) };
  await expect.poll(() => chargeCall(inWorkspace, { callId: id }), { timeout: 20_000, interval: 200 }).toBe('done');
  expect(await root.callCost.count({ where: { key: 'carrier:correction', source: 'carrier' } })).toBe(1);
  const shape = z.object({
    node: z.object({
      intent: z.string(),
      summary: z.string(),
      engine: z.literal('REALTIME'),
      totalCost: z.object({ amount: z.int().positive(), formatted: z.string() }),
      costs: z.array(z.object({ item: z.string(), micros: z.int(), quantity: z.number(), unit: z.string(), amount: z.object({ currency: z.literal('USD') }) })),
    }),
  });
  const query =
    'query ($id: ID!) { node(id: $id) { ... on Call { intent summary engine totalCost { amount formatted } costs { item micros quantity unit amount { currency } } } } }';
  const { node } = await client.ask(query, { id: encodeNodeId('Call', id) }, shape);
  expect(node.intent).toBe('Leave a message');
  const items = node.costs.map(({ item }) => item);
  for (const item of [
    'carrier-minutes-inbound',
    'carrier-stream',
    'voice-model-audio-in',
    'voice-model-audio-out',
    'voice-model-text-in',
    'transcription',
    'text-model-in',
  ])
    expect(items).toContain(item);
  expect(node.costs.reduce((sum, { micros }) => sum + micros, 0) / 10_000).toBeCloseTo(node.totalCost.amount, -1);
  // One row an item for the one connection that there was.
  const [{ answers } = { answers: [] }] = lab.log.model;
  expect(answers.length).toBeGreaterThan(2);
  expect(await root.callCost.count({ where: { item: 'voice-model-audio-out' } })).toBe(1);
});
