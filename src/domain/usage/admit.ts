import { HOUR, MINUTE, SECOND } from '../../kit/time.ts';
import { cheapestPaid, nextAbove, type Plan } from '../plans/catalogue.ts';
import { type SubscriptionFacts, type SubscriptionStatus, standing } from '../plans/standing.ts';
import type { Periods } from './periods.ts';

/** What a workspace has used and holds, as the ledger says at one moment. */
export interface UsageFacts {
  /** Calls that were answered and are over. */
  readonly callsThisWeek: number;
  readonly secondsThisMonth: number;
  /** Calls of the present plan in all, where it is a trial; else 0. The extra one is not among them. */
  readonly trialCalls: number;
  /** The extra call after the trial was made, or is under way. */
  readonly trialExtraUsed: boolean;
  /** Calls that are admitted and not over, and the seconds that they may take. */
  readonly open: { readonly calls: number; readonly trialCalls: number; readonly seconds: number };
}

export type CallRefusal =
  | 'TRIAL_EXPIRED'
  | 'TRIAL_CALLS_USED'
  | 'WEEKLY_CALLS_USED'
  | 'MINUTES_USED'
  | 'CONCURRENCY'
  | 'SUBSCRIPTION_INACTIVE'
  | 'WORKSPACE_SUSPENDED';

export type Admission =
  | {
      readonly allowed: true;
      /** It is the one call that somebody gets after the trial. */
      readonly trialExtra: boolean;
      /** Null: unlimited. */
      readonly secondsLeft: number | null;
      /** Calls that may be begun now and later until `resetsAt`, this one included; null: unlimited. */
      readonly remainingCalls: number | null;
      readonly resetsAt: Date | null;
    }
  | {
      readonly allowed: false;
      readonly reason: CallRefusal;
      /** When more may be begun without buying anything; null where that never is, or is as soon as a call ends. */
      readonly resetsAt: Date | null;
      /** What to buy; null where that would not help. */
      readonly suggestedPlan: Plan | null;
    };

/** Within this time after the trial the extra call may be made. */
export const TRIAL_EXTRA_MS = 48 * HOUR;
/** With less than this left no call is begun: it would be over before anything was said. */
export const SHORTEST_CALL_SECONDS = (10 * SECOND) / SECOND;

export interface AdmissionFacts {
  readonly subscription: SubscriptionFacts;
  readonly suspended: boolean;
  readonly usage: UsageFacts;
  readonly periods: Periods;
}

/** Whether one more call may be begun, and how long it may be. */
export function admit({ subscription, suspended, usage, periods }: AdmissionFacts, now: Date): Admission {
  const { plan, status, usable } = standing(subscription, now);
  const refuse = (reason: CallRefusal, suggestedPlan: Plan | null, resetsAt: Date | null = null): Admission => ({
    allowed: false,
    reason,
    resetsAt,
    suggestedPlan,
  });
  const more = plan.trialCalls === null ? nextAbove(plan.key) : cheapestPaid(plan.platform);

  if (suspended) return refuse('WORKSPACE_SUSPENDED', null);
  const trialExtra = !usable && plan.trialCalls !== null && mayHaveExtra(plan.trialCalls, subscription, usage, status, now);
  if (!usable && !trialExtra) return plan.trialCalls === null ? refuse('SUBSCRIPTION_INACTIVE', plan) : refuse('TRIAL_EXPIRED', more);

  const trialLeft = plan.trialCalls === null || trialExtra ? null : plan.trialCalls - usage.trialCalls - usage.open.trialCalls;
  if (trialLeft !== null && trialLeft <= 0) return refuse('TRIAL_CALLS_USED', more);
  const weekLeft = plan.callsPerWeek === null ? null : plan.callsPerWeek - usage.callsThisWeek - usage.open.calls;
  if (weekLeft !== null && weekLeft <= 0) return refuse('WEEKLY_CALLS_USED', more, periods.week.to);
  const limitSeconds = plan.minutesPerMonth === null ? null : plan.minutesPerMonth * (MINUTE / SECOND);
  if (limitSeconds !== null && limitSeconds - usage.secondsThisMonth < SHORTEST_CALL_SECONDS) return refuse('MINUTES_USED', more, periods.month.to);
  if (usage.open.calls >= plan.concurrentCalls) return refuse('CONCURRENCY', more);
  const secondsLeft = limitSeconds === null ? null : limitSeconds - usage.secondsThisMonth - usage.open.seconds;
  // What is left is not used, but calls under way may need it.
  if (secondsLeft !== null && secondsLeft < SHORTEST_CALL_SECONDS) return refuse('CONCURRENCY', more);

  const remainingCalls = trialExtra ? 1 : (trialLeft ?? weekLeft);
  const resetsAt = weekLeft !== null ? periods.week.to : limitSeconds !== null && plan.trialCalls === null ? periods.month.to : null;
  return { allowed: true, trialExtra, secondsLeft, remainingCalls, resetsAt };
}

/** Once, for somebody who used all calls while the trial ran, soon after it. */
function mayHaveExtra(trialCalls: number, { trialEndsAt }: SubscriptionFacts, usage: UsageFacts, status: SubscriptionStatus, now: Date): boolean {
  if (trialEndsAt === null || status !== 'EXPIRED' || usage.trialExtraUsed) return false;
  return usage.trialCalls >= trialCalls && now.getTime() < trialEndsAt.getTime() + TRIAL_EXTRA_MS;
}
