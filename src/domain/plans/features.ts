import type { Problem } from '../../kit/errors.ts';
import { CATALOGUE, cheapestWith, type Feature, type Plan } from './catalogue.ts';
import { type SubscriptionFacts, standing } from './standing.ts';

/** A feature that the plan does not include, or that is not paid for at the moment. */
export interface PlanRequired extends Problem {
  readonly feature: Feature;
  /** What to buy; null where nothing on the platform includes it. */
  readonly suggestedPlan: Plan | null;
}

/** What may be used at the moment: nothing of a plan that is over. */
export function featuresAt(subscription: SubscriptionFacts, now: Date): readonly Feature[] {
  const { plan, usable } = standing(subscription, now);
  return usable ? plan.features : [];
}

/** Why what a feature has made may not be looked at; null where it may. What was made while it was paid stays theirs to read. */
export const readingProblem = (subscription: SubscriptionFacts, feature: Feature, now: Date): PlanRequired | null =>
  CATALOGUE[subscription.planKey].features.includes(feature) ? null : featureProblem(subscription, feature, now);

/** Why a feature may not be used, with the plan to buy; null where it may. */
export function featureProblem(subscription: SubscriptionFacts, feature: Feature, now: Date): PlanRequired | null {
  const { plan, usable } = standing(subscription, now);
  const included = plan.features.includes(feature);
  if (included && usable) return null;
  if (included && plan.trialCalls === null) {
    return { code: 'PAYMENT_REQUIRED', message: `Your subscription to the plan ${plan.name} is not paid. Renew it to use this.`, feature, suggestedPlan: plan };
  }
  const suggestedPlan = cheapestWith(plan.platform, feature);
  const buy = suggestedPlan ? ` The plan ${suggestedPlan.name} does.` : '';
  if (!included) return { code: 'PLAN_REQUIRED', message: `The plan ${plan.name} does not include this.${buy}`, feature, suggestedPlan };
  const goOn = suggestedPlan ? ` Go on with the plan ${suggestedPlan.name}.` : '';
  return { code: 'TRIAL_EXPIRED', message: `Your trial is over.${goOn}`, feature, suggestedPlan };
}
