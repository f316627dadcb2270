import { randomFillSync } from 'node:crypto';

/**
 * Whole WebSocket text frames (RFC 6455, section 5.2) of a payload between constant text, in one allocation and one
 * copy. Whoever writes one puts it on the socket at once and whole, so that it may stand beside frames of another writer.
 */

const FINAL_TEXT = 0x81;
const MASKED = 0x80;
/** Payloads up to 125 bytes have their length in the header's second byte; there these two say how long the length is. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BYTES = 4;

/** As a server writes it. The three parts follow one another and must be UTF-8 together. */
export function textFrame(start: Uint8Array, middle: Uint8Array, end: Uint8Array): Buffer {
  const length = start.length + middle.length + end.length;
  const header = headerBytes(length);
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, length, 0);
  copyParts(frame, header, start, middle, end);
  return frame;
}

/** As a client writes it: masked with a key that nobody can foresee. */
export function maskedTextFrame(start: Uint8Array, middle: Uint8Array, end: Uint8Array): Buffer {
  const length = start.length + middle.length + end.length;
  const header = headerBytes(length) + MASK_BYTES;
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, length, MASKED);
  copyParts(frame, header, start, middle, end);
  if (keysUsed === keys.length) {
    randomFillSync(keys);
    keysUsed = 0;
  }
  const [a, b, c, d] = [keys[keysUsed++] ?? 0, keys[keysUsed++] ?? 0, keys[keysUsed++] ?? 0, keys[keysUsed++] ?? 0];
  frame[header - 4] = a;
  frame[header - 3] = b;
  frame[header - 2] = c;
  frame[header - 1] = d;
  mask(frame, header, a, b, c, d);
  return frame;
}

const keys = new Uint8Array(8 * 1024);
let keysUsed = keys.length;

const headerBytes = (length: number): number => (length < LENGTH_16 ? 2 : length <= 0xffff ? 4 : 10);

function writeHeader(frame: Buffer, length: number, masked: number): void {
  frame[0] = FINAL_TEXT;
  if (length < LENGTH_16) frame[1] = masked | length;
  else if (length <= 0xffff) {
    frame[1] = masked | LENGTH_16;
    frame[2] = length >> 8;
    frame[3] = length & 0xff;
  } else {
    frame[1] = masked | LENGTH_64;
    frame.writeUIntBE(0, 2, 2);
    frame.writeUIntBE(length, 4, 6);
  }
}

function copyParts(frame: Buffer, at: number, start: Uint8Array, middle: Uint8Array, end: Uint8Array): void {
  frame.set(start, at);
  frame.set(middle, at + start.length);
  frame.set(end, at + start.length + middle.length);
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
/** Words over the pool that small buffers are cut from: it is the same for hundreds of frames. */
let words: Int32Array = new Int32Array(0);

/** Four bytes at a time: a frame begins at a multiple of eight, and so does its payload behind a 16-bit length. */
function mask(frame: Buffer, from: number, a: number, b: number, c: number, d: number): void {
  let at = from;
  if ((frame.byteOffset + from) % 4 === 0) {
    if (words.buffer !== frame.buffer) words = new Int32Array(frame.buffer, 0, frame.buffer.byteLength >> 2);
    const key = littleEndian ? a | (b << 8) | (c << 16) | (d << 24) : d | (c << 8) | (b << 16) | (a << 24);
    const firstWord = (frame.byteOffset + from) >> 2;
    const endWord = (frame.byteOffset + frame.length) >> 2;
    for (let word = firstWord; word < endWord; word++) words[word] = (words[word] ?? 0) ^ key;
    at += (endWord - firstWord) * 4;
  }
  for (let key = 0; at < frame.length; at++, key = (key + 1) & 3) frame[at] = (frame[at] ?? 0) ^ (key === 0 ? a : key === 1 ? b : key === 2 ? c : d);
}
