import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { keep } from '../keep.ts';
import type { ModelSessionLog } from './log.ts';
import { ModelSession, type ModelWorld } from './session.ts';

/** The vendor takes up to 15 MiB of audio in one event. */
const MAXIMUM_MESSAGE_BYTES = 21 * 1_048_576;

export const REALTIME_PATH = '/v1/realtime';

/** The model's socket server. */
export class ModelServer implements AsyncDisposable {
  readonly sessions: ModelSessionLog[] = [];
  readonly #world: ModelWorld;
  readonly #apiKey: string;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAXIMUM_MESSAGE_BYTES });

  constructor(world: ModelWorld, apiKey: string) {
    this.#world = world;
    this.#apiKey = apiKey;
  }

  upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    const { faults } = this.#world;
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.headers.authorization !== `Bearer ${this.#apiKey}`) return refuse(socket, 401, 'invalid_api_key', 'Incorrect API key provided.');
    const model = url.searchParams.get('model');
    if (!model) return refuse(socket, 400, 'missing_model', 'You must provide a model parameter.');
    if (faults.refuseConnections > 0) {
      faults.refuseConnections -= 1;
      return refuse(socket, 503, 'server_error', 'The server is overloaded. Please try again later.');
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      if (request.headers['openai-beta'] !== undefined) {
        const error = {
          type: 'invalid_request_error',
          code: 'beta_api_shape_disabled',
          message: 'The Realtime Beta API is no longer supported. Please use the GA API.',
        };
        client.send(JSON.stringify({ type: 'error', event_id: 'event_beta', error: { ...error, param: null, event_id: null } }));
        return client.close(4000, 'invalid_request_error.beta_api_shape_disabled');
      }
      if (faults.muteConnections > 0) {
        faults.muteConnections -= 1;
        return;
      }
      const connection = {
        send: (message: string) => client.send(message),
        drop: () => client.terminate(),
        close: (code: number, reason: string) => client.close(code, reason),
      };
      const session = new ModelSession(this.#world, connection, model);
      keep(this.sessions, session.log);
      client.on('message', (data, isBinary) => session.receive(isBinary ? '' : String(data)));
      client.on('close', () => session.end());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    await new Promise((resolve) => this.#sockets.close(resolve));
  }
}

function refuse(socket: Duplex, status: number, code: string, message: string): void {
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
