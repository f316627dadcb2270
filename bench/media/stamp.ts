/**
 * The stamped frame: 20 ms of "audio" (160 bytes) that says which call it belongs to, its place in the stream and when
 * it was sent. A bridge that passes µ-law through byte for byte delivers every stamp whole, so each byte of both
 * directions can be accounted for, and the age of a frame is the latency it met.
 *
 *   0 magic · 4 flags · 6 call · 8 sequence · 12 turn · 16 sent at (µs) · 24 filling, the same in every frame
 *
 * The stamp is 24 bytes because that is exactly 32 characters of base64: the rest never has to be encoded again.
 */
export const FRAME_BYTES = 160;
export const FRAME_MS = 20;
const STAMP_BYTES = 24;
const STAMP_CHARACTERS = 32;
const MAGIC = 0xca11c0de;

/** The caller speaks in this frame: the model's voice detection. */
export const SPEECH = 1;
/** The frame lies in the measured window. */
export const MEASURED = 2;

export interface Stamp {
  readonly flags: number;
  readonly call: number;
  readonly sequence: number;
  /** The caller's turn, or the number of the model's answer. */
  readonly turn: number;
  readonly sentAtUs: number;
}

const FILLING = Buffer.from(Array.from({ length: FRAME_BYTES - STAMP_BYTES }, (_, index) => (index * 37 + 91) & 0xff));
const FILLING_BASE64 = FILLING.toString('base64');
const FILLING_BASE64_BYTES = Buffer.from(FILLING_BASE64, 'latin1');
const FRAME_CHARACTERS = STAMP_CHARACTERS + FILLING_BASE64.length;

/** Microseconds of the machine's monotonic clock, which all its processes share. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

function writeStamp(target: Buffer, offset: number, stamp: Stamp): void {
  target.writeUInt32BE(MAGIC, offset);
  target.writeUInt16BE(stamp.flags, offset + 4);
  target.writeUInt16BE(stamp.call, offset + 6);
  target.writeUInt32BE(stamp.sequence, offset + 8);
  target.writeUInt32BE(stamp.turn, offset + 12);
  target.writeDoubleBE(stamp.sentAtUs, offset + 16);
}

function readStamp(source: Buffer, offset: number): Stamp | null {
  if (source.readUInt32BE(offset) !== MAGIC) return null;
  return {
    flags: source.readUInt16BE(offset + 4),
    call: source.readUInt16BE(offset + 6),
    sequence: source.readUInt32BE(offset + 8),
    turn: source.readUInt32BE(offset + 12),
    sentAtUs: source.readDoubleBE(offset + 16),
  };
}

const scratch = Buffer.alloc(STAMP_BYTES);

/** One frame as base64. */
export function stampedBase64(stamp: Stamp): string {
  writeStamp(scratch, 0, stamp);
  return scratch.toString('base64') + FILLING_BASE64;
}

/** `count` frames in a row as base64: one delta of a model's answer. */
export function stampedRun(count: number, first: Stamp): string {
  const audio = Buffer.allocUnsafe(count * FRAME_BYTES);
  for (let index = 0; index < count; index++) {
    const offset = index * FRAME_BYTES;
    writeStamp(audio, offset, { ...first, sequence: first.sequence + index });
    FILLING.copy(audio, offset + STAMP_BYTES);
  }
  return audio.toString('base64');
}

/** Puts the frames of one direction of one call together again, however the bridge cut them. */
export class StampReader {
  /** Bytes that belong to no frame: silence or anything else that a bridge made up. */
  foreignBytes = 0;
  /** Frames whose stamp was whole and whose filling was not. */
  damagedFrames = 0;
  #rest: Buffer | null = null;
  readonly #onFrame: (stamp: Stamp) => void;

  constructor(onFrame: (stamp: Stamp) => void) {
    this.#onFrame = onFrame;
  }

  /** Base64 text from `start` to `end` of a message. A single whole frame, the common case, is compared, not decoded. */
  readBase64(message: Buffer, start: number, end: number): void {
    if (end - start === FRAME_CHARACTERS && this.#rest === null) {
      const stamp = readStamp(Buffer.from(message.toString('latin1', start, start + STAMP_CHARACTERS), 'base64'), 0);
      if (stamp) {
        if (message.compare(FILLING_BASE64_BYTES, 0, FILLING_BASE64_BYTES.length, start + STAMP_CHARACTERS, end) !== 0) this.damagedFrames++;
        return this.#onFrame(stamp);
      }
    }
    this.read(Buffer.from(message.toString('latin1', start, end), 'base64'));
  }

  read(bytes: Buffer): void {
    const all = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    let offset = 0;
    while (offset + FRAME_BYTES <= all.length) {
      const stamp = readStamp(all, offset);
      if (!stamp) {
        offset++;
        this.foreignBytes++;
        continue;
      }
      if (all.compare(FILLING, 0, FILLING.length, offset + STAMP_BYTES, offset + FRAME_BYTES) !== 0) this.damagedFrames++;
      this.#onFrame(stamp);
      offset += FRAME_BYTES;
    }
    this.#rest = offset < all.length ? all.subarray(offset) : null;
  }

  /** Forgets an incomplete frame: its end was dropped on purpose. */
  forget(): void {
    this.#rest = null;
  }
}
