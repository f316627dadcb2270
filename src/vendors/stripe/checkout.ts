import { createHash } from 'node:crypto';
import type { Stripe } from 'stripe';
import { type PaidPlan, type PaymentPage, PaymentsUnreachable } from '../../ports/payments.ts';
import type { AskStripe } from './client.ts';
import { MARK, type Prices, priceOf } from './plans.ts';

export interface CheckoutWish {
  readonly customerId: string;
  readonly workspaceId: string;
  readonly plan: PaidPlan;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

const RECENT = 20;

/**
 * One open page for a customer at most: the one for this plan is handed out again, others are closed. The key of a new
 * one holds the id of the newest before it, so that two who ask at once are given the same, and later ones another.
 */
export async function openCheckout(ask: AskStripe, prices: Prices, wish: CheckoutWish): Promise<PaymentPage> {
  const price = priceOf(prices, wish.plan);
  const recent = await ask('listing checkouts', (stripe) => stripe.checkout.sessions.list({ customer: wish.customerId, limit: RECENT }));
  const open = recent.data.filter(({ status, mode }) => status === 'open' && mode === 'subscription');
  const same = open.find(
    ({ metadata, url, success_url, cancel_url }) =>
      url && metadata?.[MARK] === wish.plan && metadata.price === price && success_url === wish.successUrl && cancel_url === wish.cancelUrl,
  );
  for (const { id } of open) {
    if (id !== same?.id)
      await ask('closing a checkout', (stripe) => stripe.checkout.sessions.expire(id, {}, { idempotencyKey: `expire:${id}` })).catch(completedMeanwhile);
  }
  if (same?.url) return { url: same.url, sessionId: same.id };

  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'subscription',
    customer: wish.customerId,
    client_reference_id: wish.workspaceId,
    line_items: [{ price, quantity: 1 }],
    success_url: wish.successUrl,
    cancel_url: wish.cancelUrl,
    metadata: { [MARK]: wish.plan, price },
    subscription_data: { metadata: { workspace: wish.workspaceId } },
  };
  const idempotencyKey = `checkout:${recent.data[0]?.id ?? wish.customerId}:${hashOf(params)}`;
  const session = await ask('opening a checkout', (stripe) => stripe.checkout.sessions.create(params, { idempotencyKey }));
  if (!session.url) throw new PaymentsUnreachable('opening a checkout: Stripe gave no address');
  return { url: session.url, sessionId: session.id };
}

/** A page that was completed in this moment cannot be closed; what was paid there will be told. */
function completedMeanwhile(error: unknown): void {
  if (error instanceof PaymentsUnreachable) throw error;
}

/** What a write asks for, in few characters: the same key with other parameters would be refused. */
export const hashOf = (params: unknown): string => createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 32);
