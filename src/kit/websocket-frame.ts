import { randomFillSync } from 'node:crypto';
import { createMask } from './websocket-mask.ts';

/**
 * Whole WebSocket frames (RFC 6455, section 5.2), each in one allocation. Audio is put between constant text in one copy.
 */

/** What a frame is. Of the numbers that are not here the protocol makes no use. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;
/** Payloads up to 125 bytes have their length in the header's second byte; there these two say how long the length is. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A text frame as a server writes it. The three parts follow one another and must be UTF-8 together. */
export function textFrame(start: Uint8Array, middle: Uint8Array, end: Uint8Array): Buffer {
  const length = start.length + middle.length + end.length;
  const frame = begin(opcodes.text, length, 0);
  copyParts(frame, frame.length - length, start, middle, end);
  return frame;
}

/** As a client writes it: masked with a key that nobody can foresee. */
export function maskedTextFrame(start: Uint8Array, middle: Uint8Array, end: Uint8Array): Buffer {
  const length = start.length + middle.length + end.length;
  const frame = begin(opcodes.text, length, MASKED);
  copyParts(frame, frame.length - length, start, middle, end);
  maskPayload(frame, frame.length - length);
  return frame;
}

/** Any frame. A control frame's payload (`close`, `ping`, `pong`) has at most 125 bytes. */
export function wholeFrame(opcode: number, payload: Uint8Array, from: 'server' | 'client'): Buffer {
  const frame = begin(opcode, payload.length, from === 'client' ? MASKED : 0);
  frame.set(payload, frame.length - payload.length);
  if (from === 'client') maskPayload(frame, frame.length - payload.length);
  return frame;
}

/** A frame with its header, as long as it will be. */
function begin(opcode: number, length: number, masked: number): Buffer {
  const lengthBytes = length < LENGTH_16 ? 0 : length <= 0xffff ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + lengthBytes + (masked && MASK_BYTES) + length);
  frame[0] = FINAL | opcode;
  if (lengthBytes === 0) frame[1] = masked | length;
  else if (lengthBytes === 2) {
    frame[1] = masked | LENGTH_16;
    frame[2] = length >> 8;
    frame[3] = length & 0xff;
  } else {
    frame[1] = masked | LENGTH_64;
    frame.writeUIntBE(0, 2, 2);
    frame.writeUIntBE(length, 4, 6);
  }
  return frame;
}

function copyParts(frame: Buffer, at: number, start: Uint8Array, middle: Uint8Array, end: Uint8Array): void {
  frame.set(start, at);
  frame.set(middle, at + start.length);
  frame.set(end, at + start.length + middle.length);
}

const keys = new Int32Array(2 * 1024);
let keysUsed = keys.length;

const mask = createMask();

/** Writes a key before the payload and applies it. */
function maskPayload(frame: Buffer, from: number): void {
  if (keysUsed === keys.length) {
    randomFillSync(keys);
    keysUsed = 0;
  }
  const key = keys[keysUsed++] ?? 0;
  frame[from - 4] = key;
  frame[from - 3] = key >>> 8;
  frame[from - 2] = key >>> 16;
  frame[from - 1] = key >>> 24;
  mask(frame, from, frame.length, key);
}
