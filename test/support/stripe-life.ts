import { createHmac } from 'node:crypto';
import {
  type AccountEvent,
  type AccountInvoice,
  type AccountSubscription,
  invoiceObject,
  type StripeAccountState,
  subscriptionObject,
} from './stripe-account.ts';
import { eventObject } from './stripe-requests.ts';

export const WEBHOOK_SECRET = 'whsec_callgraph_test';
export const PRICES = { BUSINESS_BASIC: 'price_basic', BUSINESS_PROFESSIONAL: 'price_professional', BUSINESS_ENTERPRISE: 'price_enterprise' };

const MONTH = 30 * 86_400;

/** What is sold, as `npm run stripe:products` would have made it. */
export function stock(account: StripeAccountState): void {
  for (const [plan, [id, unit_amount]] of Object.entries({
    BUSINESS_BASIC: [PRICES.BUSINESS_BASIC, 4_999],
    BUSINESS_PROFESSIONAL: [PRICES.BUSINESS_PROFESSIONAL, 9_900],
    BUSINESS_ENTERPRISE: [PRICES.BUSINESS_ENTERPRISE, 29_900],
  } as const)) {
    account.prices.set(id, { id, product: `prod_${id}`, unit_amount, currency: 'usd', lookup_key: null, metadata: { callgraph_plan: plan }, active: true });
  }
}

/** What happens to one subscription. Each step changes how things are, and tells of it as Stripe does. */
export class StripeLife {
  readonly account: StripeAccountState;
  readonly subscription: AccountSubscription;
  latest: AccountInvoice;

  constructor(account: StripeAccountState, begin: { customer: string; workspaceId: string; price: string; trialDays?: number }) {
    this.account = account;
    const now = account.now();
    const { customer, workspaceId, price, trialDays = 0 } = begin;
    const trialEnd = trialDays > 0 ? now + trialDays * 86_400 : null;
    this.subscription = {
      id: account.newId('sub'),
      itemId: account.newId('si'),
      customer,
      created: now,
      status: trialEnd ? 'trialing' : 'active',
      price,
      periodStart: now,
      periodEnd: trialEnd ?? now + MONTH,
      trialEnd,
      cancelAtPeriodEnd: false,
    };
    account.subscriptions.set(this.subscription.id, this.subscription);
    this.latest = account.invoice(this.subscription, trialEnd ? 0 : account.price(price).unit_amount, true);
    account.tell('checkout.session.completed', {
      id: account.newId('cs'),
      object: 'checkout.session',
      mode: 'subscription',
      customer,
      client_reference_id: workspaceId,
      subscription: this.subscription.id,
    });
    this.told('created');
    this.toldInvoice('paid');
  }

  private told(what: string): void {
    this.account.tell(`customer.subscription.${what}`, subscriptionObject(this.account, this.subscription));
  }
  private toldInvoice(what: string): void {
    this.account.tell(`invoice.${what}`, invoiceObject(this.latest, false));
  }

  trialEnds(): void {
    this.told('trial_will_end');
  }
  /** The next period begins, and is paid or not. */
  renew({ paid = true } = {}): void {
    const { subscription, account } = this;
    subscription.periodStart = account.now();
    subscription.periodEnd = account.now() + MONTH;
    subscription.status = paid ? 'active' : 'past_due';
    this.latest = account.invoice(subscription, account.price(subscription.price).unit_amount, paid);
    this.told('updated');
    this.toldInvoice(paid ? 'paid' : 'payment_failed');
  }
  payLate(): void {
    this.account.pay(this.latest);
    this.subscription.status = 'active';
    this.toldInvoice('paid');
    this.told('updated');
  }
  /** To a dearer plan: the difference is collected at once. */
  upgrade(price: string): void {
    const { subscription, account } = this;
    const difference = account.price(price).unit_amount - account.price(subscription.price).unit_amount;
    subscription.price = price;
    this.latest = account.invoice(subscription, difference, true);
    this.told('updated');
    this.toldInvoice('paid');
  }
  cancelAtPeriodEnd(): void {
    this.subscription.cancelAtPeriodEnd = true;
    this.told('updated');
  }
  end(): void {
    this.subscription.status = 'canceled';
    this.told('deleted');
  }
  /** @param minor in all. */
  refund(minor: number): void {
    const { paymentIntent, amount, customer } = this.latest;
    this.account.tell('charge.refunded', {
      id: `ch_${paymentIntent}`,
      object: 'charge',
      amount,
      amount_refunded: minor,
      refunded: minor >= amount,
      currency: 'usd',
      customer,
      payment_intent: paymentIntent,
    });
  }
  dispute(event: 'created' | 'closed' | 'funds_withdrawn' | 'funds_reinstated', status: 'needs_response' | 'won' | 'lost'): void {
    const { paymentIntent, amount } = this.latest;
    this.account.tell(`charge.dispute.${event}`, {
      id: `dp_${paymentIntent}`,
      object: 'dispute',
      amount,
      currency: 'usd',
      status,
      charge: `ch_${paymentIntent}`,
      payment_intent: paymentIntent,
    });
  }
}

/** As Stripe delivers it. @param at seconds; when it was signed. */
export function delivery(event: AccountEvent | string, { at, secret = WEBHOOK_SECRET }: { at: number; secret?: string }): { body: string; signature: string } {
  const body = typeof event === 'string' ? event : JSON.stringify(eventObject(event));
  return { body, signature: `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}` };
}
