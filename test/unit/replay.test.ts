import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import type { BusItem, EventBus } from '../../src/ports/event-bus.ts';
import { followRows } from '../../src/realtime/follow-rows.ts';
import { followTranscript, type TranscriptRows } from '../../src/realtime/follow-transcript.ts';
import { listen, stoppable, type Wake } from '../../src/realtime/replay.ts';
import type { Topic, TranscriptMessage } from '../../src/realtime/topics.ts';

/** A bus in memory that counts who listens. */
function memoryBus() {
  const streams = new Map<string, Set<AsyncQueue<BusItem>>>();
  const to = (topic: string) => streams.get(topic) ?? new Set();
  const bus: EventBus = {
    publish: async (messages) => messages.forEach(({ topic, payload }) => to(topic).forEach((stream) => stream.push({ type: 'message', payload }))),
    async subscribe(topic) {
      const stream = new AsyncQueue<BusItem>({ onClose: () => to(topic).delete(stream) });
      streams.set(topic, to(topic).add(stream));
      return stream;
    },
    ping: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const listeners = () => [...streams.values()].reduce((sum, set) => sum + set.size, 0);
  const resync = (topic: string) => to(topic).forEach((stream) => stream.push({ type: 'resync' }));
  return { bus, listeners, resync };
}

const numbers: Topic<number> = { name: 'numbers', payload: z.int() };
const number = (value: unknown) => ({ topic: 'numbers', payload: JSON.stringify(value) });

describe('listening', () => {
  it('begins with a resync, then gives messages in order and passes on every resync', async () => {
    const { bus, resync } = memoryBus();
    const wakes = await listen(bus, [numbers], new AbortController().signal);
    await bus.publish([number(1), number(2)]);
    resync('numbers');
    const got = [await wakes.next(), await wakes.next(), await wakes.next(), await wakes.next()].map(({ value }) => value as unknown);
    expect(got).toEqual([{ type: 'resync' }, { type: 'message', payload: 1 }, { type: 'message', payload: 2 }, { type: 'resync' }]);
  });

  it('drops what is not of the shape of its topic', async () => {
    const { bus } = memoryBus();
    const wakes = await listen(bus, [numbers], new AbortController().signal);
    await bus.publish([number('one'), { topic: 'numbers', payload: '{' }, number(3)]);
    await wakes.next();
    expect((await wakes.next()).value).toEqual({ type: 'message', payload: 3 });
  });

  it('leaves the bus when aborted, when returned from, and when aborted while joining', async () => {
    const { bus, listeners } = memoryBus();
    const controller = new AbortController();
    const wakes = await listen(bus, [numbers, { ...numbers, name: 'others' }], controller.signal);
    expect(listeners()).toBe(2);
    await wakes.next();
    const waiting = wakes.next();
    controller.abort();
    expect((await waiting).done).toBe(true);
    expect(listeners()).toBe(0);

    const again = await listen(bus, [numbers], new AbortController().signal);
    await again.return?.();
    expect(listeners()).toBe(0);

    expect((await (await listen(bus, [numbers], AbortSignal.abort())).next()).done).toBe(true);
    expect(listeners()).toBe(0);
  });

  it('makes one resync of what a slow reader lets pile up', async () => {
    const { bus } = memoryBus();
    const wakes = await listen(bus, [numbers], new AbortController().signal);
    await bus.publish(Array.from({ length: 2_000 }, (_, index) => number(index)));
    await new Promise(setImmediate);
    const first = await wakes.next();
    expect(first.value).toEqual({ type: 'resync' });
  });
});

describe('a stoppable stream', () => {
  it('stops while it waits', async () => {
    const { bus, listeners } = memoryBus();
    const stream = stoppable(async function* (signal) {
      for await (const wake of await listen(bus, [numbers], signal)) yield wake;
    });
    await stream.next();
    const waiting = stream.next();
    await stream.return?.();
    expect((await waiting).done).toBe(true);
    expect(listeners()).toBe(0);
  });
});

describe('following rows', () => {
  it('shows each version of a row once, present ones first', async () => {
    const wakes = new AsyncQueue<Wake<string>>();
    const rows = new Map([
      ['a', 1],
      ['b', 1],
    ]);
    const row = (id: string) => ({ id, version: rows.get(id) ?? 0 });
    const view = followRows(wakes, (id: string) => id, {
      present: async () => [...rows.keys()].map(row),
      one: async (id) => (rows.has(id) ? row(id) : null),
      id: ({ id }) => id,
      version: ({ version }) => version,
    });
    wakes.push({ type: 'resync' });
    wakes.push({ type: 'message', payload: 'a' });
    wakes.push({ type: 'message', payload: 'nobody' });
    expect([(await view.next()).value, (await view.next()).value]).toEqual([row('a'), row('b')]);
    rows.set('a', 2);
    wakes.push({ type: 'message', payload: 'a' });
    wakes.push({ type: 'message', payload: 'a' });
    rows.set('c', 1);
    wakes.push({ type: 'resync' });
    expect([(await view.next()).value, (await view.next()).value]).toEqual([{ id: 'a', version: 2 }, row('c')]);
  });
});

describe('following a transcript', () => {
  interface Row {
    sequence: number;
    text: string;
    heardText: string;
    complete: boolean;
  }

  /** A conversation that a test writes by hand. */
  function conversation() {
    const wakes = new AsyncQueue<Wake<TranscriptMessage>>();
    const rows: Row[] = [];
    const state = { over: false };
    const source: TranscriptRows<Row> = {
      after: async (sequence) => rows.filter((row) => row.sequence > sequence).sort((a, b) => a.sequence - b.sequence),
      isOver: async () => state.over,
      spoken: ({ sequence, text }) => ({ sequence, text, heardText: text, complete: false }),
    };
    return {
      wakes,
      source,
      state,
      write(sequence: number, text: string, complete = true) {
        const row = { sequence, text, heardText: text, complete };
        const index = rows.findIndex((known) => known.sequence === sequence);
        if (index < 0) rows.push(row);
        else rows[index] = row;
        wakes.push({ type: 'message', payload: { type: 'recorded', sequence } });
      },
      speak: (sequence: number, text: string) =>
        wakes.push({
          type: 'message',
          payload: { type: 'speaking', sequence, speaker: 'CALLER', text, startedAt: '2026-03-02T10:00:00.000Z', audioMs: 0, heardMs: 0 },
        }),
    };
  }
  const all = async (view: AsyncIterable<{ turn: Row; partial: boolean }>) => {
    const seen: string[] = [];
    for await (const { turn, partial } of view) seen.push(`${turn.sequence} ${turn.text}${partial ? ' …' : ''}`);
    return seen;
  };

  it('gives the rows after the cursor, then what is spoken, then what was said, and ends when it is over', async () => {
    const { wakes, source, write, speak } = conversation();
    write(1, 'Hello.');
    write(2, 'Hi.');
    wakes.push({ type: 'resync' });
    speak(3, 'I would');
    speak(3, 'I would like');
    write(3, 'I would like a haircut.');
    speak(3, 'I would like');
    wakes.push({ type: 'message', payload: { type: 'over' } });
    expect(await all(followTranscript(wakes, source, 1))).toEqual(['2 Hi.', '3 I would like a haircut.']);
  });

  it('shows words as they are spoken', async () => {
    const { wakes, source, write, speak, state } = conversation();
    wakes.push({ type: 'resync' });
    speak(1, 'I');
    speak(1, 'I would');
    speak(1, 'I would');
    const view = followTranscript(wakes, source, 0);
    expect((await view.next()).value).toMatchObject({ partial: true, turn: { text: 'I' } });
    expect((await view.next()).value).toMatchObject({ partial: true, turn: { text: 'I would' } });
    write(1, 'I would.');
    state.over = true;
    wakes.push({ type: 'message', payload: { type: 'over' } });
    expect(await all(view)).toEqual(['1 I would.']);
  });

  it('holds a complete turn back until those before it are complete', async () => {
    const { wakes, source, write } = conversation();
    write(1, 'We have', false);
    write(2, 'Stop.');
    const view = followTranscript(wakes, source, 0);
    expect((await view.next()).value).toMatchObject({ partial: true, turn: { sequence: 1 } });
    expect((await view.next()).value).toMatchObject({ partial: true, turn: { sequence: 2 } });
    write(1, 'We have', true);
    wakes.push({ type: 'message', payload: { type: 'over' } });
    expect(await all(view)).toEqual(['1 We have', '2 Stop.']);
  });

  it('never shows less of a turn than it has shown', async () => {
    const { wakes, source, write, speak } = conversation();
    write(1, 'I would like', false);
    speak(1, 'I would');
    write(1, 'I would like that', false);
    wakes.push({ type: 'message', payload: { type: 'over' } });
    const view = followTranscript(wakes, source, 0);
    expect(await all(view)).toEqual(['1 I would like that …']);
  });

  it('ends at once where the call is over already', async () => {
    const { wakes, source, write, state } = conversation();
    write(1, 'Bye.');
    state.over = true;
    wakes.push({ type: 'resync' });
    expect(await all(followTranscript(wakes, source, 1))).toEqual([]);
  });
});
