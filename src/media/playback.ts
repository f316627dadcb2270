/**
 * The heard ledger: what the carrier has played of what we sent.
 *
 * The carrier plays audio in order and in real time, and echoes a mark when all before it has been played. Two facts
 * bound the position: it cannot have played audio for longer than the audio has been there (the estimate, which
 * starts to run when audio is sent into silence), and it has played at least up to the last mark that came back. An
 * estimate that runs far past a mark that did not come back is wrong (the carrier buffers, or the line stalls) and is
 * held there. Positions are milliseconds of audio since the last `clear`.
 */
export interface Playback {
  /** Grows with each clear, so that marks which the clear sent back are told from marks that were played. */
  readonly generation: number;
  readonly sentMs: number;
  /** At `atMs` of the clock the carrier was at `positionMs`. Null before the first audio. */
  readonly anchor: { readonly positionMs: number; readonly atMs: number } | null;
  /** What was sent, in order; items that were heard to their end are dropped when the next one comes. */
  readonly items: readonly PlayedItem[];
  /** Where the newest mark was set. */
  readonly markedMs: number;
  /** Marks that have not come back, oldest first. */
  readonly marks: readonly { readonly name: string; readonly positionMs: number }[];
}

export interface PlayedItem {
  readonly itemId: string;
  readonly startMs: number;
  readonly ms: number;
}

export interface HeardItem extends PlayedItem {
  readonly heardMs: number;
}

/** What the tones of keys are called among the items that are played. */
export const TONES = 'tones';

export const silence: Playback = { generation: 0, sentMs: 0, anchor: null, items: [], markedMs: 0, marks: [] };

/** How far the estimate may run past a mark that should have come back: the way there and back. */
const MARK_GRACE_MS = 150;
/** A mark often enough to notice a stall, seldom enough to cost nothing: about one in five deltas. */
const MARK_EVERY_MS = 1_000;

/** Where the carrier is now, in milliseconds of audio since the last clear. */
export function position(playback: Playback, nowMs: number): number {
  const limit = playback.marks[0] ? playback.marks[0].positionMs + MARK_GRACE_MS : Number.POSITIVE_INFINITY;
  return Math.min(estimate(playback, nowMs), limit);
}

const estimate = ({ anchor, sentMs }: Playback, nowMs: number): number =>
  anchor ? Math.max(0, Math.min(anchor.positionMs + (nowMs - anchor.atMs), sentMs)) : 0;

/** Whether everything sent should have been played by now. */
export const isSilent = (playback: Playback, nowMs: number): boolean => position(playback, nowMs) >= playback.sentMs;

/** Whether everything sent has been played, as the carrier's marks say. */
export const isHeard = (playback: Playback, nowMs: number): boolean => playback.marks.length === 0 && isSilent(playback, nowMs);

/** Audio of `ms` was sent now. */
export function audioSent(playback: Playback, itemId: string, ms: number, nowMs: number): Playback {
  const at = position(playback, nowMs);
  const idle = at >= playback.sentMs;
  const last = playback.items.at(-1);
  const items =
    last?.itemId === itemId
      ? [...playback.items.slice(0, -1), { ...last, ms: last.ms + ms }]
      : [...playback.items.filter((item) => item.startMs + item.ms > at), { itemId, startMs: playback.sentMs, ms }];
  return {
    ...playback,
    items,
    sentMs: playback.sentMs + ms,
    anchor: idle ? { positionMs: playback.sentMs, atMs: nowMs } : playback.anchor,
  };
}

/** The name of the mark to send behind the audio so far, or null where none is due. `always` for the end of an answer. */
export function nextMark({ generation, sentMs, markedMs }: Playback, always: boolean): string | null {
  return sentMs - markedMs >= (always ? 1 : MARK_EVERY_MS) ? `${generation}:${sentMs}` : null;
}

export const markSent = (playback: Playback, name: string): Playback => ({
  ...playback,
  markedMs: playback.sentMs,
  marks: [...playback.marks, { name, positionMs: playback.sentMs }],
});

/** A mark came back. One of an older generation, or unknown, says nothing. */
export function markReturned(playback: Playback, name: string, nowMs: number): Playback {
  const index = playback.marks.findIndex((mark) => mark.name === name);
  const mark = playback.marks[index];
  if (!mark) return playback;
  const before = estimate(playback, nowMs);
  const off = before < mark.positionMs || before - mark.positionMs > MARK_GRACE_MS;
  return {
    ...playback,
    marks: playback.marks.slice(index + 1),
    anchor: off ? { positionMs: mark.positionMs, atMs: nowMs } : playback.anchor,
  };
}

/**
 * The carrier is told to drop what it has not played.
 *
 * @param unfinished an item of which more would have come: it counts as cut even where all that was sent was heard.
 * @returns what was heard of each item that was not heard whole; never more than was sent.
 */
export function cleared(playback: Playback, nowMs: number, unfinished: string | null): { playback: Playback; cut: HeardItem[] } {
  const at = position(playback, nowMs);
  return {
    playback: { ...silence, generation: playback.generation + 1 },
    cut: playback.items.map((item) => heard(item, at)).filter((item) => item.heardMs < item.ms || item.itemId === unfinished),
  };
}

/** How much of an item is still to be played, in milliseconds. */
export function remainingOf(playback: Playback, itemId: string, nowMs: number): number {
  const item = playback.items.find((played) => played.itemId === itemId);
  return item ? item.ms - heard(item, position(playback, nowMs)).heardMs : 0;
}

const heard = (item: PlayedItem, at: number): HeardItem => ({ ...item, heardMs: Math.max(0, Math.min(item.ms, at - item.startMs)) });
