import type { AttemptOutcome } from './retries.ts';

/** The part of a call's row by which an attempt is judged. */
export interface AttemptCall {
  readonly status: 'QUEUED' | 'DIALING' | 'RINGING' | 'IN_PROGRESS' | 'UNKNOWN' | 'ENDED' | 'FAILED';
  readonly outcome: AttemptOutcome | null;
  readonly dialedAt: Date | null;
  readonly answeredBy: string | null;
  /** How often a bridge has taken the call. */
  readonly bridgeCount: number;
}

export type LiveAttemptState = 'RESERVED' | 'DIALING' | 'RINGING' | 'ANSWERED' | 'TALKING' | 'VOICEMAIL' | 'SCREENED' | 'UNKNOWN' | 'ENDED';

/** Where an attempt stands whose call stands so. The same is written in SQL in follow-attempts.ts. */
export function attemptStateOf({ status, answeredBy, bridgeCount }: AttemptCall): LiveAttemptState {
  switch (status) {
    case 'QUEUED':
      return 'RESERVED';
    case 'DIALING':
    case 'RINGING':
    case 'UNKNOWN':
      return status;
    case 'IN_PROGRESS':
      if (answeredBy === 'machine' || answeredBy === 'fax') return 'VOICEMAIL';
      if (answeredBy === 'screener') return 'SCREENED';
      return bridgeCount > 0 ? 'TALKING' : 'ANSWERED';
    case 'ENDED':
    case 'FAILED':
      return 'ENDED';
  }
}

/**
 * How an attempt ended.
 *
 * @param call which is over.
 * @returns null where the carrier was never asked: then it was no attempt, and nobody's telephone has rung.
 */
export const outcomeOfAttempt = ({ outcome, dialedAt }: AttemptCall): AttemptOutcome | null => (dialedAt === null ? null : (outcome ?? 'FAILED'));
