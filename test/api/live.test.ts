import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Speaker } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { graphql } from '../gql/gql.ts';
import { drain, nodeId, type Person, type TestApi, take, testApi } from '../support/api.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { fillWorkspace, type World } from '../support/world.ts';

const CallState = graphql(`subscription LiveCall($id: ID!) { call(id: $id) { id status outcome durationSeconds } }`);
const Wall = graphql(`subscription LiveCalls { calls { id status } }`);
const Transcript = graphql(`subscription LiveTranscript($callId: ID!, $after: Int) {
  transcript(callId: $callId, after: $after) { partial turn { id sequence speaker text heardText complete interrupted } }
}`);
const Messages = graphql(`subscription LiveMessages { message { id body call { id } } }`);
const Bookings = graphql(`subscription LiveBookings($assistantId: ID) { booking(assistantId: $assistantId) { id status customerName } }`);
const SignOutLive = graphql(`mutation SignOutLive { signOut { signedOut } }`);

const WAYS = ['ws', 'sse'] as const;
const BUSES = redisInstalled ? (['Postgres', 'Redis'] as const) : (['Postgres'] as const);
if (!redisInstalled) console.info('live views over Redis: not tested, as no redis-server is installed');

describe.each(BUSES)('live views over %s', (busName) => {
  let api: TestApi;
  let ada: Person;
  let world: World;
  const opened = new AsyncDisposableStack();

  beforeAll(async () => {
    const env: Record<string, string> = busName === 'Redis' ? { REDIS_URL: opened.use(await startRedis()).url } : {};
    api = opened.use(await testApi({ env }));
    ada = await api.person();
    world = await fillWorkspace(api.database.root, ada.workspaceId, 'Ada');
  });
  afterAll(() => opened.disposeAsync());

  /** A call of its own for a test, as the bridge and the carrier would write it. */
  async function newCall() {
    const { root } = api.database;
    const { workspaceId } = ada;
    const data = {
      workspaceId,
      assistantId: world.Assistant,
      direction: 'INBOUND',
      status: 'RINGING',
      carrier: 'TWILIO',
      from: '+12025550177',
      to: '+12025550100',
    } as const;
    const call = await root.call.create({ data: { ...data, id: newId(), plan: {}, createdAt: new Date(), bridgeId: newId() } });
    const callId = call.id;
    return {
      id: callId,
      nodeId: nodeId('Call', callId),
      async change(change: Parameters<typeof root.call.update>[0]['data']) {
        const { version } = await root.call.update({ where: { id: callId }, data: { ...change, version: { increment: 1 } } });
        await api.app.events.announce([{ type: 'CallChanged', workspaceId, callId, version }]);
      },
      async turn(sequence: number, text: string, { speaker = 'CALLER', complete = true }: { speaker?: Speaker; complete?: boolean } = {}) {
        const turn = { speaker, text, heardText: text, complete };
        const where = { callId_sequence: { callId, sequence } };
        await root.transcriptTurn.upsert({ where, create: { ...turn, id: newId(), workspaceId, callId, sequence, startedAt: new Date() }, update: turn });
        await api.app.events.announce([{ type: 'TurnRecorded', workspaceId, callId, sequence }]);
      },
      speak: (sequence: number, text: string) =>
        api.app.events.announce([
          { type: 'TurnSpoken', workspaceId, callId, sequence, speaker: 'CALLER', text, startedAt: new Date(), audioMs: 0, heardMs: 0 },
        ]),
      async release() {
        await root.call.update({ where: { id: callId }, data: { status: 'ENDED', bridgeId: null, version: { increment: 1 } } });
        await api.app.events.announce([{ type: 'CallReleased', workspaceId, callId, assistantId: null }]);
      },
    };
  }

  describe.each(WAYS)('by %s', (over) => {
    it('a call is shown as it is, then with each change until it has ended', async () => {
      const call = await newCall();
      await using stream = api.subscribe(CallState, { id: call.nodeId }, { ...ada, over });
      expect((await take(stream, 1))[0]?.data?.call).toMatchObject({ id: call.nodeId, status: 'RINGING', outcome: null });
      await call.change({ status: 'IN_PROGRESS', answeredAt: new Date() });
      expect((await take(stream, 1))[0]?.data?.call.status).toBe('IN_PROGRESS');
      await call.change({ status: 'ENDED', outcome: 'COMPLETED', durationSeconds: 12 });
      expect((await drain(stream)).map(({ data }) => data?.call)).toEqual([{ id: call.nodeId, status: 'ENDED', outcome: 'COMPLETED', durationSeconds: 12 }]);
    });

    it('a call that is over is shown once', async () => {
      const call = await newCall();
      await call.change({ status: 'FAILED', outcome: 'NO_ANSWER' });
      await using stream = api.subscribe(CallState, { id: call.nodeId }, { ...ada, over });
      expect((await drain(stream)).map(({ data }) => data?.call.outcome)).toEqual(['NO_ANSWER']);
    });

    it('a transcript comes with what was said, what is being said, and ends with the call', async () => {
      const call = await newCall();
      await call.turn(1, 'Hello, this is Mia.', { speaker: 'ASSISTANT' });
      await using stream = api.subscribe(Transcript, { callId: call.nodeId, after: 0 }, { ...ada, over });
      const told = async () => {
        const event = (await take(stream, 1))[0]?.data?.transcript;
        return `${event?.turn.sequence} ${event?.turn.text}${event?.partial ? ' …' : ''}`;
      };
      expect(await told()).toBe('1 Hello, this is Mia.');
      await call.speak(2, 'A haircut');
      expect(await told()).toBe('2 A haircut …');
      await call.speak(2, 'A haircut, please');
      expect(await told()).toBe('2 A haircut, please …');
      await call.turn(2, 'A haircut, please.');
      expect(await told()).toBe('2 A haircut, please.');
      await call.turn(3, 'When would', { speaker: 'ASSISTANT', complete: false });
      expect(await told()).toBe('3 When would …');
      await call.turn(3, 'When would suit you?', { speaker: 'ASSISTANT' });
      expect(await told()).toBe('3 When would suit you?');
      await call.release();
      expect(await drain(stream)).toEqual([]);
    });

    it('a turn is the same object while it is spoken and afterwards', async () => {
      const call = await newCall();
      await using stream = api.subscribe(Transcript, { callId: call.nodeId }, { ...ada, over });
      // Joined once the first turn is told: words that nobody hears yet are not kept.
      await call.turn(1, 'Hello.');
      const [first] = await take(stream, 1);
      await call.speak(2, 'I');
      const [spoken] = await take(stream, 1);
      await call.turn(2, 'I see.');
      const [said] = await take(stream, 1);
      expect(spoken?.data?.transcript.turn.id).toBe(said?.data?.transcript.turn.id);
      expect(first?.data?.transcript.turn.id).not.toBe(said?.data?.transcript.turn.id);
      await call.release();
    });

    it('a transcript of a call that is over ends when all of it was sent, after any turn', async () => {
      const call = await newCall();
      for (let sequence = 1; sequence <= 3; sequence++) await call.turn(sequence, `Turn ${sequence}`);
      await call.release();
      for (const after of [0, 2, 3, 9]) {
        await using stream = api.subscribe(Transcript, { callId: call.nodeId, after }, { ...ada, over });
        expect((await drain(stream)).map(({ data }) => data?.transcript.turn.sequence)).toEqual([1, 2, 3].filter((sequence) => sequence > after));
      }
    });

    it('a subscriber that is cut off again and again and comes back with `after` has every turn exactly once', async () => {
      const call = await newCall();
      const turns = 40;
      const writing = (async () => {
        for (let sequence = 1; sequence <= turns; sequence++) {
          await call.speak(sequence, `Turn`);
          if (sequence % 3 === 0) await call.turn(sequence, `Turn ${sequence} is`, { complete: false });
          await call.turn(sequence, `Turn ${sequence} is said.`);
        }
        await call.release();
      })();
      const complete: { sequence: number; text: string }[] = [];
      let cuts = 0;
      for (let ended = false; !ended; ) {
        await using stream = api.subscribe(Transcript, { callId: call.nodeId, after: complete.at(-1)?.sequence ?? 0 }, { ...ada, over });
        for (let left = 5; left > 0 && !ended; left--) {
          const { value, done } = await stream.next();
          ended = done === true;
          const event = value?.data?.transcript;
          if (event && !event.partial) complete.push(event.turn);
          if (event?.partial) expect(event.turn.sequence).toBeGreaterThan(complete.at(-1)?.sequence ?? 0);
        }
        cuts++;
      }
      await writing;
      expect(cuts).toBeGreaterThan(5);
      expect(complete.map(({ sequence }) => sequence)).toEqual(Array.from({ length: turns }, (_, index) => index + 1));
      expect(complete.every(({ sequence, text }) => text === `Turn ${sequence} is said.`)).toBe(true);
    });

    it('the wall shows calls under way, then each as it starts, changes and ends', async () => {
      const running = await newCall();
      await using stream = api.subscribe(Wall, {}, { ...ada, over });
      const until = async (id: string, status: string) => {
        for (;;) {
          const call = (await take(stream, 1))[0]?.data?.calls;
          if (call?.id === id && call.status === status) return;
        }
      };
      await until(running.nodeId, 'RINGING');
      const call = await newCall();
      await call.change({ status: 'IN_PROGRESS' });
      await until(call.nodeId, 'IN_PROGRESS');
      await call.change({ status: 'ENDED' });
      await until(call.nodeId, 'ENDED');
      await running.change({ status: 'FAILED' });
      await until(running.nodeId, 'FAILED');
    });

    it('messages and bookings are shown as they stand, then as they come and change', async () => {
      const { root } = api.database;
      const { workspaceId } = ada;
      await using messages = api.subscribe(Messages, {}, { ...ada, over });
      expect((await take(messages, 1))[0]?.data?.message).toMatchObject({ body: 'Ada', call: { id: nodeId('Call', world.Call) } });
      const message = await root.message.create({ data: { id: newId(), workspaceId, callId: world.Call, body: 'Call me back.', createdAt: new Date() } });
      await api.app.events.announce([{ type: 'MessageTaken', workspaceId, callId: world.Call, messageId: message.id }]);
      expect((await take(messages, 1))[0]?.data?.message.body).toBe('Call me back.');
      await root.message.delete({ where: { id: message.id } });

      await using bookings = api.subscribe(Bookings, { assistantId: nodeId('Assistant', world.Assistant) }, { ...ada, over });
      expect((await take(bookings, 1))[0]?.data?.booking).toMatchObject({ id: nodeId('Booking', world.Booking), status: 'CONFIRMED' });
      await root.booking.update({ where: { id: world.Booking }, data: { customerName: `Ada by ${over}`, updatedAt: new Date() } });
      await api.app.events.announce([{ type: 'BookingChanged', workspaceId, assistantId: world.Assistant, bookingId: world.Booking }]);
      expect((await take(bookings, 1))[0]?.data?.booking.customerName).toBe(`Ada by ${over}`);
    });

    it('a stream ends when its sign-in ends', async () => {
      const eve = await api.person('Eve');
      const { Call } = await fillWorkspace(api.database.root, eve.workspaceId, 'Eve');
      await using stream = api.subscribe(CallState, { id: nodeId('Call', Call) }, { ...eve, over });
      await take(stream, 1);
      await api.gql(SignOutLive, {}, eve);
      const [last] = await take(stream, 1);
      expect(last?.errors?.[0]?.extensions.code).toBe(over === 'ws' ? 'CLOSED 4403' : 'UNAUTHENTICATED');
      if (over === 'sse') expect(await drain(stream)).toEqual([]);
    });

    it('a refusal at the start is an error with a code', async () => {
      const code = async (variables: { callId: string; after?: number }, person: { token?: string }) => {
        await using stream = api.subscribe(Transcript, variables, { ...person, over });
        return (await take(stream, 1))[0]?.errors?.[0]?.extensions.code;
      };
      expect(await code({ callId: nodeId('Call', newId()) }, ada)).toBe('NOT_FOUND');
      expect(await code({ callId: nodeId('Assistant', world.Assistant) }, ada)).toBe('NOT_FOUND');
      expect(await code({ callId: nodeId('Call', world.Call), after: -1 }, ada)).toBe('BAD_USER_INPUT');
      expect(await code({ callId: nodeId('Call', world.Call) }, {})).toBe('UNAUTHENTICATED');
    });
  });

  it('nothing is missed while the bus is away', async () => {
    const call = await newCall();
    await using stream = api.subscribe(Transcript, { callId: call.nodeId }, { ...ada, over: 'ws' });
    await call.turn(1, 'Before.');
    expect((await take(stream, 1))[0]?.data?.transcript.turn.text).toBe('Before.');
    // Written without a word to anybody, as when the message was lost on the way.
    const { workspaceId } = ada;
    const spoken = { speaker: 'CALLER', text: 'Meanwhile.', heardText: 'Meanwhile.', startedAt: new Date() } as const;
    await api.database.root.transcriptTurn.create({ data: { ...spoken, id: newId(), workspaceId, callId: call.id, sequence: 2 } });
    await cutBus(api, busName);
    expect((await take(stream, 1))[0]?.data?.transcript.turn.text).toBe('Meanwhile.');
  });
});

/** Breaks the connection on which the process listens. */
async function cutBus(api: TestApi, bus: 'Postgres' | 'Redis'): Promise<void> {
  if (bus === 'Redis') {
    const { Redis } = await import('ioredis');
    const redis = new Redis(api.app.config.redisUrl ?? '');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    redis.disconnect();
    return;
  }
  const client = new pg.Client({ connectionString: api.database.url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and (query ilike 'listen %' or query ilike '%pg_notify%')`,
  );
  await client.end();
}
