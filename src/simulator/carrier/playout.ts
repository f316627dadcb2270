import { FRAME_BYTES, SILENCE } from '../audio/mulaw.ts';

/** What the carrier has got to play to the caller: audio and marks in the order in which they came. */
export class Playout {
  #queue: (Buffer | string)[] = [];
  #offset = 0;
  #queuedBytes = 0;
  #playedBytes = 0;
  #droppedBytes = 0;

  get queuedBytes(): number {
    return this.#queuedBytes;
  }
  get playedBytes(): number {
    return this.#playedBytes;
  }
  /** Bytes that a `clear` threw away. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  addAudio(audio: Buffer): void {
    if (audio.length === 0) return;
    this.#queue.push(audio);
    this.#queuedBytes += audio.length;
  }

  addMark(name: string): void {
    this.#queue.push(name);
  }

  /** Marks with nothing before them any more: they are due. */
  takeDueMarks(): string[] {
    const due: string[] = [];
    while (typeof this.#queue[0] === 'string') due.push(...this.#queue.splice(0, 1).filter((item) => typeof item === 'string'));
    return due;
  }

  /** Plays the next 20 ms: the frame, filled up with silence, and the marks that were passed. */
  next(): { frame: Buffer; marks: string[] } {
    const marks = this.takeDueMarks();
    const head = this.#queue[0];
    if (typeof head === 'object' && head.length - this.#offset > FRAME_BYTES) {
      const frame = head.subarray(this.#offset, this.#offset + FRAME_BYTES);
      this.#offset += FRAME_BYTES;
      this.#queuedBytes -= FRAME_BYTES;
      this.#playedBytes += FRAME_BYTES;
      return { frame, marks };
    }
    const frame = Buffer.alloc(FRAME_BYTES, SILENCE);
    let filled = 0;
    for (let item = this.#queue[0]; item !== undefined && filled < FRAME_BYTES; item = this.#queue[0]) {
      if (typeof item === 'string') {
        marks.push(item);
        this.#queue.shift();
        continue;
      }
      const taken = item.copy(frame, filled, this.#offset);
      filled += taken;
      this.#offset += taken;
      if (this.#offset === item.length) {
        this.#queue.shift();
        this.#offset = 0;
      }
    }
    this.#queuedBytes -= filled;
    this.#playedBytes += filled;
    marks.push(...this.takeDueMarks());
    return { frame, marks };
  }

  /** Throws away what was not played. @returns the marks that were among it: they come back at once. */
  clear(): string[] {
    const marks = this.#queue.filter((item) => typeof item === 'string');
    this.#queue = [];
    this.#offset = 0;
    this.#droppedBytes += this.#queuedBytes;
    this.#queuedBytes = 0;
    return marks;
  }
}
