import { heardText } from '../domain/calls/heard-text.ts';
import type { TurnRecord } from '../domain/calls/records.ts';

/**
 * The transcript as it grows.
 *
 * The model tells of turns out of order: the caller's words are often recognised after the answer to them has begun.
 * Turns are kept in the order in which they were begun, and only the first open one is shown and numbered; the next
 * waits until it is complete. So sequence numbers have no gaps and never move, and a turn in which nothing was said
 * (a cough) leaves no trace.
 */
export interface Turns {
  readonly nextSequence: number;
  readonly open: readonly OpenTurn[];
}

export interface OpenTurn {
  readonly itemId: string;
  readonly speaker: 'CALLER' | 'ASSISTANT' | 'SYSTEM';
  readonly text: string;
  readonly audioMs: number;
  readonly heardMs: number;
  readonly interrupted: boolean;
  readonly startedAt: Date;
  /** All its words are known. */
  readonly worded: boolean;
  /** The caller has stopped talking, or the assistant's words have been played or cut off. */
  readonly finished: boolean;
  /** Since when only the recognition of the words is missing; null while it is not. */
  readonly awaitedSinceMs: number | null;
  /** Its row was written before it was complete. */
  readonly stored: boolean;
}

export interface TurnChanges {
  readonly turns: Turns;
  /** Rows to write, in order. */
  readonly records: readonly TurnRecord[];
  /** The turn that is being spoken, for live views. */
  readonly spoken: TurnRecord | null;
}

/** What stands for words that were spoken and could not be recognised. */
const INAUDIBLE = '[inaudible]';

export const emptyTurns = (nextSequence: number): Turns => ({ nextSequence, open: [] });

export function beginTurn(turns: Turns, itemId: string, speaker: OpenTurn['speaker'], startedAt: Date): Turns {
  if (turns.open.some((turn) => turn.itemId === itemId)) return turns;
  const turn: OpenTurn = {
    itemId,
    speaker,
    text: '',
    audioMs: 0,
    heardMs: 0,
    interrupted: false,
    startedAt,
    worded: false,
    finished: false,
    awaitedSinceMs: null,
    stored: false,
  };
  return { ...turns, open: [...turns.open, turn] };
}

/** Changes an open turn; one that is complete already stays as it was stored. */
export const changeTurn = (turns: Turns, itemId: string, change: (turn: OpenTurn) => Partial<OpenTurn>): Turns => ({
  ...turns,
  open: turns.open.map((turn) => (turn.itemId === itemId ? { ...turn, ...change(turn) } : turn)),
});

export const addWords = (turns: Turns, itemId: string, delta: string): Turns => changeTurn(turns, itemId, (turn) => ({ text: turn.text + delta }));

export const setText = (turns: Turns, itemId: string, text: string): Turns => changeTurn(turns, itemId, () => ({ text: text.trim(), worded: true }));

export const wordsLost = (turns: Turns, itemId: string): Turns => changeTurn(turns, itemId, (turn) => ({ text: turn.text.trim() || INAUDIBLE, worded: true }));

/** Numbers and hands out what has become complete, and the turn now first. */
export function drain(turns: Turns): TurnChanges {
  const records: TurnRecord[] = [];
  let { nextSequence } = turns;
  const open = [...turns.open];
  for (let first = open[0]; first; first = open[0]) {
    if (first.worded && first.finished) {
      open.shift();
      if (!first.text && !first.stored) continue;
      records.push(toRecord(first, nextSequence++, true));
      continue;
    }
    // An answer that is generated and still being played is written at once: it outlives this bridge.
    if (first.worded && first.text && !first.stored) {
      open[0] = { ...first, stored: true };
      records.push(toRecord(first, nextSequence, false));
    }
    break;
  }
  const first = open[0];
  const spoken = first?.text ? toRecord(first, nextSequence, false) : null;
  return { turns: { nextSequence, open }, records, spoken };
}

function toRecord(turn: OpenTurn, sequence: number, complete: boolean): TurnRecord {
  const heard = complete && !turn.interrupted;
  return {
    sequence,
    speaker: turn.speaker,
    text: turn.text,
    heardText: turn.speaker === 'SYSTEM' ? '' : turn.speaker === 'CALLER' || heard ? turn.text : heardText(turn.text, turn.heardMs, turn.audioMs),
    interrupted: turn.interrupted,
    complete,
    startedAt: turn.startedAt,
    audioMs: Math.round(turn.audioMs),
    heardMs: Math.round(turn.speaker === 'CALLER' || heard ? turn.audioMs : turn.heardMs),
  };
}
