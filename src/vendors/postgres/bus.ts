import { setTimeout as sleep, setInterval as ticks } from 'node:timers/promises';
import pg from 'pg';
import type { Registry } from 'prom-client';
import { countDroppedMessages } from '../../kit/dropped-messages.ts';
import { FanOut } from '../../kit/fan-out.ts';
import type { Logger } from '../../kit/logger.ts';
import { Outbox } from '../../kit/outbox.ts';
import { SECOND } from '../../kit/time.ts';
import { type BusItem, type BusMessage, type EventBus, MAXIMUM_PAYLOAD_BYTES } from '../../ports/event-bus.ts';

const CHANNEL = 'callgraph';

export interface PostgresBusOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/**
 * A bus over LISTEN/NOTIFY: one channel, and one connection of its own that listens and sends. Postgres delivers at
 * commit and in order, keeps nothing for a listener that is away, and takes payloads under 8,000 bytes.
 *
 * @throws Error where the database does not answer at the start; later it reconnects by itself.
 */
export async function connectPostgresBus({ url, logger, metrics }: PostgresBusOptions): Promise<EventBus> {
  const stopping = new AbortController();
  const fanOut = new FanOut<BusItem>({ limit: 1_000, missed: () => ({ type: 'resync' }) });
  const dropped = countDroppedMessages(logger, metrics);
  let client: pg.Client | null = null;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5 * SECOND, query_timeout: 5 * SECOND });
    next.on('notification', ({ payload }) => {
      const message = decode(payload ?? '');
      if (message) fanOut.deliver(message.topic, { type: 'message', payload: message.payload });
    });
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next, new Error('the connection was closed')));
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
    } catch (error) {
      next.end().catch(() => {});
      throw error;
    }
    client = next;
  }

  function lost(connection: pg.Client, error: unknown): void {
    if (client !== connection || stopping.signal.aborted) return;
    client = null;
    connection.end().catch(() => {});
    logger.warn({ err: error }, 'the live bus lost its database connection');
    reconnect().catch(() => {});
  }

  async function reconnect(): Promise<void> {
    for (let delayMs = 50; ; delayMs = Math.min(2 * delayMs, 2 * SECOND)) {
      await sleep(delayMs, undefined, { signal: stopping.signal });
      const failed = await connect().catch((error: unknown) => error ?? new Error('unknown'));
      if (failed) logger.debug({ err: failed }, 'the live bus could not reconnect');
      else break;
    }
    if (stopping.signal.aborted) return void client?.end();
    logger.info('the live bus is connected again');
    fanOut.deliverToAll({ type: 'resync' });
  }

  /** Finds a connection that died without a word. */
  async function watch(): Promise<void> {
    for await (const _ of ticks(15 * SECOND, undefined, { signal: stopping.signal, ref: false })) {
      const watched = client;
      await watched?.query('select 1').catch((error: unknown) => lost(watched, error));
    }
  }

  const outbox = new Outbox<BusMessage>({
    limit: 20_000,
    onDropped: dropped,
    async send(batch) {
      if (!client) throw new Error('the live bus is not connected');
      // Equal payloads of one statement would arrive as one: the index keeps them apart.
      const payloads = batch.map(({ topic, payload }, index) => `${index}\n${topic}\n${payload}`);
      await client.query('select count(pg_notify($1, payload)) from unnest($2::text[]) as payload', [CHANNEL, payloads]);
    },
  });

  await connect();
  watch().catch(() => {});
  return {
    async publish(messages) {
      const short = messages.filter(({ payload }) => Buffer.byteLength(payload) <= MAXIMUM_PAYLOAD_BYTES);
      if (short.length < messages.length) dropped(messages.length - short.length, new Error(`a payload is over ${MAXIMUM_PAYLOAD_BYTES} bytes`));
      if (short.length > 0) await outbox.put(short);
    },
    subscribe: (topic) => fanOut.open(topic),
    async ping() {
      if (!client) throw new Error('the live bus is not connected');
      await client.query('select 1');
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      fanOut.close();
      await client?.end();
    },
  };
}

function decode(text: string): BusMessage | null {
  const topicAt = text.indexOf('\n') + 1;
  const payloadAt = text.indexOf('\n', topicAt) + 1;
  return topicAt && payloadAt ? { topic: text.slice(topicAt, payloadAt - 1), payload: text.slice(payloadAt) } : null;
}
