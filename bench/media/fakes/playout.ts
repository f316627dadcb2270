import { FRAME_BYTES, FRAME_MS } from '../stamp.ts';

const US_PER_BYTE = (FRAME_MS * 1_000) / FRAME_BYTES;

interface Segment {
  readonly answer: number;
  readonly startsUs: number;
  endsUs: number;
}

/** The buffer of a phone line: what arrives is played in order at the speed of speech, and what was heard is known exactly. */
export class Playout {
  #segments: Segment[] = [];
  #heardUs = new Map<number, number>();
  #marks: { readonly dueUs: number; readonly name: string }[] = [];
  #endsUs = 0;

  add(answer: number, bytes: number, nowUs: number): void {
    const startsUs = Math.max(nowUs, this.#endsUs);
    this.#endsUs = startsUs + bytes * US_PER_BYTE;
    const last = this.#segments.at(-1);
    if (last?.answer === answer && last.endsUs === startsUs) last.endsUs = this.#endsUs;
    else this.#segments.push({ answer, startsUs, endsUs: this.#endsUs });
  }

  /** The mark is due when all that was added before it has been played. */
  mark(name: string, nowUs: number): void {
    this.#marks.push({ name, dueUs: Math.max(nowUs, this.#endsUs) });
  }

  dueMarks(nowUs: number): string[] {
    let count = 0;
    while ((this.#marks[count]?.dueUs ?? Number.POSITIVE_INFINITY) <= nowUs) count++;
    return count === 0 ? [] : this.#marks.splice(0, count).map((mark) => mark.name);
  }

  /** Audio still to be played. */
  remainingMs(nowUs: number): number {
    return Math.max(0, (this.#endsUs - nowUs) / 1_000);
  }

  /** Empties the buffer. Answers the marks that come back at once, and each answer that was cut with what was heard of it. */
  clear(nowUs: number): { marks: string[]; cut: { answer: number; heardMs: number }[] } {
    const unfinished = new Set(this.#segments.filter((segment) => segment.endsUs > nowUs).map((segment) => segment.answer));
    for (const { answer, startsUs, endsUs } of this.#segments) {
      const playedUs = Math.max(0, Math.min(nowUs, endsUs) - startsUs);
      this.#heardUs.set(answer, (this.#heardUs.get(answer) ?? 0) + playedUs);
    }
    const cut = [...unfinished].map((answer) => ({ answer, heardMs: (this.#heardUs.get(answer) ?? 0) / 1_000 }));
    const marks = this.#marks.map((mark) => mark.name);
    this.#segments = [];
    this.#heardUs = new Map();
    this.#marks = [];
    this.#endsUs = 0;
    return { marks, cut };
  }
}
