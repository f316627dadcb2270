import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import type { WebSocketEnding } from '../../src/kit/websocket-connection.ts';
import { connected, LARGEST, next, WebSocketHost } from '../support/websocket-pair.ts';

let host: WebSocketHost;
beforeAll(async () => {
  host = await WebSocketHost.listen();
});
afterAll(() => host[Symbol.asyncDispose]());

/** Our server with a client of the `ws` package. */
async function served() {
  const peer = new WebSocket(`ws://127.0.0.1:${host.port}/`, { perMessageDeflate: true });
  await once(peer, 'open');
  return { peer, ...(await next(host.accepted)) };
}

const pairs = [
  { side: 'a server', pair: served },
  { side: 'a client', pair: () => connected() },
] as const;

describe.each(pairs)('$side', ({ pair }) => {
  test('and a peer of another make understand each other, at every length', async () => {
    const { peer, connection, messages } = await pair();
    const heard = new AsyncQueue<string>();
    peer.on('message', (data) => void heard.push(data.toString()));
    for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, LARGEST]) {
      const text = 'ä'.repeat(length / 2) + 'x'.repeat(length % 2);
      connection.send(text);
      expect(await next(heard)).toBe(text);
      peer.send(text);
      expect(await next(messages)).toBe(text);
    }
    connection.together(() => {
      connection.sendParts(Buffer.from('{'), Buffer.from('"a":1'), Buffer.from('}'));
      connection.send('second');
    });
    expect([await next(heard), await next(heard)]).toEqual(['{"a":1}', 'second']);
    peer.send(Buffer.from('bytes'));
    expect(await next(messages)).toBe('binary bytes');
    peer.terminate();
  });

  test('keeps the order of any messages, whole or in fragments, with pings between them', async () => {
    const { peer, connection, messages } = await pair();
    let pongs = 0;
    peer.on('pong', () => pongs++);
    const parts = fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 2_000 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    let pings = 0;
    await fc.assert(
      fc.asyncProperty(parts, async (sent) => {
        for (const fragments of sent) {
          fragments.forEach((fragment, index) => peer.send(fragment.toWellFormed(), { fin: index === fragments.length - 1, binary: false }));
          peer.ping(String(pings++));
        }
        for (const fragments of sent) expect(await next(messages)).toBe(fragments.map((fragment) => fragment.toWellFormed()).join(''));
      }),
    );
    expect(connection.isOpen).toBe(true);
    await expect.poll(() => pongs).toBe(pings);
    peer.terminate();
  });

  test.each<[string, [code?: number, reason?: string], WebSocketEnding]>([
    ['with a code and a reason', [4000, 'enough'], { code: 4000, reason: 'enough', error: null }],
    ['without a code', [], { code: 1005, reason: '', error: null }],
  ])('that its peer closes %s tells so, and answers', async (_how, [code, reason], ending) => {
    const { peer, ended } = await pair();
    peer.close(code, reason);
    expect(await ended).toEqual(ending);
    if (peer.readyState !== WebSocket.CLOSED) await once(peer, 'close');
  });

  test('that closes is answered, and sends nothing more', async () => {
    const { peer, connection, ended } = await pair();
    const said: string[] = [];
    peer.on('message', (data) => said.push(data.toString()));
    const closed = once(peer, 'close');
    connection.send('last words');
    connection.close(4001, 'done');
    connection.send('too late');
    connection.close(4002);
    const [code, reason] = await closed;
    expect([code, String(reason), said]).toEqual([4001, 'done', ['last words']]);
    expect(await ended).toMatchObject({ code: 4001, error: null });
    expect(connection.isOpen).toBe(false);
  });

  test('that is sent too much says so, and reads on so that it is heard', async () => {
    const { peer, ended, messages } = await pair();
    peer.on('error', () => {});
    const closed = once(peer, 'close');
    peer.send('before');
    peer.send(Buffer.alloc(20 * LARGEST));
    expect((await closed)[0]).toBe(1009);
    expect(await ended).toMatchObject({ code: 1006, error: { message: expect.stringContaining('more than') } });
    expect(await next(messages)).toBe('before');
  });

  test('whose peer is gone without a word tells that', async () => {
    const { peer, ended } = await pair();
    peer.terminate();
    expect(await ended).toMatchObject({ code: 1006 });
  });

  test('that drops its connection tells nothing that comes after', async () => {
    const { peer, connection, messages, ended } = await pair();
    peer.send('first');
    expect(await next(messages)).toBe('first');
    for (let index = 0; index < 100; index++) peer.send('more');
    connection.terminate(new Error('it does not answer'));
    expect(await ended).toMatchObject({ code: 1006, error: { message: 'it does not answer' } });
    messages.close();
    expect((await messages.next()).done).toBe(true);
  });
});
