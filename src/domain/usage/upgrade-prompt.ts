import { DAY, MINUTE, SECOND } from '../../kit/time.ts';
import { cheapestPaid, nextAbove, type Plan } from '../plans/catalogue.ts';
import { type SubscriptionFacts, standing } from '../plans/standing.ts';
import type { UsageFacts } from './admit.ts';
import type { CallPermission } from './permission.ts';

export interface UpgradePrompt {
  /** A complete sentence. */
  readonly message: string;
  readonly plan: Plan;
}

/** From this part of a limit on people are told. */
const NEARLY = 0.8;
/** So long before the trial ends they are told. */
const TRIAL_WARNING_MS = 2 * DAY;

/** What to tell somebody who needs more soon, or already does; null where nothing is near. */
export function upgradePrompt(subscription: SubscriptionFacts, usage: UsageFacts, permission: CallPermission, now: Date): UpgradePrompt | null {
  if (!permission.allowed) return permission.suggestedPlan && { message: permission.message, plan: permission.suggestedPlan };
  const { plan, status } = standing(subscription, now);
  const next = plan.trialCalls === null ? nextAbove(plan.key) : cheapestPaid(plan.platform);
  if (!next) return null;
  const reason = nearLimit(plan, usage) ?? (status === 'TRIALING' && endsSoon(subscription, now) ? 'Your trial ends soon.' : null);
  return reason === null ? null : { message: `${reason} Get more with the plan ${next.name}.`, plan: next };
}

function nearLimit({ callsPerWeek, minutesPerMonth, trialCalls }: Plan, { trialCalls: inTrial, callsThisWeek, secondsThisMonth }: UsageFacts): string | null {
  const near = (used: number, limit: number | null) => limit !== null && used >= NEARLY * limit;
  if (near(inTrial, trialCalls)) return `You have used ${inTrial} of the ${trialCalls} calls of your trial.`;
  if (near(callsThisWeek, callsPerWeek)) return `You have used ${callsThisWeek} of the ${callsPerWeek} calls of this week.`;
  const minutes = secondsThisMonth / (MINUTE / SECOND);
  return near(minutes, minutesPerMonth) ? `You have used ${Math.floor(minutes)} of the ${minutesPerMonth} minutes of this month.` : null;
}

const endsSoon = ({ trialEndsAt }: SubscriptionFacts, now: Date): boolean => trialEndsAt !== null && trialEndsAt.getTime() - now.getTime() <= TRIAL_WARNING_MS;
