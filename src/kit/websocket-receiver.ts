import { isUtf8 } from 'node:buffer';
import { opcodes } from './websocket-frame.ts';
import { createMask, maskKey } from './websocket-mask.ts';

/**
 * The receiving half of a WebSocket (RFC 6455, section 5): bytes in, messages out, whatever pieces the bytes come in.
 *
 * Nearly always a read brings whole frames: their payload is unmasked where it lies and handed on as a view, without a
 * copy. Only what a read leaves unfinished is kept, as a copy, so that the bytes may be overwritten when `read` returns.
 *
 *   rest       the first bytes of a header that is not complete
 *   payload    a frame of which more is to come; its header is in the other fields
 *   message    the frames so far of a message in several; control frames may stand between them
 */
export class WebSocketReceiver {
  readonly #options: ReceiverOptions;
  readonly #handlers: ReceiverHandlers;
  #stopped = false;
  #rest: Uint8Array | null = null;

  /** The present frame: of it `payload` holds `filled` bytes, still masked. */
  #opcode = 0;
  #final = false;
  #masked = false;
  #key = 0;
  #payload: Buffer | null = null;
  #filled = 0;

  /** The opcode that the message in several frames began with; 0 where there is none. */
  #messageOpcode = 0;
  #message = NOTHING;
  #messageLength = 0;

  constructor(options: ReceiverOptions, handlers: ReceiverHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /**
   * Takes the next bytes and tells what they complete. Masked payloads are changed in place.
   *
   * @throws WebSocketError where the peer breaks the protocol; nothing may be read after that.
   */
  read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = null;
    for (let at = 0; at < bytes.length && !this.#stopped; ) {
      const next = this.#payload ? this.#fill(this.#payload, bytes, at) : this.#begin(bytes, at);
      if (next === at) {
        this.#rest = Uint8Array.from(bytes.subarray(at));
        return;
      }
      at = next;
    }
  }

  /** From here on nothing more is told, not even of bytes that are being read. */
  stop(): void {
    this.#stopped = true;
    this.#payload = null;
    this.#message = NOTHING;
  }

  /** A frame from its header on. @returns where the next begins, or `at` where the header is not complete. */
  #begin(bytes: Buffer, at: number): number {
    const available = bytes.length - at;
    if (available < 2) return at;
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    const shortLength = second & 0x7f;
    const lengthBytes = shortLength < 126 ? 0 : shortLength === 126 ? 2 : 8;
    this.#masked = (second & 0x80) !== 0;
    const start = at + 2 + lengthBytes + (this.#masked ? 4 : 0);
    this.#takeKind(first, shortLength);
    if (start > bytes.length) return at;

    const length = lengthBytes === 0 ? shortLength : lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : longLength(bytes, at + 2);
    const { largestMessage } = this.#options;
    if (length + (isControl(this.#opcode) ? 0 : this.#messageLength) > largestMessage)
      throw new WebSocketError(1009, `a message of more than ${largestMessage} bytes`);
    if (this.#masked) this.#key = maskKey(bytes, start - 4);
    const end = start + length;
    if (end <= bytes.length) {
      this.#finish(bytes, start, end);
      return end;
    }
    this.#payload = Buffer.allocUnsafeSlow(length);
    this.#filled = bytes.copy(this.#payload, 0, start);
    return bytes.length;
  }

  /** The frame's kind, as far as it is allowed here. */
  #takeKind(first: number, shortLength: number): void {
    const opcode = first & 0x0f;
    this.#opcode = opcode;
    this.#final = (first & 0x80) !== 0;
    if ((first & 0x70) !== 0) throw new WebSocketError(1002, 'a frame with reserved bits');
    if (this.#masked !== (this.#options.from === 'client'))
      throw new WebSocketError(1002, this.#masked ? 'a masked frame of a server' : 'an unmasked frame of a client');
    if (isControl(opcode)) {
      if (opcode > opcodes.pong) throw new WebSocketError(1002, `a frame of the unknown kind ${opcode}`);
      if (!this.#final || shortLength > 125 || (opcode === opcodes.close && shortLength === 1))
        throw new WebSocketError(1002, 'a control frame of a wrong length');
    } else if (opcode > opcodes.binary) throw new WebSocketError(1002, `a frame of the unknown kind ${opcode}`);
    else if ((opcode === opcodes.continuation) !== (this.#messageOpcode !== 0)) throw new WebSocketError(1002, 'a frame in the wrong place of a message');
  }

  /** More of a payload that came in several reads. @returns where what follows it begins. */
  #fill(payload: Buffer, bytes: Buffer, at: number): number {
    const copied = bytes.copy(payload, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === payload.length) {
      this.#payload = null;
      this.#finish(payload, 0, payload.length);
    }
    return at + copied;
  }

  #finish(bytes: Buffer, start: number, end: number): void {
    // Nothing is known of the bits of bytes that were not unmasked.
    const ascii = this.#masked && unmask(bytes, start, end, this.#key) < 0x80;
    const payload = bytes.subarray(start, end);
    switch (this.#opcode) {
      case opcodes.close:
        return this.#close(payload);
      case opcodes.ping:
        return this.#handlers.ping(payload);
      case opcodes.pong:
        return;
      case opcodes.continuation:
        this.#append(payload);
        if (this.#final) this.#endMessage();
        return;
      default:
        if (this.#final) return this.#tell(this.#opcode, payload, ascii);
        this.#messageOpcode = this.#opcode;
        this.#append(payload);
    }
  }

  /** Room grows by doubling: a peer that sends a byte a frame costs no more than one that does not. */
  #append(payload: Buffer): void {
    const length = this.#messageLength + payload.length;
    if (length > this.#message.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(length, 2 * this.#message.length), this.#options.largestMessage));
      this.#message.copy(larger, 0, 0, this.#messageLength);
      this.#message = larger;
    }
    payload.copy(this.#message, this.#messageLength);
    this.#messageLength = length;
  }

  #endMessage(): void {
    const [opcode, message] = [this.#messageOpcode, this.#message.subarray(0, this.#messageLength)];
    this.#messageOpcode = 0;
    this.#message = NOTHING;
    this.#messageLength = 0;
    this.#tell(opcode, message, false);
  }

  #tell(opcode: number, message: Buffer, ascii: boolean): void {
    const isBinary = opcode === opcodes.binary;
    if (!isBinary && !ascii && this.#options.checksText && !isUtf8(message)) throw new WebSocketError(1007, 'a text that is not UTF-8');
    this.#handlers.message(message, isBinary);
  }

  #close(payload: Buffer): void {
    this.stop();
    if (payload.length === 0) return this.#handlers.close(NO_CODE, '');
    const code = payload.readUInt16BE(0);
    if (!isCloseCode(code)) throw new WebSocketError(1002, 'a close frame without a valid code');
    const reason = payload.subarray(2);
    if (!isUtf8(reason)) throw new WebSocketError(1007, 'a reason that is not UTF-8');
    this.#handlers.close(code, reason.toString());
  }
}

export interface ReceiverOptions {
  readonly from: 'client' | 'server';
  /** In bytes, of all frames of a message together. */
  readonly largestMessage: number;
  /** Whether text is checked to be UTF-8. */
  readonly checksText: boolean;
}

export interface ReceiverHandlers {
  /** A view, valid only during the call. */
  message(payload: Buffer, isBinary: boolean): void;
  /** The same holds here. */
  ping(payload: Buffer): void;
  /** The peer's last frame; 1005 where it names no code. */
  close(code: number, reason: string): void;
}

/** What a peer does that the protocol does not allow, with the code to close by (RFC 6455, section 7.4.1). */
export class WebSocketError extends Error {
  override readonly name = 'WebSocketError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const unmask = createMask();

const NOTHING = Buffer.alloc(0);
const NO_CODE = 1005;

const isControl = (opcode: number): boolean => opcode >= opcodes.close;

/** Codes that may be sent: those that are defined for it, and those of libraries and applications. */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999);

/** Not exact above 2^53, which is too large either way. */
const longLength = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
