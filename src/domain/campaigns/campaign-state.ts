/**
 * The states of a campaign, and what moves it from one to the next.
 *
 * - `DRAFT`      is being put together; nobody is called.
 * - `READY`      can be launched.
 * - `SCHEDULED`  begins at its time.
 * - `RUNNING`    people are called as their time comes.
 * - `PAUSED`     nobody else is called until it is resumed; live calls finish.
 * - `CANCELING`  nobody else is called any more; live calls finish.
 * - `CANCELED`   canceled, and no call is live.
 * - `COMPLETED`  everybody is over with, and no call is live.
 * - `FAILED`     could not begin.
 *
 * ```
 * DRAFT → READY → SCHEDULED → RUNNING ⇄ PAUSED → COMPLETED
 *                     ↘ FAILED    ↘ CANCELING → CANCELED
 * ```
 *
 * It is never over because it was idle: `drained` is told when no contact is in a state that goes on and no attempt is live.
 */
export type CampaignState = 'DRAFT' | 'READY' | 'SCHEDULED' | 'RUNNING' | 'PAUSED' | 'CANCELING' | 'CANCELED' | 'COMPLETED' | 'FAILED';

export type CampaignEvent = 'prepared' | 'scheduled' | 'started' | 'cannot-start' | 'paused' | 'resumed' | 'canceled' | 'drained';

type Move = CampaignState | 'stays' | 'illegal';

const OVER = {
  prepared: 'illegal',
  scheduled: 'illegal',
  started: 'illegal',
  'cannot-start': 'illegal',
  paused: 'illegal',
  resumed: 'illegal',
  canceled: 'illegal',
  drained: 'stays',
} as const satisfies Record<CampaignEvent, Move>;

const TABLE = {
  DRAFT: { ...OVER, prepared: 'READY', canceled: 'CANCELED', drained: 'illegal' },
  READY: { ...OVER, prepared: 'stays', scheduled: 'SCHEDULED', started: 'RUNNING', 'cannot-start': 'FAILED', canceled: 'CANCELED', drained: 'illegal' },
  SCHEDULED: { ...OVER, scheduled: 'stays', started: 'RUNNING', 'cannot-start': 'FAILED', canceled: 'CANCELING', drained: 'illegal' },
  RUNNING: { ...OVER, started: 'stays', paused: 'PAUSED', resumed: 'stays', canceled: 'CANCELING', drained: 'COMPLETED' },
  PAUSED: { ...OVER, paused: 'stays', resumed: 'RUNNING', canceled: 'CANCELING', drained: 'COMPLETED' },
  CANCELING: { ...OVER, canceled: 'stays', drained: 'CANCELED' },
  CANCELED: { ...OVER, canceled: 'stays' },
  COMPLETED: OVER,
  FAILED: OVER,
} as const satisfies Record<CampaignState, Record<CampaignEvent, Move>>;

/** Where an event takes a campaign: the state after it, which may be the same; null where it cannot be. */
export function campaignMove(state: CampaignState, event: CampaignEvent): CampaignState | null {
  const move: Move = TABLE[state][event];
  return move === 'illegal' ? null : move === 'stays' ? state : move;
}

/** Nobody will be called any more, and nobody is. */
export const isCampaignOver = (state: CampaignState): boolean => state === 'CANCELED' || state === 'COMPLETED' || state === 'FAILED';
