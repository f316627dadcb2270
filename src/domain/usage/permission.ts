import { type Problem, type ProblemCode, unreachable } from '../../kit/errors.ts';
import type { Plan } from '../plans/catalogue.ts';
import type { Admission, CallRefusal } from './admit.ts';

/** Whether a call may be placed, for people. */
export interface CallPermission {
  readonly allowed: boolean;
  readonly reason: CallRefusal | null;
  /** A complete sentence. */
  readonly message: string;
  /** Null: unlimited. */
  readonly remainingCalls: number | null;
  readonly resetsAt: Date | null;
  readonly suggestedPlan: Plan | null;
}

/** A call that a limit of the plan keeps from being begun. */
export interface LimitReached extends Problem {
  readonly permission: CallPermission;
}

/** An admission as a person is told it. @param plan the present one. */
export function permissionOf(admission: Admission, plan: Plan): CallPermission {
  if (!admission.allowed) {
    const { reason, resetsAt, suggestedPlan } = admission;
    return { allowed: false, reason, message: refusal(reason, plan, suggestedPlan), remainingCalls: 0, resetsAt, suggestedPlan };
  }
  const { remainingCalls, resetsAt } = admission;
  return { allowed: true, reason: null, message: allowance(remainingCalls, plan), remainingCalls, resetsAt, suggestedPlan: null };
}

/** The same as a problem of a verb. */
export function limitReached(permission: CallPermission): LimitReached {
  return { code: permission.reason ? CODES[permission.reason] : 'LIMIT_REACHED', message: permission.message, permission };
}

const CODES: Readonly<Record<CallRefusal, ProblemCode>> = {
  TRIAL_EXPIRED: 'TRIAL_EXPIRED',
  TRIAL_CALLS_USED: 'LIMIT_REACHED',
  WEEKLY_CALLS_USED: 'LIMIT_REACHED',
  MINUTES_USED: 'LIMIT_REACHED',
  CONCURRENCY: 'LIMIT_REACHED',
  SUBSCRIPTION_INACTIVE: 'PAYMENT_REQUIRED',
  WORKSPACE_SUSPENDED: 'ILLEGAL_STATE',
};

const allowance = (remaining: number | null, plan: Plan): string => {
  if (remaining === null) return 'You can place a call.';
  const left = `${remaining} more call${remaining === 1 ? '' : 's'}`;
  return plan.trialCalls === null ? `You can place ${left} this week.` : `You can place ${left} in your trial.`;
};

function refusal(reason: CallRefusal, plan: Plan, suggested: Plan | null): string {
  const buy = (gain: string) => (suggested ? ` ${gain} with the plan ${suggested.name}.` : '');
  switch (reason) {
    case 'TRIAL_EXPIRED':
      return `Your trial is over.${buy('Go on')}`;
    case 'TRIAL_CALLS_USED':
      return `All ${plan.trialCalls} calls of the trial are used or under way.${buy('Go on')}`;
    case 'WEEKLY_CALLS_USED':
      return `All ${plan.callsPerWeek} calls of this week are used or under way.${buy('Get more')}`;
    case 'MINUTES_USED':
      return `All ${plan.minutesPerMonth} minutes of this month are used.${buy('Get more')}`;
    case 'CONCURRENCY':
      return `Too many calls are under way; this plan has ${plan.concurrentCalls} at a time. Wait until one has ended.${buy('Get more at a time')}`;
    case 'SUBSCRIPTION_INACTIVE':
      return `Your subscription to the plan ${plan.name} is not paid. Renew it to place calls.`;
    case 'WORKSPACE_SUSPENDED':
      return 'This workspace is suspended. Please contact support.';
    default:
      return unreachable(reason);
  }
}
