import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { type AddressInfo, Socket } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import type { WebSocketConnection, WebSocketEnding } from '../../src/kit/websocket-connection.ts';
import { acceptWebSocket, connectWebSocket } from '../../src/kit/websocket-handshake.ts';

/** Our half of a connection, and what it was told. */
export interface Half {
  readonly connection: WebSocketConnection;
  readonly messages: AsyncQueue<string>;
  readonly ended: Promise<WebSocketEnding>;
}

export const LARGEST = 100_000;

/** Handlers that write down what they are told. */
export function witness() {
  const messages = new AsyncQueue<string>();
  const { promise: ended, resolve: closed } = Promise.withResolvers<WebSocketEnding>();
  return {
    messages,
    ended,
    handlers: { message: (payload: Buffer, isBinary: boolean) => void messages.push(`${isBinary ? 'binary ' : ''}${payload}`), closed },
  };
}

export const next = async <T>(queue: AsyncQueue<T>): Promise<T> => {
  const { value, done } = await queue.next();
  if (done) throw new Error('nothing follows');
  return value;
};

/** Our server. */
export class WebSocketHost implements AsyncDisposable {
  readonly accepted = new AsyncQueue<Half>();
  readonly #server = http.createServer();

  private constructor() {
    this.#server.on('upgrade', (request, socket, head) => {
      if (!(socket instanceof Socket)) throw new Error('not a socket');
      const { handlers, ...seen } = witness();
      const connection = acceptWebSocket(request, socket, head, { largestMessage: LARGEST }, handlers);
      if (connection) this.accepted.push({ connection, ...seen });
    });
  }

  static async listen(): Promise<WebSocketHost> {
    const host = new WebSocketHost();
    await listening(host.#server);
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }
}

/** Waits until it listens; @returns its port. */
export async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Our client with a server of the `ws` package. */
export async function connected(address = 'ws://127.0.0.1', listener: net.Server = http.createServer()): Promise<Half & { readonly peer: WebSocket }> {
  const sockets = new WebSocketServer({ noServer: true });
  listener.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (peer) => sockets.emit('connection', peer)));
  const arrives = once(sockets, 'connection');
  const url = new URL(`${address}:${await listening(listener)}/path?model=a`);
  const { handlers, ...seen } = witness();
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const connection = connectWebSocket(url, { headers: { authorization: 'Bearer b' }, largestMessage: LARGEST }, { ...handlers, opened: resolve });
  const [peer] = await arrives;
  await opened;
  if (!(peer instanceof WebSocket)) throw new Error('nobody connected');
  peer.once('close', () => listener.close());
  return { peer, connection, ...seen };
}
