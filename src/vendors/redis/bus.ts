import { setInterval as ticks } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { Registry } from 'prom-client';
import { countDroppedMessages } from '../../kit/dropped-messages.ts';
import { FanOut } from '../../kit/fan-out.ts';
import type { Logger } from '../../kit/logger.ts';
import { Outbox } from '../../kit/outbox.ts';
import { SECOND } from '../../kit/time.ts';
import { type BusItem, type BusMessage, type EventBus, MAXIMUM_PAYLOAD_BYTES } from '../../ports/event-bus.ts';

const PREFIX = 'callgraph:';
/** Channels in one SUBSCRIBE, and messages in one script. */
const CHUNK = 1_000;
/** One command for many messages: a command for each costs a call's process more than the message itself. */
const PUBLISH_ALL = `for at = 1, #ARGV, 2 do redis.call('PUBLISH', ARGV[at], ARGV[at + 1]) end`;

const CONNECTION: RedisOptions = {
  lazyConnect: true,
  // A message that cannot leave now is worth nothing later, and one whose fate is unknown must not go twice.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 3 * SECOND,
  connectTimeout: 5 * SECOND,
  retryStrategy: (times) => Math.min(50 * 2 ** times, 2 * SECOND),
  // Done below, where it is followed by `resync`.
  autoResubscribe: false,
};

export interface RedisBusOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** A bus over Redis' own publish and subscribe, which keeps nothing for a subscriber that is away. Connects and reconnects by itself. */
export async function connectRedisBus({ url, logger, metrics }: RedisBusOptions): Promise<EventBus> {
  const stopping = new AbortController();
  const publisher = new Redis(url, CONNECTION);
  const subscriber = new Redis(url, CONNECTION);
  const dropped = countDroppedMessages(logger, metrics);
  const isReady = () => subscriber.status === 'ready';

  const fanOut = new FanOut<BusItem>({
    limit: 1_000,
    missed: () => ({ type: 'resync' }),
    async join(topic) {
      // A topic that is not joined now is joined with the others once the connection stands.
      if (isReady()) await subscriber.subscribe(PREFIX + topic).catch(restart);
    },
    async leave(topic) {
      if (isReady()) await subscriber.unsubscribe(PREFIX + topic);
    },
  });

  /** A command that Redis refused is the caller's to know; one that got no answer tells of a dead connection. */
  function restart(error: unknown): void {
    if (error instanceof Error && error.name === 'ReplyError') throw error;
    if (isReady()) subscriber.disconnect(true);
  }

  async function joinAll(): Promise<void> {
    const channels = fanOut.topics().map((topic) => PREFIX + topic);
    for (let start = 0; start < channels.length; start += CHUNK) await subscriber.subscribe(...channels.slice(start, start + CHUNK));
    fanOut.deliverToAll({ type: 'resync' });
  }

  /** Finds a connection that died without a word. */
  async function watch(): Promise<void> {
    for await (const _ of ticks(15 * SECOND, undefined, { signal: stopping.signal, ref: false })) {
      if (isReady()) await subscriber.ping().catch(restart);
    }
  }

  let away = false;
  subscriber.on('ready', () => {
    if (away) logger.info('the live bus is connected again');
    away = false;
    joinAll().catch(restart);
  });
  subscriber.on('error', (error) => {
    if (!away) logger.warn({ err: error }, 'the live bus has no connection to Redis');
    away = true;
  });
  publisher.on('error', () => {});
  subscriber.on('message', (channel, payload) => fanOut.deliver(channel.slice(PREFIX.length), { type: 'message', payload }));

  const outbox = new Outbox<BusMessage>({
    limit: 20_000,
    onDropped: dropped,
    async send(batch) {
      for (let start = 0; start < batch.length; start += CHUNK) {
        const words = batch.slice(start, start + CHUNK).flatMap(({ topic, payload }) => [PREFIX + topic, payload]);
        await publisher.eval(PUBLISH_ALL, 0, ...words);
      }
    },
  });

  // Where Redis is away at the start, live views begin once it is there; /ready says so until then.
  await Promise.allSettled([publisher.connect(), subscriber.connect()]);
  watch().catch(() => {});
  return {
    async publish(messages) {
      const short = messages.filter(({ payload }) => Buffer.byteLength(payload) <= MAXIMUM_PAYLOAD_BYTES);
      if (short.length < messages.length) dropped(messages.length - short.length, new Error(`a payload is over ${MAXIMUM_PAYLOAD_BYTES} bytes`));
      if (short.length > 0) await outbox.put(short);
    },
    subscribe: (topic) => fanOut.open(topic),
    async ping() {
      await Promise.all([publisher.ping(), subscriber.ping()]);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      fanOut.close();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
