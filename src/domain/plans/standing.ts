import { unreachable } from '../../kit/errors.ts';
import { DAY } from '../../kit/time.ts';
import { CATALOGUE, isTrial, type Plan, type PlanKey } from './catalogue.ts';

/**
 * What a subscription is at a moment. The row says what was last told; time does the rest when it is read, so that a
 * trial ends without a job, and a renewal that we have not heard of yet is not the end.
 *
 * - `TRIALING`  until `trialEndsAt`; then `EXPIRED`.
 * - `ACTIVE`    until the period ends; then `CANCELED` where it was to end there, else `GRACE` for three days, then `EXPIRED`.
 * - `GRACE`     a renewal failed; calls go on until `graceEndsAt`, then `PAST_DUE`.
 * - `PAST_DUE`, `EXPIRED`, `CANCELED`  nothing may be begun.
 */
export const SUBSCRIPTION_STATUSES = ['TRIALING', 'ACTIVE', 'GRACE', 'PAST_DUE', 'EXPIRED', 'CANCELED'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export const TRIAL_MS = 7 * DAY;
/** Calls go on for so long after a renewal has failed. */
export const GRACE_MS = 3 * DAY;

/** The part of a subscription's row that its standing follows from. */
export interface SubscriptionFacts {
  readonly planKey: PlanKey;
  readonly status: SubscriptionStatus;
  readonly trialEndsAt: Date | null;
  readonly graceEndsAt: Date | null;
  readonly currentPeriodEndsAt: Date | null;
  readonly cancelsAtPeriodEnd: boolean;
}

export interface Standing {
  readonly plan: Plan;
  readonly status: SubscriptionStatus;
  /** Null unless the status is GRACE. */
  readonly graceEndsAt: Date | null;
  /** Whether calls may be begun, as far as the subscription goes. */
  readonly usable: boolean;
}

/** What a subscription is at `now`. */
export function standing(facts: SubscriptionFacts, now: Date): Standing {
  const { status, graceEndsAt } = statusAt(facts, now);
  return { plan: CATALOGUE[facts.planKey], status, graceEndsAt, usable: status === 'TRIALING' || status === 'ACTIVE' || status === 'GRACE' };
}

function statusAt(facts: SubscriptionFacts, now: Date): Pick<Standing, 'status' | 'graceEndsAt'> {
  const at = (status: SubscriptionStatus, graceEndsAt: Date | null = null) => ({ status, graceEndsAt });
  const { status } = facts;
  switch (status) {
    case 'TRIALING':
      if (facts.trialEndsAt === null || now < facts.trialEndsAt) return at('TRIALING');
      return isTrial(facts.planKey) ? at('EXPIRED') : afterPeriod(facts, facts.currentPeriodEndsAt ?? facts.trialEndsAt, now);
    case 'ACTIVE':
      return facts.currentPeriodEndsAt === null ? at('ACTIVE') : afterPeriod(facts, facts.currentPeriodEndsAt, now);
    case 'GRACE':
    case 'PAST_DUE':
      return facts.graceEndsAt !== null && now < facts.graceEndsAt ? at('GRACE', facts.graceEndsAt) : at('PAST_DUE');
    case 'EXPIRED':
    case 'CANCELED':
      return at(status);
    default:
      return unreachable(status);
  }
}

function afterPeriod(facts: SubscriptionFacts, endsAt: Date, now: Date): Pick<Standing, 'status' | 'graceEndsAt'> {
  if (now < endsAt) return { status: 'ACTIVE', graceEndsAt: null };
  if (facts.cancelsAtPeriodEnd) return { status: 'CANCELED', graceEndsAt: null };
  const graceEndsAt = new Date(endsAt.getTime() + GRACE_MS);
  return now < graceEndsAt ? { status: 'GRACE', graceEndsAt } : { status: 'EXPIRED', graceEndsAt: null };
}
