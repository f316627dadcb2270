import { PAID_PLANS, type PaidPlan, PaymentsRejected } from '../../ports/payments.ts';

/** Which price stands for which plan; null where none is configured. */
export type Prices = Readonly<Record<PaidPlan, string | null>>;

/** How our own things are found again at Stripe: in the metadata of each. */
export const MARK = 'callgraph_plan';

/** What `npm run stripe:products` calls a price, so that a second run finds it. */
export const lookupKey = (plan: PaidPlan): string => `callgraph_${plan.toLowerCase()}_monthly`;

/** @throws PaymentsRejected where the plan has no price. */
export function priceOf(prices: Prices, plan: PaidPlan): string {
  const price = prices[plan];
  if (!price) throw new PaymentsRejected(`STRIPE_PRICE_${plan.replace('BUSINESS_', '')} is not set: ${plan} cannot be sold`, 'no_price');
  return price;
}

interface PriceLike {
  readonly id: string;
  readonly lookup_key?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** The plan that a price stands for: a price that was replaced in the settings still tells by its mark. */
export const planOf = (prices: Prices, price: PriceLike): PaidPlan | null =>
  PAID_PLANS.find((plan) => prices[plan] === price.id) ??
  PAID_PLANS.find((plan) => price.metadata?.[MARK] === plan || price.lookup_key === lookupKey(plan)) ??
  null;
