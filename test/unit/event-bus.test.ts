import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { BusStream, EventBus } from '../../src/ports/event-bus.ts';
import { connectPostgresBus } from '../../src/vendors/postgres/bus.ts';
import { connectRedisBus } from '../../src/vendors/redis/bus.ts';
import { testDatabase } from '../support/database.ts';
import { quiet } from '../support/quiet.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';

/** One kind of bus: two processes' ends of it, and a way to break it. */
interface Ground extends AsyncDisposable {
  readonly one: EventBus;
  readonly other: EventBus;
  readonly metrics: ReturnType<typeof quiet>['metrics'];
  /** Cuts every connection; resolves once the bus may come back by itself. Missing where the server is not ours to break. */
  interrupt?(): Promise<void>;
}

const postgres = async (): Promise<Ground> => {
  const database = await testDatabase();
  const reports = quiet();
  const one = await connectPostgresBus({ url: database.url, ...reports });
  const other = await connectPostgresBus({ url: database.url, ...quiet() });
  return {
    one,
    other,
    metrics: reports.metrics,
    async interrupt() {
      const admin = new pg.Client({ connectionString: database.url });
      await admin.connect();
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
      await admin.end();
    },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
};

const redis = async (): Promise<Ground> => {
  const server = await startRedis();
  return { ...(await redisGround(server.url, server)), interrupt: () => server.kill().then(server.start) };
};

async function redisGround(url: string, server?: AsyncDisposable): Promise<Ground> {
  const reports = quiet();
  const one = await connectRedisBus({ url, ...reports });
  const other = await connectRedisBus({ url, ...quiet() });
  return {
    one,
    other,
    metrics: reports.metrics,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
    },
  };
}

async function take(stream: BusStream, count: number): Promise<string[]> {
  const items: string[] = [];
  while (items.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    items.push(value.type === 'message' ? value.payload : value.type);
  }
  return items;
}

const sharedRedis = process.env.REDIS_URL;
const kinds = [
  { name: 'over Postgres', open: postgres, runs: true },
  redisInstalled
    ? { name: 'over Redis', open: redis, runs: true }
    : sharedRedis
      ? { name: 'over the Redis of REDIS_URL', open: () => redisGround(sharedRedis), runs: true }
      : { name: 'over Redis: not tested, as no redis-server is installed and REDIS_URL is not set', open: redis, runs: false },
];

for (const { name, open, runs } of kinds)
  describe.skipIf(!runs)(`a bus ${name}`, () => {
    test('brings messages to every process that reads their topic, in order, and to no other topic', async () => {
      await using ground = await open();
      const here = await ground.one.subscribe('call:1');
      const there = await ground.other.subscribe('call:1');
      const elsewhere = await ground.other.subscribe('call:2');
      await ground.one.publish([1, 2, 3].map((n) => ({ topic: 'call:1', payload: `{"n":${n}}` })));
      await ground.one.publish([{ topic: 'call:2', payload: '"last\\nline"' }]);
      expect(await take(here, 3)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
      expect(await take(there, 3)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
      expect(await take(elsewhere, 1)).toEqual(['"last\\nline"']);
    });

    test('keeps the order of a thousand calls to publish, equal payloads included', async () => {
      await using ground = await open();
      const reader = await ground.other.subscribe('t');
      const payloads = Array.from({ length: 900 }, (_, index) => String(index % 7));
      for (const payload of payloads) void ground.one.publish([{ topic: 't', payload }]);
      expect(await take(reader, payloads.length)).toEqual(payloads);
    });

    test('tells every reader to read again after the connection was away, and carries on', async ({ skip }) => {
      await using ground = await open();
      if (!ground.interrupt) return skip('only where redis-server is installed');
      const readers = [await ground.other.subscribe('a'), await ground.other.subscribe('b')];
      await ground.interrupt();
      expect(await Promise.all(readers.map((reader) => take(reader, 1)))).toEqual([['resync'], ['resync']]);
      await expect
        .poll(() =>
          ground.one.ping().then(
            () => 'up',
            () => 'down',
          ),
        )
        .toBe('up');
      await ground.one.publish([
        { topic: 'a', payload: '1' },
        { topic: 'b', payload: '2' },
      ]);
      const next = async (reader: BusStream) => {
        // The other end may have come back twice.
        for (let [item] = await take(reader, 1); ; [item] = await take(reader, 1)) if (item !== 'resync') return item;
      };
      expect(await Promise.all(readers.map(next))).toEqual(['1', '2']);
    });

    test('gives a reader that is too slow one word instead of all it missed', async () => {
      await using ground = await open();
      const slow = await ground.other.subscribe('t');
      const after = await ground.other.subscribe('u');
      await ground.one.publish(Array.from({ length: 1_500 }, (_, index) => ({ topic: 't', payload: String(index) })));
      await ground.one.publish([{ topic: 'u', payload: '"all sent"' }]);
      await take(after, 1);
      const waiting = await take(slow, 500);
      expect(waiting[0]).toBe('resync');
      expect(waiting.at(-1)).toBe('1499');
    });

    test('drops a payload that is too long, counts it, and sends the rest', async () => {
      await using ground = await open();
      const reader = await ground.other.subscribe('t');
      await ground.one.publish([
        { topic: 't', payload: JSON.stringify('x'.repeat(7_000)) },
        { topic: 't', payload: JSON.stringify('x'.repeat(6_998)) },
      ]);
      expect((await take(reader, 1))[0]?.length).toBe(7_000);
      expect(await ground.metrics.metrics()).toContain('bus_messages_dropped_total 1');
    });

    test('loses no message to a reader that comes while the last one leaves', async () => {
      await using ground = await open();
      for (let round = 0; round < 30; round++) {
        const leaving = await ground.other.subscribe('t');
        const left = leaving.return?.();
        const coming = await ground.other.subscribe('t');
        await left;
        await ground.one.publish([{ topic: 't', payload: String(round) }]);
        expect(await take(coming, 1)).toEqual([String(round)]);
        await coming[Symbol.asyncDispose]();
      }
    });

    test('ends its readers when it is disposed', async () => {
      await using ground = await open();
      const reader = await ground.other.subscribe('t');
      const waiting = reader.next();
      await ground.other[Symbol.asyncDispose]();
      expect((await waiting).done).toBe(true);
    });
  });

test.skipIf(!redisInstalled)('with Redis away publishing neither fails nor hangs, readers may come, and all is well when it is back', async () => {
  await using server = await startRedis();
  const reports = quiet();
  await using bus = await connectRedisBus({ url: server.url, ...reports });
  await server.kill();
  await bus.publish([{ topic: 't', payload: '1' }]);
  await expect.poll(() => reports.metrics.metrics()).toContain('bus_messages_dropped_total 1');
  await expect(bus.ping()).rejects.toThrow();
  const reader = await bus.subscribe('t');
  await server.start();
  expect(await take(reader, 1)).toEqual(['resync']);
  await expect
    .poll(() =>
      bus.ping().then(
        () => 'up',
        () => 'down',
      ),
    )
    .toBe('up');
  await bus.publish([{ topic: 't', payload: '2' }]);
  expect(await take(reader, 1)).toEqual(['2']);
});

test.skipIf(!redisInstalled)('a process that starts while Redis is away joins it once it is there', async () => {
  await using server = await startRedis();
  await server.kill();
  await using bus = await connectRedisBus({ url: server.url, ...quiet() });
  const reader = await bus.subscribe('t');
  await server.start();
  expect(await take(reader, 1)).toEqual(['resync']);
});
