import type { Stripe } from 'stripe';
import { newId } from '../../kit/ids.ts';
import { PAID_PLANS, type PaidPlan, type PaymentPage, PaymentsRejected } from '../../ports/payments.ts';
import { hashOf } from './checkout.ts';
import type { AskStripe } from './client.ts';
import { type Prices, planOf, priceOf } from './plans.ts';

export interface PortalWish {
  readonly customerId: string;
  readonly returnUrl: string;
  readonly change?: { readonly subscriptionId: string; readonly plan: PaidPlan };
}

const MARK = 'callgraph_portal';

/**
 * The customer portal, as we want it: cancel at the end of the period; to a dearer plan at once, the difference being
 * collected at once; to a cheaper one when the period ends. The account's default portal may be set up otherwise and is
 * left alone.
 */
export function customerPortal(ask: AskStripe, prices: Prices): (wish: PortalWish) => Promise<PaymentPage> {
  let configured: Promise<string> | undefined;

  /** Found again by the hash of its features, made where it is missing; asked for once, unless that fails. */
  const configuration = () => {
    configured ??= findOrMake().catch((error) => {
      configured = undefined;
      throw error;
    });
    return configured;
  };
  async function findOrMake(): Promise<string> {
    const params = { features: await features(), name: 'Callgraph' };
    const mark = hashOf(params);
    const known = await ask('listing portals', (stripe) =>
      stripe.billingPortal.configurations.list({ active: true, limit: 100 }).autoPagingToArray({ limit: 1_000 }),
    );
    const found = known.find(({ metadata }) => metadata?.[MARK] === mark);
    if (found) return found.id;
    const marked = { ...params, metadata: { [MARK]: mark } };
    const made = await ask('making a portal', (stripe) => stripe.billingPortal.configurations.create(marked, { idempotencyKey: `portal:${mark}` }));
    return made.id;
  }
  async function features(): Promise<Stripe.BillingPortal.ConfigurationCreateParams.Features> {
    const products: { product: string; prices: string[] }[] = [];
    for (const id of PAID_PLANS.flatMap((plan) => prices[plan] ?? [])) {
      const { product } = await ask('reading a price', (stripe) => stripe.prices.retrieve(id));
      products.push({ product: typeof product === 'string' ? product : product.id, prices: [id] });
    }
    return {
      customer_update: { enabled: true, allowed_updates: ['email', 'address', 'tax_id'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      subscription_update: {
        enabled: products.length > 1,
        ...(products.length > 1 && {
          default_allowed_updates: ['price'],
          products,
          proration_behavior: 'always_invoice',
          schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
        }),
      },
    };
  }
  async function changeOf({ subscriptionId, plan }: NonNullable<PortalWish['change']>, returnUrl: string) {
    const price = priceOf(prices, plan);
    const subscription = await ask('reading a subscription', (stripe) => stripe.subscriptions.retrieve(subscriptionId));
    const item = subscription.items.data.find((one) => planOf(prices, one.price)) ?? subscription.items.data[0];
    if (!item) throw new PaymentsRejected('the subscription has no items', 'no_items');
    return {
      type: 'subscription_update_confirm',
      subscription_update_confirm: { subscription: subscriptionId, items: [{ id: item.id, price, quantity: 1 }] },
      after_completion: { type: 'redirect', redirect: { return_url: returnUrl } },
    } satisfies Stripe.BillingPortal.SessionCreateParams.FlowData;
  }

  return async ({ customerId, returnUrl, change }) => {
    const params = {
      customer: customerId,
      return_url: returnUrl,
      configuration: await configuration(),
      ...(change && { flow_data: await changeOf(change, returnUrl) }),
    };
    // Every visit is given a page of its own: it is good once.
    const session = await ask('opening the portal', (stripe) => stripe.billingPortal.sessions.create(params, { idempotencyKey: `portal-visit:${newId()}` }));
    return { url: session.url, sessionId: session.id };
  };
}
