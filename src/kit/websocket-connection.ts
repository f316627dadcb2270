import type { Socket } from 'node:net';
import { maskedTextFrame, opcodes, textFrame, wholeFrame } from './websocket-frame.ts';
import { WebSocketError, WebSocketReceiver } from './websocket-receiver.ts';

/**
 * A WebSocket (RFC 6455) over a socket of which we are the only reader and writer: frames go out whole and at once.
 *
 *   connecting   the handshake is under way; nothing can be sent
 *   open         messages go both ways
 *   closing      one side has said its last frame, or broken the protocol; what we wrote is still sent
 *   closed       the socket is gone, and `closed` was told
 *
 * It has no extensions and no subprotocols. How it begins is in websocket-handshake.ts.
 */
export class WebSocketConnection {
  readonly #socket: Socket;
  readonly #side: 'server' | 'client';
  readonly #handlers: WebSocketHandlers;
  readonly #receiver: WebSocketReceiver;
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  /** What the peer said at its end. */
  #last: { code: number; reason: string } = { code: ABNORMAL, reason: '' };
  #error: Error | null = null;
  /** Frames that are to go out together. */
  #gathered: Buffer[] | null = null;
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: Socket, { side, largestMessage }: WebSocketOptions, handlers: WebSocketHandlers) {
    this.#socket = socket;
    this.#side = side;
    this.#handlers = handlers;
    this.#receiver = new WebSocketReceiver(
      // A server that a client chose is trusted to send text; checking each of its frames costs more than passing it on.
      { from: side === 'server' ? 'client' : 'server', largestMessage, checksText: side === 'server' },
      {
        message: (payload, isBinary) => handlers.message(payload, isBinary),
        ping: (payload) => this.#write(opcodes.pong, payload),
        close: (code, reason) => this.#peerCloses(code, reason),
      },
    );
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    // The peer is gone without a last frame, or after it.
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#closed());
  }

  /** The handshake is done: what follows is frames. */
  open(): void {
    this.#state = 'open';
  }

  /** What the socket has read. The bytes may be used again when it returns. */
  receive(chunk: Buffer): void {
    try {
      this.#receiver.read(chunk);
    } catch (error) {
      if (!(error instanceof WebSocketError)) throw error;
      this.#error = error;
      this.#receiver.stop();
      this.close(error.code);
      this.#end();
    }
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** What is written and not yet on its way. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** Sends a text, where the connection is open. */
  send(text: string): void {
    this.#write(opcodes.text, Buffer.from(text));
  }

  /** Sends a text in three parts, which are copied. */
  sendParts(start: Uint8Array, middle: Uint8Array, end: Uint8Array): void {
    if (this.#state === 'open') this.#put(this.#side === 'server' ? textFrame(start, middle, end) : maskedTextFrame(start, middle, end));
  }

  /** What `act` sends goes out in one write. */
  together(act: () => void): void {
    this.#gathered ??= [];
    try {
      act();
    } finally {
      this.#flush();
    }
  }

  /** Says the last frame. Messages that are on their way are still received; `closed` is told when the peer has answered, or has had its time. */
  close(code: number, reason = ''): void {
    if (this.#state === 'connecting') return this.terminate();
    if (this.#state !== 'open') return;
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    this.#write(opcodes.close, payload);
    this.#leave();
  }

  /** Drops the connection where it stands. */
  terminate(error?: Error): void {
    this.#error ??= error ?? null;
    this.#receiver.stop();
    this.#socket.destroy();
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (this.#state === 'open') this.#put(wholeFrame(opcode, payload, this.#side));
  }

  #put(frame: Buffer): void {
    if (this.#gathered) this.#gathered.push(frame);
    else this.#socket.write(frame);
  }

  #flush(): void {
    const frames = this.#gathered;
    this.#gathered = null;
    const [first] = frames ?? [];
    if (!frames || !first || this.#socket.destroyed) return;
    this.#socket.write(frames.length === 1 ? first : Buffer.concat(frames));
  }

  #peerCloses(code: number, reason: string): void {
    this.#last = { code, reason };
    if (code === NO_CODE) this.#write(opcodes.close, Buffer.alloc(0));
    else this.close(code);
    this.#end();
  }

  #end(): void {
    this.#leave();
    this.#flush();
    this.#socket.end();
  }

  /** A peer that does not answer our last frame, or keeps its end of the socket, is not waited for longer than this. */
  #leave(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.#deadline ??= setTimeout(() => this.#socket.destroy(), CLOSE_WITHIN_MS).unref();
  }

  #closed(): void {
    clearTimeout(this.#deadline);
    this.#receiver.stop();
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#handlers.closed({ ...this.#last, error: this.#error });
  }
}

export interface WebSocketOptions {
  readonly side: 'server' | 'client';
  /** In bytes; a peer that sends more is closed with 1009. */
  readonly largestMessage: number;
}

export interface WebSocketHandlers {
  /** `payload` is valid only during the call. */
  message(payload: Buffer, isBinary: boolean): void;
  /** Told once; nothing follows. */
  closed(ending: WebSocketEnding): void;
}

export interface WebSocketEnding {
  /** The peer's; 1005 where it gave none, 1006 where the connection ended without a word of it. */
  readonly code: number;
  readonly reason: string;
  /** What broke: the network, the handshake, or the peer the protocol. */
  readonly error: Error | null;
}

const NO_CODE = 1005;
const ABNORMAL = 1006;
const CLOSE_WITHIN_MS = 5_000;
