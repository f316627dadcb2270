import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, validateHeaderValue } from 'node:http';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { onread, readingSocket } from './socket-reads.ts';
import { WebSocketConnection, type WebSocketHandlers } from './websocket-connection.ts';

/** How a WebSocket begins (RFC 6455, section 4), as server and as client. */

/**
 * Takes an upgraded request of an HTTP server, as its `upgrade` event has it.
 *
 * @returns null where the request is none for a WebSocket: it has been answered.
 */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  { largestMessage }: { largestMessage: number },
  handlers: WebSocketHandlers,
): WebSocketConnection | null {
  const { upgrade, 'sec-websocket-key': key = '', 'sec-websocket-version': version } = request.headers;
  if (request.method !== 'GET' || upgrade?.toLowerCase() !== 'websocket' || !KEY.test(key) || version !== '13') {
    socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\nsec-websocket-version: 13\r\ncontent-length: 0\r\n\r\n');
    return null;
  }
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const reading = readingSocket(socket, (chunk) => connection.receive(chunk));
  const connection = new WebSocketConnection(reading, { side: 'server', largestMessage }, handlers);
  reading.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${answerTo(key)}\r\n\r\n`);
  connection.open();
  // Once the caller has the connection, and before the socket reads on.
  if (head.length > 0) queueMicrotask(() => connection.receive(head));
  return connection;
}

/**
 * Connects to a server. Never throws for what the server or the network does: `closed` then says what it was.
 *
 * @param address `ws:` or `wss:`.
 * @param handlers `opened` is told before any message.
 */
export function connectWebSocket(
  address: URL,
  { headers, largestMessage }: { headers: Readonly<Record<string, string>>; largestMessage: number },
  handlers: WebSocketHandlers & { opened(): void },
): WebSocketConnection {
  const key = randomBytes(16).toString('base64');
  const lines = { host: address.host, upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13', 'sec-websocket-key': key, ...headers };
  for (const [name, value] of Object.entries(lines)) validateHeaderValue(name, value);
  const request = `GET ${address.pathname}${address.search} HTTP/1.1\r\n${Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

  /** The server's answer so far; null once it is complete. */
  let answer: Buffer | null = Buffer.alloc(0);
  const socket = openSocket(address, (chunk) => {
    if (!answer) return connection.receive(chunk);
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf('\r\n\r\n');
    if (end === -1 && answer.length < LONGEST_ANSWER) return;
    const refused = end === -1 ? 'the answer of the server has no end' : refusal(answer.toString('latin1', 0, end), key);
    if (refused) return connection.terminate(new Error(refused));
    const rest = answer.subarray(end + 4);
    answer = null;
    connection.open();
    handlers.opened();
    connection.receive(rest);
  });
  const connection = new WebSocketConnection(socket, { side: 'client', largestMessage }, handlers);
  socket.once(address.protocol === 'wss:' ? 'secureConnect' : 'connect', () => socket.write(request));
  return connection;
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const LONGEST_ANSWER = 16 * 1024;
const answerTo = (key: string): string => createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** Why an answer does not open the connection, or null where it does. */
function refusal(head: string, key: string): string | null {
  const [status = '', ...fields] = head.split('\r\n');
  const code = /^HTTP\/1\.1 (\d{3})/.exec(status)?.[1];
  if (code !== '101') return code ? `the server answered ${code}` : 'the server does not speak HTTP';
  const headers = new Map(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return 'the server upgraded to something else';
  if (headers.get('sec-websocket-accept') !== answerTo(key)) return 'the server answered another request';
  if (headers.has('sec-websocket-extensions') || headers.has('sec-websocket-protocol')) return 'the server chose what was not offered';
  return null;
}

function openSocket({ protocol, hostname, port }: URL, read: (chunk: Buffer) => void): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol !== 'wss:') return net.connect({ host, port: Number(port || 80), noDelay: true, onread: onread(read) });
  const names = net.isIP(host) ? {} : { servername: host };
  // Node takes `onread` here too, as its documentation says; the types do not know it.
  const socket = tls.connect({ host, port: Number(port || 443), ALPNProtocols: ['http/1.1'], ...names, ...{ onread: onread(read) } });
  return socket.setNoDelay(true);
}
