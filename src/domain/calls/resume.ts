/** What to do with a live call whose media socket is gone. */
export type Resumption =
  | { readonly type: 'connect'; readonly attempt: number }
  | { readonly type: 'wait'; readonly seconds: number; readonly attempt: number }
  /** The call goes on by the carrier's own speech recognition and voice, without a bridge. */
  | { readonly type: 'gather'; readonly attempt: number }
  | { readonly type: 'give-up' };

/** In a row, without a bridge: six tries, with 1, 2, 3, 4 and 5 seconds between them. */
const MOST_ATTEMPTS = 11;
/** In a row, without a bridge, where the call can go on by speech gather: three tries, with 1 and 2 seconds between them. */
const ATTEMPTS_BEFORE_GATHER = 5;
/** Over the whole call: bridges that take a call and lose it at once must not do so for ever. */
const MOST_BRIDGES = 20;

export interface ResumptionFacts {
  /** How many times in a row no bridge was had, as the carrier's question says, from 1. */
  readonly attempt: number;
  /** How many bridges had held the call when the carrier was told to ask. */
  readonly held: number;
  /** How many have by now: more than `held` means that a bridge was had, and counting starts again. */
  readonly bridges: number;
  /** How the call talks: GATHER once a bridge has found the voice model out of reach. */
  readonly engine: 'REALTIME' | 'GATHER';
  /** Whether the call can go on by speech gather. */
  readonly canGather: boolean;
}

/** Every other attempt waits before the next, so that a media process that is restarting is found again. */
export function resumption({ attempt, held, bridges, engine, canGather }: ResumptionFacts): Resumption {
  if (canGather && engine === 'GATHER') return { type: 'gather', attempt: attempt + 1 };
  const inRow = bridges > held ? 1 : attempt;
  if (canGather && (inRow > ATTEMPTS_BEFORE_GATHER || bridges >= MOST_BRIDGES)) return { type: 'gather', attempt: inRow + 1 };
  if (inRow > MOST_ATTEMPTS || bridges >= MOST_BRIDGES) return { type: 'give-up' };
  return inRow % 2 === 1 ? { type: 'connect', attempt: inRow + 1 } : { type: 'wait', seconds: inRow / 2, attempt: inRow + 1 };
}
