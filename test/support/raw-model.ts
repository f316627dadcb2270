import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface ModelCommand {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface RawModelScript {
  /** Resolves when an upgrade may be answered: until then the session is not open. Where it rejects, the upgrade is refused. */
  readonly admit?: () => Promise<void>;
  readonly onSession: (session: RawModelSession) => void;
}

/** A realtime model's server on a bare WebSocket: it accepts sessions and does exactly what its script says. */
export class RawModel implements AsyncDisposable {
  readonly sessions: RawModelSession[] = [];
  readonly #server: http.Server;
  readonly #sockets: WebSocketServer;

  private constructor(server: http.Server, { admit, onSession }: RawModelScript) {
    this.#server = server;
    this.#sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', async (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      try {
        await admit?.();
      } catch {
        return void socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        const session = new RawModelSession(opened);
        this.sessions.push(session);
        session.emit('session.created', { session: { type: 'realtime' } });
        onSession(session);
      });
    });
  }

  static async listen(script: RawModelScript): Promise<RawModel> {
    const server = http.createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RawModel(server, script);
  }

  /** What `OPENAI_REALTIME_URL` is set to. */
  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/realtime`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export class RawModelSession {
  /** Commands other than audio, in order. */
  readonly commands: ModelCommand[] = [];
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #heard: Buffer[] = [];
  #listeners: ((command: ModelCommand | Buffer) => void)[] = [];
  #events = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', () => resolve());
    });
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const command: ModelCommand & { audio?: string } = JSON.parse(data.toString());
      if (command.type === 'input_audio_buffer.append') {
        const audio = Buffer.from(command.audio ?? '', 'base64');
        this.#heard.push(audio);
        for (const listener of this.#listeners) listener(audio);
        return;
      }
      this.commands.push(command);
      if (command.type === 'session.update') this.emit('session.updated', { session: command.session });
      for (const listener of this.#listeners) listener(command);
    });
  }

  /** All the audio that came, in the order in which it came. */
  get heard(): Buffer {
    return Buffer.concat(this.#heard);
  }

  /** Called with each piece of audio and each other command. */
  listen(listener: (command: ModelCommand | Buffer) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when the other side has read all that was sent, and what it wrote in answer has come. */
  async synced(): Promise<void> {
    this.#socket.ping();
    await once(this.#socket, 'pong');
  }

  /** Cut without a word. */
  drop(): void {
    this.#socket.terminate();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  sendRaw(text: string): void {
    this.#socket.send(text);
  }

  emit(type: string, body: object): void {
    this.#socket.send(JSON.stringify({ type, event_id: `event_${++this.#events}`, ...body }));
  }

  /** One whole answer: its audio in pieces of the given sizes, over and over, with words between them. */
  answer(responseId: string, audio: Buffer, sizes: readonly number[]): void {
    const itemId = `item_${responseId}`;
    const place = { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
    const item = { id: itemId, object: 'realtime.item', type: 'message', role: 'assistant' };
    this.emit('response.created', { response: { object: 'realtime.response', id: responseId, status: 'in_progress', output: [] } });
    this.emit('response.output_item.added', { response_id: responseId, output_index: 0, item: { ...item, status: 'in_progress', content: [] } });
    for (let offset = 0, piece = 0; offset < audio.length; piece++) {
      const end = offset + (sizes[piece % sizes.length] ?? audio.length);
      this.emit('response.output_audio.delta', { ...place, delta: audio.subarray(offset, end).toString('base64') });
      this.emit('response.output_audio_transcript.delta', { ...place, delta: ' word' });
      offset = end;
    }
    const done = { ...item, status: 'completed', content: [{ type: 'output_audio', transcript: 'words' }] };
    this.emit('response.output_audio.done', place);
    this.emit('response.output_audio_transcript.done', { ...place, transcript: 'words' });
    this.emit('response.output_item.done', { response_id: responseId, output_index: 0, item: done });
    this.emit('response.done', { response: { object: 'realtime.response', id: responseId, status: 'completed', output: [done], usage: null } });
  }
}
