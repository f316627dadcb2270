// What a Stripe account holds, as far as we ask for it: the present state of things, and the events that told of them.

export type Json = Readonly<Record<string, unknown>>;

export interface AccountPrice {
  readonly id: string;
  readonly product: string;
  readonly unit_amount: number;
  readonly currency: string;
  lookup_key: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly active: boolean;
}

export interface AccountSubscription {
  readonly id: string;
  readonly customer: string;
  readonly created: number;
  readonly itemId: string;
  status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
  price: string;
  periodStart: number;
  periodEnd: number;
  trialEnd: number | null;
  cancelAtPeriodEnd: boolean;
}

export interface AccountInvoice {
  readonly id: string;
  readonly customer: string;
  readonly subscription: string;
  readonly price: string;
  readonly amount: number;
  readonly created: number;
  status: 'open' | 'paid';
  paidAt: number | null;
  paymentIntent: string | null;
}

export interface AccountEvent {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  readonly object: Json;
}

/** In the order in which they were made. */
export class StripeAccountState {
  readonly customers = new Map<string, { id: string; email: string; metadata: Json }>();
  readonly products = new Map<string, { id: string; name: string; metadata: Json }>();
  readonly prices = new Map<string, AccountPrice>();
  readonly subscriptions = new Map<string, AccountSubscription>();
  readonly invoices = new Map<string, AccountInvoice>();
  readonly sessions = new Map<string, Record<string, unknown> & { id: string; status: string }>();
  readonly configurations = new Map<string, Record<string, unknown> & { id: string }>();
  readonly portals = new Map<string, Record<string, unknown> & { id: string }>();
  readonly meters = new Map<string, Record<string, unknown> & { id: string; event_name: string }>();
  /** By identifier. */
  readonly meterEvents = new Map<string, Json>();
  /** What customers have paid and not used, by their id: it counts towards their next invoices. */
  readonly credits = new Map<string, number>();
  readonly events: AccountEvent[] = [];
  /** Seconds since 1970. */
  readonly now: () => number;
  private readonly mark: string;
  private count = 0;

  /** @param mark stands in every id, so that accounts do not share any. */
  constructor(now: () => number, mark = '') {
    this.now = now;
    this.mark = mark;
  }

  newId(kind: string): string {
    this.count += 1;
    return `${kind}_${this.mark}${String(this.count).padStart(14, '0')}`;
  }

  /** Tells what has happened, with the thing as it is at this moment. */
  tell(type: string, object: Json): AccountEvent {
    const event = { id: this.newId('evt'), type, created: this.now(), object: structuredClone(object) };
    this.events.push(event);
    return event;
  }

  credit(customer: string, amount: number): void {
    this.credits.set(customer, (this.credits.get(customer) ?? 0) + amount);
  }

  /** Deletes a customer, which ends what it subscribed to. */
  deleteCustomer(id: string): void {
    const customer = this.customers.get(id);
    if (!customer) throw new Error(`there is no customer ${id}`);
    for (const one of this.subscriptions.values()) {
      if (one.customer !== id || one.status === 'canceled') continue;
      one.status = 'canceled';
      this.tell('customer.subscription.deleted', subscriptionObject(this, one));
    }
    this.customers.delete(id);
    this.tell('customer.deleted', { ...customer, object: 'customer' });
  }

  price(id: string): AccountPrice {
    const price = this.prices.get(id);
    if (!price) throw new Error(`there is no price ${id}`);
    return price;
  }

  invoice(subscription: AccountSubscription, amount: number, paid: boolean): AccountInvoice {
    const id = this.newId('in');
    const invoice: AccountInvoice = {
      id,
      customer: subscription.customer,
      subscription: subscription.id,
      price: subscription.price,
      amount,
      created: this.now(),
      status: 'open',
      paidAt: null,
      paymentIntent: null,
    };
    this.invoices.set(id, invoice);
    if (paid) this.pay(invoice);
    return invoice;
  }

  pay(invoice: AccountInvoice): void {
    invoice.status = 'paid';
    invoice.paidAt = this.now();
    if (invoice.amount > 0) invoice.paymentIntent = this.newId('pi');
  }
}

export const priceObject = (price: AccountPrice): Json => ({
  id: price.id,
  object: 'price',
  active: price.active,
  currency: price.currency,
  product: price.product,
  unit_amount: price.unit_amount,
  lookup_key: price.lookup_key,
  metadata: price.metadata,
  type: 'recurring',
  recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed', meter: null, trial_period_days: null },
});

export const subscriptionObject = (account: StripeAccountState, one: AccountSubscription): Json => ({
  id: one.id,
  object: 'subscription',
  customer: one.customer,
  created: one.created,
  status: one.status,
  trial_end: one.trialEnd,
  cancel_at_period_end: one.cancelAtPeriodEnd,
  cancel_at: one.cancelAtPeriodEnd ? one.periodEnd : null,
  metadata: {},
  items: {
    object: 'list',
    has_more: false,
    url: `/v1/subscription_items?subscription=${one.id}`,
    data: [
      {
        id: one.itemId,
        object: 'subscription_item',
        subscription: one.id,
        quantity: 1,
        current_period_start: one.periodStart,
        current_period_end: one.periodEnd,
        price: priceObject(account.price(one.price)),
      },
    ],
  },
});

/** @param withPayments they come where they are asked for alone. */
export const invoiceObject = (one: AccountInvoice, withPayments: boolean): Json => ({
  id: one.id,
  object: 'invoice',
  customer: one.customer,
  created: one.created,
  status: one.status,
  currency: 'usd',
  amount_due: one.amount,
  amount_paid: one.status === 'paid' ? one.amount : 0,
  parent: { type: 'subscription_details', quote_details: null, subscription_details: { metadata: {}, subscription: one.subscription } },
  status_transitions: { finalized_at: one.created, marked_uncollectible_at: null, paid_at: one.paidAt, voided_at: null },
  lines: {
    object: 'list',
    has_more: false,
    url: `/v1/invoices/${one.id}/lines`,
    data: [
      {
        id: `il_${one.id}`,
        object: 'line_item',
        amount: one.amount,
        currency: 'usd',
        pricing: { type: 'price_details', price_details: { price: one.price, product: `prod_${one.price}` }, unit_amount_decimal: String(one.amount) },
      },
    ],
  },
  ...(withPayments && {
    payments: {
      object: 'list',
      has_more: false,
      url: `/v1/invoice_payments?invoice=${one.id}`,
      data: one.paymentIntent
        ? [
            {
              id: `inpay_${one.id}`,
              object: 'invoice_payment',
              invoice: one.id,
              status: 'paid',
              payment: { type: 'payment_intent', payment_intent: one.paymentIntent },
            },
          ]
        : [],
    },
  }),
});
