/** What to do with a live call whose media socket is gone. */
export type Resumption =
  | { readonly type: 'connect'; readonly attempt: number }
  | { readonly type: 'wait'; readonly seconds: number; readonly attempt: number }
  | { readonly type: 'give-up' };

/** In a row, without a bridge: six tries, with 1, 2, 3, 4 and 5 seconds between them. */
const MOST_ATTEMPTS = 11;
/** Over the whole call: bridges that take a call and lose it at once must not do so for ever. */
const MOST_BRIDGES = 20;

/**
 * Every other attempt waits before the next, so that a media process that is restarting is found again.
 *
 * @param attempt as the carrier's question says, from 1.
 * @param held how many bridges had held the call when the carrier was told to ask.
 * @param bridges how many have by now: more than `held` means that a bridge was had, and counting starts again.
 */
export function resumption({ attempt, held, bridges }: { attempt: number; held: number; bridges: number }): Resumption {
  const inRow = bridges > held ? 1 : attempt;
  if (inRow > MOST_ATTEMPTS || bridges >= MOST_BRIDGES) return { type: 'give-up' };
  return inRow % 2 === 1 ? { type: 'connect', attempt: inRow + 1 } : { type: 'wait', seconds: inRow / 2, attempt: inRow + 1 };
}
