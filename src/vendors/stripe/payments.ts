import { SECOND } from '../../kit/time.ts';
import { PaymentEventUnreadable, type PaymentNotice, type Payments, PaymentsRejected } from '../../ports/payments.ts';
import { hashOf, openCheckout } from './checkout.ts';
import { type StripeAccount, stripeClient } from './client.ts';
import { readStripeEvent, TELLING_TYPES, TOLERANCE_SECONDS } from './events.ts';
import type { Prices } from './plans.ts';
import { customerPortal } from './portal.ts';
import { METER_EVENT, publish } from './products.ts';
import { endSubscription, paidInvoices, subscriptionsOf } from './subscriptions.ts';

export interface StripeOptions extends StripeAccount {
  /** Null: no delivery is believed. */
  readonly webhookSecret: string | null;
  readonly prices: Prices;
}

/** Stripe Billing: subscriptions with hosted checkout and customer portal. */
export function stripePayments({ webhookSecret, prices, ...account }: StripeOptions): Payments {
  const ask = stripeClient(account);
  return {
    async createCustomer({ workspaceId, email, insteadOf }) {
      const params = { email, metadata: { workspace: workspaceId } };
      // Stripe answers the same key with the same customer, also where that was deleted since.
      const idempotencyKey = `customer:${workspaceId}:${insteadOf ?? ''}:${hashOf(params)}`;
      return (await ask('making a customer', (stripe) => stripe.customers.create(params, { idempotencyKey }))).id;
    },
    checkout: (wish) => openCheckout(ask, prices, wish),
    portal: customerPortal(ask, prices),
    subscriptionsOf: (customerId) => subscriptionsOf(ask, prices, customerId),
    endSubscription: (subscriptionId) => endSubscription(ask, subscriptionId),
    paidInvoices: (customerId) => paidInvoices(ask, prices, customerId),

    async *eventsSince(since, signal): AsyncIterable<PaymentNotice> {
      const asked = { types: [...TELLING_TYPES], created: { gte: Math.floor(since.getTime() / SECOND) }, limit: 100 };
      for (let after: string | undefined; ; ) {
        signal?.throwIfAborted();
        const page = await ask('listing events', (stripe) => stripe.events.list({ ...asked, ...(after && { starting_after: after }) }));
        for (const event of page.data) {
          const { fact, ...notice } = readable(event);
          if (fact) yield { ...notice, fact };
        }
        after = page.data.at(-1)?.id;
        if (!page.has_more || !after) return;
      }
    },

    async reportSeconds({ customerId, callId, seconds, at }) {
      const event = {
        event_name: METER_EVENT,
        identifier: callId,
        timestamp: Math.floor(at.getTime() / SECOND),
        payload: { stripe_customer_id: customerId, value: String(seconds) },
      };
      try {
        await ask('reporting seconds', (stripe) => stripe.billing.meterEvents.create(event, { idempotencyKey: `seconds:${callId}` }));
      } catch (error) {
        // The identifier is known: it was counted before.
        if (!(error instanceof PaymentsRejected && /identifier/i.test(error.message) && /already|duplicate|exists/i.test(error.message))) throw error;
      }
    },

    publish: (offers) => publish(ask, offers),

    async readEvent({ body, signature, now }) {
      if (!webhookSecret || !signature) return null;
      const { Stripe } = await import('stripe');
      const { signature: verifier } = Stripe.webhooks;
      if (!verifier) throw new Error("Stripe's library cannot verify signatures here");
      try {
        verifier.verifyHeader(body, signature, webhookSecret, TOLERANCE_SECONDS, undefined, now.getTime());
      } catch {
        // Whatever it stumbled over: it is not verified.
        return null;
      }
      return readStripeEvent(parseJson(body));
    },
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PaymentEventUnreadable('this is no JSON');
  }
}

/** An event of the list that cannot be read says nothing; the state that it was about is asked for anyway. */
function readable(event: unknown) {
  try {
    return readStripeEvent(event);
  } catch (error) {
    if (error instanceof PaymentEventUnreadable) return { id: '', type: '', at: new Date(0), fact: null };
    throw error;
  }
}
