import { SECOND } from '../../kit/time.ts';
import { type CallEvent, type CallOutcome, type CallStatus, isOver, transition } from './state.ts';

/** The part of a call's row that an event is judged by. */
export interface CallFacts {
  readonly status: CallStatus;
  readonly carrierCallId: string | null;
  readonly endReason: string | null;
  readonly createdAt: Date;
  readonly dialedAt: Date | null;
  readonly ringingAt: Date | null;
  readonly answeredAt: Date | null;
  readonly bridgeCount: number;
  /** The number it was put through to. */
  readonly transferredTo?: string | null;
  /** What picked up, as far as anybody knows. */
  readonly answeredBy?: string | null;
  /** What a conversation with a purpose has come to so far. */
  readonly verdict?: Verdict | null;
}

/** Something that happened to a call, with what is known about it. */
export interface CallStep {
  readonly event: CallEvent;
  readonly carrierCallId?: string;
  /** When it happened by the carrier's clock; believed as far as it fits between what we saw before and now. */
  readonly at?: Date | null;
  /** Answered time by the carrier's count, once the call is over. */
  readonly durationSeconds?: number;
  /** Why the call ends, in our words or with the carrier's code. */
  readonly reason?: string;
}

/** What only the words can tell of a conversation: that its purpose was reached or not, that they declined or want no more calls. */
export type Verdict = CallOutcome | 'PARTIAL' | 'REFUSED' | 'OPTED_OUT';

/** The columns that change; an empty object when the event tells nothing new. */
export interface CallChange {
  readonly status?: CallStatus;
  readonly outcome?: Verdict;
  readonly carrierCallId?: string;
  readonly endReason?: string;
  readonly dialedAt?: Date;
  readonly ringingAt?: Date;
  readonly answeredAt?: Date;
  readonly endedAt?: Date;
  readonly durationSeconds?: number;
}

export type Progress =
  | { readonly ok: true; readonly change: CallChange; readonly ended: boolean }
  | { readonly ok: false; readonly rejection: 'late' | 'illegal' | 'other-call' };

const USUAL_REASON: Partial<Record<CallEvent, string>> = {
  'dial-refused': 'carrier-refused',
  'number-refused': 'invalid-number',
  'carrier-completed': 'hung-up',
  'carrier-busy': 'busy',
  'carrier-no-answer': 'no-answer',
  'carrier-failed': 'carrier-failed',
  'carrier-canceled': 'canceled',
  'end-requested': 'ended-by-user',
  'given-up': 'bridge-lost',
  'turned-away': 'not-taken',
  'not-found': 'not-found-at-carrier',
};

/** What an event changes in a call's row. `other-call`: it is about another of the carrier's calls. */
export function progress(call: CallFacts, step: CallStep, now: Date): Progress {
  if (step.carrierCallId && call.carrierCallId && step.carrierCallId !== call.carrierCallId) return { ok: false, rejection: 'other-call' };
  const next = transition(call.status, step.event, call.bridgeCount > 0);
  if (!next.ok) return next;

  const moved = next.status !== call.status;
  const ended = moved && isOver(next.status);
  const at = between(latest(call), step.at ?? now, now);
  const carrierSeconds = ended && step.event === 'carrier-completed' ? step.durationSeconds : undefined;
  // A completed call was answered, also where the carrier's word of it was lost.
  const answeredAt =
    call.answeredAt ??
    (moved && next.status === 'IN_PROGRESS' ? at : carrierSeconds ? between(latest(call), new Date(at.getTime() - carrierSeconds * SECOND), at) : null);
  const reason = ended || step.event === 'end-requested' ? (call.endReason ?? step.reason ?? USUAL_REASON[step.event]) : undefined;

  return {
    ok: true,
    ended,
    change: {
      ...(moved && { status: next.status }),
      ...(next.outcome && { outcome: outcomeOf(next.outcome, { ...call, endReason: reason ?? call.endReason }) }),
      ...(step.carrierCallId && !call.carrierCallId && { carrierCallId: step.carrierCallId }),
      ...(reason && reason !== call.endReason && { endReason: reason }),
      ...(moved && next.status === 'DIALING' && !call.dialedAt && { dialedAt: at }),
      ...(moved && next.status === 'RINGING' && !call.ringingAt && { ringingAt: at }),
      ...(answeredAt && !call.answeredAt && { answeredAt }),
      ...(ended && { endedAt: at }),
      ...(ended && answeredAt && { durationSeconds: carrierSeconds ?? Math.round((at.getTime() - answeredAt.getTime()) / SECOND) }),
    },
  };
}

/** What a call that was talked in came to, by who was at the other end. */
function outcomeOf(outcome: CallOutcome, { transferredTo, answeredBy, endReason, verdict }: CallFacts): Verdict {
  if (outcome === 'DROPPED' && verdict && verdict !== 'PARTIAL') return verdict;
  if (outcome !== 'COMPLETED') return outcome;
  if (transferredTo) return 'TRANSFERRED';
  // What we ended for want of time has not come to its own end.
  if (endReason === 'plan-limit') return 'LIMIT_REACHED';
  if (answeredBy === 'machine') return 'VOICEMAIL';
  if (answeredBy === 'screener') return 'SCREENED';
  // Nobody can be talked with at this number.
  return answeredBy === 'fax' ? 'INVALID_NUMBER' : (verdict ?? 'COMPLETED');
}

const latest = (call: CallFacts): Date =>
  [call.createdAt, call.dialedAt, call.ringingAt, call.answeredAt].reduce<Date>((last, at) => (at && at > last ? at : last), call.createdAt);

const between = (earliest: Date, at: Date, now: Date): Date => (at > now ? now : at < earliest ? earliest : at);
