import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeNodeId } from '../../src/graphql/node-ids.ts';
import type { Caller } from '../../src/simulator/callers/caller.ts';
import { type WholeSystem, wholeSystem } from '../support/whole-system.ts';

let system: WholeSystem;
beforeAll(async () => {
  // A Tuesday at noon in New York: the business is open.
  system = await wholeSystem({ speed: 5, startsAt: new Date('2026-03-03T17:00:00Z') });
  await system.database.root.phoneLine.updateMany({ where: { workspaceId: system.demo.workspaceId }, data: { carrier: 'TWILIO', isPrimary: true } });
});
afterAll(() => system?.[Symbol.asyncDispose]());

const rowOf = (carrierCallId: string) => system.database.root.call.findUniqueOrThrow({ where: { carrierCallId } });
const turnsOf = (callId: string) => system.database.root.transcriptTurn.findMany({ where: { callId }, orderBy: { sequence: 'asc' } });

/** Rings the assistant, whose callers are put through to `transferTo`, and waits for the end. */
async function ring(caller: string, transferTo: string) {
  await system.database.root.assistant.update({ where: { id: system.demo.assistantId }, data: { transferTo } });
  const { carrierCallId, ended } = system.lab.dial({ to: system.demo.phoneNumber, caller });
  const log = await ended;
  await expect.poll(async () => (await rowOf(carrierCallId)).status, { timeout: 20_000, interval: 50 }).toBe('ENDED');
  const call = await rowOf(carrierCallId);
  const person = system.lab.log.carrier.calls.find(({ parentSid }) => parentSid === carrierCallId);
  return { log, call, person, turns: await turnsOf(call.id) };
}

describe('a caller who asks for a person', () => {
  test('is put through: the person hears who calls and what about, presses 1, and they talk', { timeout: 60_000 }, async () => {
    const { log, call, person, turns } = await ring('asks-for-a-person', '+12025550130');
    expect(log.heard).toContain('One moment, I am putting you through.');
    expect(person?.heard).toContain('A call for you from Marta Olsen. It is about: my invoice. Press 1 to take the call.');
    expect(log.heard).toContain('Good morning, this is Kim.');
    expect(person?.heard).toContain('Hello Kim, my invoice is wrong.');
    expect(log.heard).toContain('I will look into it.');
    expect(call).toMatchObject({ outcome: 'TRANSFERRED', transferredTo: '+12025550130', bridgeId: null });
    expect(person).toMatchObject({ status: 'completed', from: system.demo.phoneNumber });
    expect(turns.at(-1)).toMatchObject({ speaker: 'SYSTEM', text: 'The call was put through to +12025550130.', heardText: '' });
    expect(system.lab.log.carrier.notifications).toEqual([]);
  });

  test.each([
    ['+12025550121', 'the line was busy'],
    ['+12025550131', 'the person did not take it'],
    ['+12025550132', 'the person did not take it'],
  ])('comes back to the assistant where %s cannot take the call, and leaves a message', { timeout: 90_000 }, async (to, reason) => {
    const { log, call, turns } = await ring('asks-for-a-person', to);
    expect(log.heard).toContain('nobody can take the call right now. May I take a message?');
    expect(call).toMatchObject({ outcome: 'COMPLETED', transferredTo: null, bridgeCount: 2 });
    expect(turns.filter(({ speaker }) => speaker === 'SYSTEM').map(({ text }) => text)).toEqual([`Nobody could take the call: ${reason}.`]);
    expect(await system.database.root.message.findMany({ where: { callId: call.id } })).toMatchObject([
      { callerName: 'Marta Olsen', body: expect.stringContaining('My invoice from May is wrong') },
    ]);
  });
});

describe('a caller who is talked to in turns', () => {
  const inTurns = (engine: 'GATHER' | 'REALTIME') => system.database.root.assistant.update({ where: { id: system.demo.assistantId }, data: { engine } });
  beforeAll(() => inTurns('GATHER'));
  afterAll(() => inTurns('REALTIME'));

  test('is put through as well', { timeout: 60_000 }, async () => {
    const { log, call, person } = await ring('asks-for-a-person', '+12025550130');
    expect(log.streams).toEqual([]);
    expect(person?.heard).toContain('It is about: my invoice.');
    expect(log.heard).toContain('I will look into it.');
    expect(call).toMatchObject({ outcome: 'TRANSFERRED', transferredTo: '+12025550130', engine: 'GATHER' });
  });

  test('and comes back where the line is busy', { timeout: 60_000 }, async () => {
    const { call } = await ring('asks-for-a-person', '+12025550121');
    expect(call).toMatchObject({ outcome: 'COMPLETED', transferredTo: null, engine: 'GATHER' });
    expect(await system.database.root.callTransfer.findMany({ where: { callId: call.id } })).toMatchObject([{ status: 'FAILED', failure: 'busy' }]);
  });
});

const patient: Caller = {
  key: 'waits',
  name: 'Pat Ient',
  number: '+12025550114',
  description: 'Listens.',
  answers: 'yes',
  patienceMs: 120_000,
  // Without a word: what is said last is written down only once the row has ended.
  reactions: [{ hears: /thank you, goodbye/i, hangsUp: true }],
};

const PLACE = 'mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } errors { code message } } }';
const placed = z.object({ placeCall: z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })) }) });
const STEER = 'mutation ($input: SteerCallInput!) { steerCall(input: $input) { call { id } errors { code message } } }';
const steered = z.object({ steerCall: z.object({ errors: z.array(z.object({ code: z.string() })) }) });

describe('a live call', () => {
  test('says what a person has it say, word for word, and acts on what is whispered', { timeout: 60_000 }, async () => {
    const { carrierCallId, ended } = system.lab.dial({ to: system.demo.phoneNumber, caller: patient });
    const live = () => system.lab.log.call(carrierCallId)?.heard ?? '';
    await expect.poll(live, { timeout: 20_000, interval: 50 }).toContain('How can I help you?');
    const { id } = await rowOf(carrierCallId);
    const steer = async (input: object) =>
      (await system.client.ask(STEER, { input: { callId: encodeNodeId('Call', id), ...input } }, steered)).steerCall.errors.map(({ code }) => code);
    expect(await steer({ say: 'Mara will be with you at noon.' })).toEqual([]);
    await expect.poll(live, { timeout: 20_000, interval: 50 }).toContain('Mara will be with you at noon.');
    expect(await steer({ whisper: 'Tell them "We have cake today."' })).toEqual([]);
    await expect.poll(live, { timeout: 20_000, interval: 50 }).toContain('We have cake today.');
    expect(await steer({})).toEqual(['INVALID']);
    expect(await steer({ say: 'Thank you, goodbye.' })).toEqual([]);
    await ended;
    await expect.poll(async () => (await rowOf(carrierCallId)).status, { timeout: 20_000, interval: 50 }).toBe('ENDED');
    expect(await steer({ say: 'Anybody there?' })).toEqual(['ILLEGAL_STATE']);
    const turns = await turnsOf(id);
    expect(turns.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['ASSISTANT', expect.stringContaining('Harbour Hair')],
      ['ASSISTANT', 'Mara will be with you at noon.'],
      ['SYSTEM', 'Tell them "We have cake today."'],
      ['ASSISTANT', 'We have cake today.'],
      ['ASSISTANT', 'Thank you, goodbye.'],
    ]);
    expect(live()).not.toContain('Tell them');
    const taken = await system.database.root.callCommand.findMany({ where: { callId: id } });
    expect(taken).toHaveLength(3);
    expect(taken.every(({ takenBy }) => takenBy !== null)).toBe(true);
  });

  test('hears keys as a turn of the caller', { timeout: 60_000 }, async () => {
    const keys: Caller = { ...patient, key: 'presses-a-number', reactions: [{ presses: '42#' }, { hears: /You pressed/, says: ['Goodbye.'], hangsUp: true }] };
    const { carrierCallId, ended } = system.lab.dial({ to: system.demo.phoneNumber, caller: keys });
    expect((await ended).heard).toContain('You pressed 4 2 #. How can I help you?');
    const { id } = await rowOf(carrierCallId);
    expect((await turnsOf(id)).slice(1, 3).map(({ speaker, text }) => [speaker, text])).toEqual([
      ['CALLER', '[pressed 4 2 #]'],
      ['ASSISTANT', 'You pressed 4 2 #. How can I help you?'],
    ]);
  });

  test('presses the key that a menu asks for, in a call that it places', { timeout: 60_000 }, async () => {
    const input = { to: '+12025550133', assistantId: encodeNodeId('Assistant', system.demo.assistantId) };
    const { placeCall } = await system.client.ask(PLACE, { input }, placed);
    expect(placeCall.errors).toEqual([]);
    const log = () => system.lab.log.carrier.calls.find(({ to }) => to === '+12025550133');
    await expect.poll(() => log()?.keysHeard, { timeout: 30_000, interval: 50 }).toBe('4');
    await expect.poll(() => log()?.status, { timeout: 30_000, interval: 50 }).toBe('completed');
  });
});
