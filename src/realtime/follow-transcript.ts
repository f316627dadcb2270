import type { Wake } from './replay.ts';
import type { TranscriptMessage } from './topics.ts';

/** The part of a turn's row that decides when it is delivered. */
interface Turn {
  readonly sequence: number;
  readonly text: string;
  readonly heardText: string;
  /** False while its words are still being spoken. */
  readonly complete: boolean;
}

type Spoken = Extract<TranscriptMessage, { type: 'speaking' }>;

/** Where the turns of a call are. */
export interface TranscriptRows<T extends Turn> {
  /** Every row with a higher sequence, in order. */
  after(sequence: number): Promise<T[]>;
  /** Whether no turn will be written any more. */
  isOver(): Promise<boolean>;
  /** A turn that has no row yet, made of the words spoken so far. */
  spoken(words: Spoken): T;
}

/**
 * The turns of a call from a sequence on: each complete one once, in order and without gaps, and what is being spoken
 * as partial turns in between. Ends when the call is over and all of it is delivered.
 *
 * A complete turn waits for those before it, so that the last complete sequence that a client has seen is all it needs
 * to go on from where it was cut off.
 *
 * @param after the last complete sequence that the client has; 0 for none.
 */
export async function* followTranscript<T extends Turn>(
  wakes: AsyncIterable<Wake<TranscriptMessage>>,
  rows: TranscriptRows<T>,
  after: number,
): AsyncGenerator<{ turn: T; partial: boolean }, void> {
  let delivered = after;
  /** What was last shown of each turn that is still open, so that nothing is shown twice. */
  const shown = new Map<number, T>();

  const isNews = (turn: T): boolean => {
    const before = shown.get(turn.sequence);
    // A message may be older than the row that was read before it came.
    const stale =
      before &&
      (before.text.length > turn.text.length
        ? before.text.startsWith(turn.text)
        : before.text === turn.text && before.heardText.length >= turn.heardText.length);
    if (!stale) shown.set(turn.sequence, turn);
    return !stale;
  };

  for await (const wake of wakes) {
    if (wake.type === 'message' && wake.payload.type === 'speaking') {
      if (wake.payload.sequence <= delivered) continue;
      const turn = rows.spoken(wake.payload);
      if (isNews(turn)) yield { turn, partial: true };
      continue;
    }
    // Asked before the rows are read: what is over now has all its rows by then.
    const over = wake.type === 'message' ? wake.payload.type === 'over' : await rows.isOver();
    for (const turn of await rows.after(delivered)) {
      if (turn.complete && turn.sequence === delivered + 1) {
        delivered = turn.sequence;
        shown.delete(turn.sequence);
        yield { turn, partial: false };
      } else if (isNews(turn)) yield { turn, partial: true };
    }
    if (over) return;
  }
}
