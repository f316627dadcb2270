import { MINUTE, SECOND } from '../../../kit/time.ts';
import { type CallStatus, isOver } from '../state.ts';

/** The part of a call's row that the reaper judges by. */
export interface ReapFacts {
  readonly status: CallStatus;
  readonly createdAt: Date;
  readonly dialedAt: Date | null;
  readonly ringingAt: Date | null;
  readonly answeredAt: Date | null;
  readonly bridgeId: string | null;
  readonly bridgeAliveUntil: Date | null;
}

/**
 * - `leave`       nothing is wrong yet, or a live bridge holds the call.
 * - `abandon`     it was queued and its process died: the carrier was never asked.
 * - `ask-carrier` it should have moved on: only the carrier knows.
 * - `release`     it is over and its bridge died without letting go.
 */
export type ReapDecision = 'leave' | 'abandon' | 'ask-carrier' | 'release';

/** How long a call may stay in a state before somebody looks after it. Ringing ends by itself after 30 s; an answer connects at once. */
const PATIENCE_MS: Readonly<Record<Exclude<CallStatus, 'ENDED' | 'FAILED'>, number>> = {
  QUEUED: MINUTE,
  DIALING: 45 * SECOND,
  RINGING: 90 * SECOND,
  IN_PROGRESS: 30 * SECOND,
  UNKNOWN: 0,
};

/** What is to be done about a call as it stands. */
export function reapDecision(call: ReapFacts, now: Date): ReapDecision {
  const bridged = call.bridgeId !== null && call.bridgeAliveUntil !== null && call.bridgeAliveUntil > now;
  if (bridged) return 'leave';
  if (isOver(call.status)) return call.bridgeId === null ? 'leave' : 'release';
  if (now.getTime() - lastSeen(call).getTime() < patience(call.status)) return 'leave';
  return call.status === 'QUEUED' ? 'abandon' : 'ask-carrier';
}

const lastSeen = (call: ReapFacts): Date => {
  if (call.status === 'IN_PROGRESS') return call.bridgeAliveUntil ?? call.answeredAt ?? call.createdAt;
  return call.ringingAt ?? call.dialedAt ?? call.createdAt;
};

const patience = (status: CallStatus): number => (status === 'ENDED' || status === 'FAILED' ? 0 : PATIENCE_MS[status]);
