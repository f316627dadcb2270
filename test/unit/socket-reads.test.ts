import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import { readingSocket } from '../../src/kit/socket-reads.ts';
import { listening, next } from '../support/websocket-pair.ts';

let server: net.Server;
let peer: net.Socket;
let accepted: net.Socket;
let reads: AsyncQueue<string>;
const read = (chunk: Buffer) => void reads.push(String(chunk));

beforeEach(async () => {
  reads = new AsyncQueue();
  server = net.createServer({ allowHalfOpen: true });
  const arrives = once(server, 'connection');
  peer = net.connect(await listening(server), '127.0.0.1');
  [accepted] = await arrives;
});
afterEach(() => {
  peer.destroy();
  server.close();
});

test('an accepted socket reads into one buffer, in order, and what came before is not lost', async () => {
  peer.write('before ');
  const socket = readingSocket(accepted, read);
  // A Node whose sockets look otherwise would go on with the socket as it is: then this file wants another look.
  expect(socket).not.toBe(accepted);
  expect(await next(reads)).toBe('before ');
  for (const word of ['one', 'two', 'three']) {
    peer.write(word);
    expect(await next(reads)).toBe(word);
  }
  socket.write('answer');
  expect(String((await once(peer, 'data'))[0])).toBe('answer');
  expect([socket.allowHalfOpen, socket.remotePort]).toEqual([true, peer.localPort]);
});

test('the end of the peer is heard, and the server is done when the socket is', async () => {
  const socket = readingSocket(accepted, read);
  const ends = once(socket, 'end');
  peer.end();
  await ends;
  const closed = once(server.close(), 'close');
  const heard = once(peer, 'data');
  socket.end('goodbye');
  expect(String((await heard)[0])).toBe('goodbye');
  await closed;
  expect([socket.destroyed, accepted.destroyed]).toEqual([true, true]);
});

test('a peer that breaks off is an error of the socket, and not of the one before', async () => {
  const socket = readingSocket(accepted, read);
  accepted.on('error', () => expect.unreachable());
  const fails = once(socket, 'error');
  peer.resetAndDestroy();
  expect((await fails)[0]).toMatchObject({ code: 'ECONNRESET' });
});

test('a socket without a handle that is known here goes on as it is', async () => {
  const through = new net.Socket();
  expect(readingSocket(through, read)).toBe(through);
  through.push('as data');
  expect(await next(reads)).toBe('as data');
  through.destroy();
});
