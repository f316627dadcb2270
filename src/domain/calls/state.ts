/**
 * The states of a call, and what moves it from one to the next.
 *
 * - `QUEUED`       the row stands; the carrier has not been asked. Only outbound calls begin here.
 * - `DIALING`      the carrier has been, or is about to be, asked to ring the number. Committed before the request leaves.
 * - `RINGING`      the phone rings; for an inbound call: the carrier has asked us what to do. Inbound calls begin here.
 * - `IN_PROGRESS`  somebody answered: the carrier said so, or the call's media socket is open.
 * - `UNKNOWN`      the carrier was asked to dial and no answer came. It may ring. Reconciled with the carrier, never dialed again.
 * - `ENDED`        over. The outcome tells how it went.
 * - `FAILED`       over, and no phone was ever answered because of a fault: refused, unreachable, never placed.
 *
 * ```
 * QUEUED → DIALING → RINGING → IN_PROGRESS → ENDED
 *             ↕          ↘ ENDED (busy, no answer, canceled)
 *          UNKNOWN        ↘ FAILED
 * ```
 *
 * Carriers tell late, twice and out of order, so the table is monotone: an event that belongs to an earlier state is
 * rejected as `late`, and nothing leaves `ENDED` or `FAILED`. What cannot happen at all is rejected as `illegal`.
 */
export const CALL_STATUSES = ['QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'UNKNOWN', 'ENDED', 'FAILED'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

export type CallOutcome =
  | 'COMPLETED'
  | 'TRANSFERRED'
  | 'VOICEMAIL'
  | 'SCREENED'
  | 'NO_ANSWER'
  | 'BUSY'
  | 'DROPPED'
  | 'FAILED'
  | 'INVALID_NUMBER'
  | 'LIMIT_REACHED';

export const CALL_EVENTS = [
  /** We are about to ask the carrier to dial. */
  'dial-requested',
  /** The carrier has taken the request: it answered with the call's id, or says `queued` or `initiated`. */
  'dial-accepted',
  /** The carrier said no: nothing rings. */
  'dial-refused',
  /** The carrier said that the number cannot be one. */
  'number-refused',
  /** The carrier's answer never came. */
  'dial-uncertain',
  'carrier-ringing',
  'carrier-answered',
  'carrier-completed',
  'carrier-busy',
  'carrier-no-answer',
  'carrier-failed',
  'carrier-canceled',
  /** A bridge has claimed the call over its media socket: somebody is there, whatever webhooks are missing. */
  'media-alive',
  /** A person asked us to hang up. The carrier ends the call; until then only the wish is recorded. */
  'end-requested',
  /** No bridge could be had for the call any more; the caller was told so. */
  'given-up',
  /** A call that came in was not taken: the caller was told why. */
  'turned-away',
  /** The carrier knows no such call. */
  'not-found',
] as const;
export type CallEvent = (typeof CALL_EVENTS)[number];

/** `talked`: COMPLETED where a bridge has ever held the call, DROPPED where it was answered and nobody spoke with it. */
type Move = 'stays' | 'late' | 'illegal' | { readonly to: CallStatus; readonly outcome?: CallOutcome | 'talked' };

const to = (status: CallStatus): Move => ({ to: status });
const ended = (outcome: CallOutcome | 'talked'): Move => ({ to: 'ENDED', outcome });
const failed = (outcome: CallOutcome): Move => ({ to: 'FAILED', outcome });

/** What the carrier may say of a call that nobody has answered yet. */
const UNANSWERED = {
  'carrier-answered': to('IN_PROGRESS'),
  'media-alive': to('IN_PROGRESS'),
  'carrier-completed': ended('talked'),
  'carrier-busy': ended('BUSY'),
  'carrier-no-answer': ended('NO_ANSWER'),
  'carrier-canceled': ended('NO_ANSWER'),
  'carrier-failed': failed('FAILED'),
  'end-requested': 'stays',
  'given-up': ended('DROPPED'),
  // Only a call that comes in is taken or not.
  'turned-away': 'illegal',
  'not-found': failed('FAILED'),
} as const satisfies Partial<Record<CallEvent, Move>>;

const OVER = {
  'dial-requested': 'late',
  'dial-accepted': 'late',
  'dial-refused': 'late',
  'number-refused': 'late',
  'dial-uncertain': 'late',
  'carrier-ringing': 'late',
  'carrier-answered': 'late',
  'carrier-completed': 'late',
  'carrier-busy': 'late',
  'carrier-no-answer': 'late',
  'carrier-failed': 'late',
  'carrier-canceled': 'late',
  'media-alive': 'late',
  'end-requested': 'late',
  'given-up': 'late',
  'turned-away': 'late',
  'not-found': 'late',
} as const satisfies Record<CallEvent, Move>;

const TABLE = {
  QUEUED: {
    'dial-requested': to('DIALING'),
    'dial-accepted': 'illegal',
    'dial-refused': 'illegal',
    'number-refused': 'illegal',
    'dial-uncertain': 'illegal',
    'carrier-ringing': 'illegal',
    'carrier-answered': 'illegal',
    'carrier-completed': 'illegal',
    'carrier-busy': 'illegal',
    'carrier-no-answer': 'illegal',
    'carrier-failed': 'illegal',
    'carrier-canceled': 'illegal',
    'media-alive': 'illegal',
    'end-requested': ended('NO_ANSWER'),
    'given-up': 'illegal',
    'turned-away': 'illegal',
    'not-found': failed('FAILED'),
  },
  DIALING: {
    ...UNANSWERED,
    // A second request would ring a second phone.
    'dial-requested': 'illegal',
    'dial-accepted': 'stays',
    'dial-refused': failed('FAILED'),
    'number-refused': failed('INVALID_NUMBER'),
    'dial-uncertain': to('UNKNOWN'),
    'carrier-ringing': to('RINGING'),
  },
  UNKNOWN: {
    ...UNANSWERED,
    'dial-requested': 'illegal',
    'dial-accepted': to('DIALING'),
    'dial-refused': failed('FAILED'),
    'number-refused': failed('INVALID_NUMBER'),
    'dial-uncertain': 'stays',
    'carrier-ringing': to('RINGING'),
  },
  RINGING: {
    ...UNANSWERED,
    'turned-away': ended('LIMIT_REACHED'),
    'dial-requested': 'illegal',
    'dial-accepted': 'late',
    'dial-refused': 'late',
    'number-refused': 'late',
    'dial-uncertain': 'late',
    'carrier-ringing': 'stays',
  },
  IN_PROGRESS: {
    'dial-requested': 'illegal',
    'dial-accepted': 'late',
    'dial-refused': 'late',
    'number-refused': 'late',
    'dial-uncertain': 'late',
    'carrier-ringing': 'late',
    'carrier-answered': 'stays',
    'media-alive': 'stays',
    'carrier-completed': ended('talked'),
    // These contradict the answer that we saw; over it is all the same.
    'carrier-busy': ended('talked'),
    'carrier-no-answer': ended('talked'),
    'carrier-canceled': ended('talked'),
    'carrier-failed': ended('DROPPED'),
    'end-requested': 'stays',
    'given-up': ended('DROPPED'),
    'turned-away': 'illegal',
    'not-found': ended('talked'),
  },
  ENDED: OVER,
  FAILED: OVER,
} as const satisfies Record<CallStatus, Record<CallEvent, Move>>;

export type Transition =
  | { readonly ok: true; readonly status: CallStatus; readonly outcome: CallOutcome | null }
  | { readonly ok: false; readonly rejection: 'late' | 'illegal' };

/**
 * Where an event takes a call.
 *
 * @param talked whether a bridge has ever held the call.
 * @returns the state after the event, with the outcome when it is over; or why the event counts for nothing.
 */
export function transition(status: CallStatus, event: CallEvent, talked: boolean): Transition {
  const move: Move = TABLE[status][event];
  if (move === 'late' || move === 'illegal') return { ok: false, rejection: move };
  if (move === 'stays') return { ok: true, status, outcome: null };
  const outcome = move.outcome === 'talked' ? (talked ? 'COMPLETED' : 'DROPPED') : (move.outcome ?? null);
  return { ok: true, status: move.to, outcome };
}

export const isOver = (status: CallStatus): boolean => status === 'ENDED' || status === 'FAILED';
