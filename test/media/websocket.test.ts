import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import type { WebSocketConnection, WebSocketEnding } from '../../src/kit/websocket-connection.ts';
import { wholeFrame } from '../../src/kit/websocket-frame.ts';
import { acceptWebSocket, connectWebSocket } from '../../src/kit/websocket-handshake.ts';
import { certificate, privateKey } from '../fixtures/localhost-certificate.ts';

/** Our half of a connection, and what it was told. */
interface Half {
  readonly connection: WebSocketConnection;
  readonly messages: AsyncQueue<string>;
  readonly ended: Promise<WebSocketEnding>;
}

const LARGEST = 100_000;
const server = http.createServer();
let port = 0;
const accepted = new AsyncQueue<Half>();

/** Handlers that write down what they are told. */
function witness() {
  const messages = new AsyncQueue<string>();
  const { promise: ended, resolve: closed } = Promise.withResolvers<WebSocketEnding>();
  return {
    messages,
    ended,
    handlers: { message: (payload: Buffer, isBinary: boolean) => void messages.push(`${isBinary ? 'binary ' : ''}${payload}`), closed },
  };
}

beforeAll(async () => {
  server.on('upgrade', (request, socket, head) => {
    if (!(socket instanceof Socket)) throw new Error('not a socket');
    const { handlers, ...seen } = witness();
    const connection = acceptWebSocket(request, socket, head, { largestMessage: LARGEST }, handlers);
    if (connection) accepted.push({ connection, ...seen });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

const next = async <T>(queue: AsyncQueue<T>): Promise<T> => {
  const { value, done } = await queue.next();
  if (done) throw new Error('nothing follows');
  return value;
};

/** Our server with a client of the `ws` package. */
async function served() {
  const peer = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: true });
  await once(peer, 'open');
  return { peer, ...(await next(accepted)) };
}

/** Our client with a server of the `ws` package. */
async function connected(address = 'ws://127.0.0.1', listener: http.Server | net.Server = http.createServer()) {
  const sockets = new WebSocketServer({ noServer: true });
  listener.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (peer) => sockets.emit('connection', peer)));
  const arrives = once(sockets, 'connection');
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { handlers, ...seen } = witness();
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const url = new URL(`${address}:${(listener.address() as AddressInfo).port}/path?model=a`);
  const connection = connectWebSocket(url, { headers: { authorization: 'Bearer b' }, largestMessage: LARGEST }, { ...handlers, opened: resolve });
  const [peer]: WebSocket[] = await arrives;
  await opened;
  if (!peer) throw new Error('nobody connected');
  peer.once('close', () => listener.close());
  return { peer, connection, ...seen };
}

const pairs = [
  { side: 'a server', pair: served },
  { side: 'a client', pair: connected },
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

describe('a server', () => {
  /** Speaks to it without any package. */
  async function raw(head: string, frames: Buffer = Buffer.alloc(0)) {
    const socket = net.connect(port, '127.0.0.1');
    const read: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => read.push(chunk)).on('error', () => {});
    socket.write(Buffer.concat([Buffer.from(head), frames]));
    return { socket, text: () => Buffer.concat(read).toString('latin1'), gone: once(socket, 'close') };
  }

  const upgrade = (fields: Record<string, string> = {}) => {
    const lines = {
      host: 'a',
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...fields,
    };
    return `GET / HTTP/1.1\r\n${Object.entries(lines)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;
  };

  test('answers with the key of the specification, and reads what came with the request', async () => {
    const { socket, text } = await raw(upgrade(), wholeFrame(1, Buffer.from('early'), 'client'));
    const { messages } = await next(accepted);
    expect(await next(messages)).toBe('early');
    await expect.poll(text).toContain('sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    socket.destroy();
  });

  test.each([
    ['no key', upgrade({ 'sec-websocket-key': '' })],
    ['a key that is none', upgrade({ 'sec-websocket-key': 'short' })],
    ['another version', upgrade({ 'sec-websocket-version': '8' })],
    ['another protocol', upgrade({ upgrade: 'h2c' })],
    ['another method', upgrade().replace('GET', 'PUT')],
  ])('refuses a request with %s', async (_what, head) => {
    const { text, gone } = await raw(head);
    await gone;
    expect(text()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('lets go of a peer that breaks off in the middle of a frame', async () => {
    const frame = wholeFrame(1, Buffer.from('never whole'), 'client');
    const { socket } = await raw(upgrade(), frame.subarray(0, 9));
    const { ended } = await next(accepted);
    socket.end();
    expect(await ended).toEqual({ code: 1006, reason: '', error: null });
  });

  test('closes on a frame that is not masked, and on text that is not UTF-8', async () => {
    for (const [frame, code] of [
      [wholeFrame(1, Buffer.from('plain'), 'server'), 1002],
      [wholeFrame(1, Buffer.from([0xff]), 'client'), 1007],
    ] as const) {
      const { text, gone } = await raw(upgrade(), frame);
      const { ended } = await next(accepted);
      await gone;
      expect(text().slice(-2)).toBe(String.fromCharCode(code >> 8, code & 0xff));
      expect((await ended).error?.name).toBe('WebSocketError');
    }
  });
});

describe('a client', () => {
  test('asks with its path and headers', async () => {
    const listener = http.createServer();
    const asked = once(listener, 'upgrade');
    const { peer } = await connected('ws://localhost', listener);
    const [{ url, headers }] = await asked;
    expect({ url, authorization: headers.authorization }).toEqual({ url: '/path?model=a', authorization: 'Bearer b' });
    peer.terminate();
  });

  test.each([
    ['refuses', 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n', 'the server answered 401'],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'the server does not speak HTTP'],
    ['never ends its answer', `HTTP/1.1 101 Yes\r\n${'x: y\r\n'.repeat(10_000)}`, 'the answer of the server has no end'],
    ['answers another key', 'HTTP/1.1 101 Yes\r\nupgrade: websocket\r\nsec-websocket-accept: AAAA\r\n\r\n', 'the server answered another request'],
    ['says nothing and goes', '', undefined],
  ])('that finds a server which %s tells so', async (_what, answer, reason) => {
    const listener = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { handlers, ended } = witness();
    const url = new URL(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    connectWebSocket(url, { headers: {}, largestMessage: LARGEST }, { ...handlers, opened: () => expect.unreachable() });
    const ending = await ended;
    expect([ending.code, ending.error?.message]).toEqual([1006, reason]);
    listener.close();
  });

  test('reads an answer that comes byte by byte, and frames that come with it', async () => {
    const listener = http.createServer();
    listener.on('upgrade', async (request, socket) => {
      const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const answer = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
      for (const byte of Buffer.concat([Buffer.from(answer), wholeFrame(1, Buffer.from('with it'), 'server')])) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { handlers, messages } = witness();
    const url = new URL(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    const connection = connectWebSocket(url, { headers: {}, largestMessage: LARGEST }, { ...handlers, opened: () => {} });
    expect(await next(messages)).toBe('with it');
    connection.terminate();
    listener.close();
  });

  test('over TLS knows the server by its name, and none that it cannot trust', async () => {
    const secure = () => {
      const web = http.createServer();
      const listener = tls.createServer({ key: privateKey, cert: certificate }, (socket) => void web.emit('connection', socket));
      listener.on('tlsClientError', () => {});
      web.on('upgrade', (...request) => listener.emit('upgrade', ...request));
      return listener;
    };
    const trusted = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...trusted, certificate]);
    try {
      const { peer, connection, messages } = await connected('wss://localhost', secure());
      const long = 'x'.repeat(LARGEST);
      peer.send(long);
      expect(await next(messages)).toBe(long);
      const heard = once(peer, 'message');
      connection.send(long);
      expect(String((await heard)[0])).toBe(long);
      peer.terminate();
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
    const listener = secure().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { handlers, ended } = witness();
    connectWebSocket(
      new URL(`wss://localhost:${(listener.address() as AddressInfo).port}`),
      { headers: {}, largestMessage: LARGEST },
      { ...handlers, opened: () => expect.unreachable() },
    );
    expect((await ended).error).toMatchObject({ code: expect.stringMatching(/CERT|SELF_SIGNED/) });
    listener.close();
  });

  test('takes no header that would end the line', () => {
    expect(() =>
      connectWebSocket(
        new URL('ws://127.0.0.1:1'),
        { headers: { authorization: 'a\r\nb: c' }, largestMessage: 1 },
        { ...witness().handlers, opened: () => {} },
      ),
    ).toThrow(TypeError);
  });
});
