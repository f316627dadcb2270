import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholeFrame } from '../../src/kit/websocket-frame.ts';
import { connectWebSocket } from '../../src/kit/websocket-handshake.ts';
import { certificate, privateKey } from '../fixtures/localhost-certificate.ts';
import { connected, LARGEST, listening, next, WebSocketHost, witness } from '../support/websocket-pair.ts';

let host: WebSocketHost;
beforeAll(async () => {
  host = await WebSocketHost.listen();
});
afterAll(() => host[Symbol.asyncDispose]());

describe('a server', () => {
  /** Speaks to it without any package. */
  async function raw(head: string, frames: Buffer = Buffer.alloc(0)) {
    const socket = net.connect(host.port, '127.0.0.1');
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
    const { messages } = await next(host.accepted);
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
    const { ended } = await next(host.accepted);
    socket.end();
    expect(await ended).toEqual({ code: 1006, reason: '', error: null });
  });

  test('closes on a frame that is not masked, and on text that is not UTF-8', async () => {
    for (const [frame, code] of [
      [wholeFrame(1, Buffer.from('plain'), 'server'), 1002],
      [wholeFrame(1, Buffer.from([0xff]), 'client'), 1007],
    ] as const) {
      const { text, gone } = await raw(upgrade(), frame);
      const { ended } = await next(host.accepted);
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
    const port = await listening(listener);
    const { handlers, ended } = witness();
    const url = new URL(`ws://127.0.0.1:${port}`);
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
    const port = await listening(listener);
    const { handlers, messages } = witness();
    const url = new URL(`ws://127.0.0.1:${port}`);
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
    const listener = secure();
    const port = await listening(listener);
    const { handlers, ended } = witness();
    connectWebSocket(new URL(`wss://localhost:${port}`), { headers: {}, largestMessage: LARGEST }, { ...handlers, opened: () => expect.unreachable() });
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
