import { z } from 'zod';
import { SECOND } from '../../kit/time.ts';
import { type PaidInvoice, type PaidPlan, type PaidSubscription, PaymentsUnreachable } from '../../ports/payments.ts';
import type { AskStripe } from './client.ts';
import { isMissing } from './failures.ts';
import { type Prices, planOf } from './plans.ts';

/** An id, or the thing itself where it was asked for. */
const reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const stamp = z.int().transform((seconds) => new Date(seconds * SECOND));

/** The end of a period lives on the items since 2025-03. */
const item = z.object({
  current_period_start: stamp,
  current_period_end: stamp,
  price: z.object({ id: z.string(), lookup_key: z.string().nullish(), metadata: z.record(z.string(), z.string()).optional() }),
});
const subscription = z.object({
  id: z.string(),
  status: z.string(),
  created: stamp,
  trial_end: stamp.nullish(),
  cancel_at_period_end: z.boolean(),
  cancel_at: stamp.nullish(),
  items: z.object({ data: z.array(item).min(1) }),
});
const invoice = z.object({
  id: z.string(),
  created: stamp,
  amount_paid: z.int(),
  currency: z.string(),
  lines: z.object({
    data: z.array(z.object({ amount: z.int(), pricing: z.object({ price_details: z.object({ price: z.unknown() }).nullish() }).nullish() })),
  }),
  parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
  status_transitions: z.object({ paid_at: stamp.nullish() }),
  payments: z
    .object({ data: z.array(z.object({ status: z.string(), payment: z.object({ payment_intent: z.string().nullish(), charge: z.string().nullish() }) })) })
    .nullish(),
});

const STATUSES: Readonly<Record<string, PaidSubscription['status']>> = {
  incomplete: 'UNSTARTED',
  incomplete_expired: 'UNSTARTED',
  trialing: 'TRIALING',
  active: 'ACTIVE',
  past_due: 'PAST_DUE',
  unpaid: 'UNPAID',
  paused: 'PAUSED',
  canceled: 'ENDED',
};

const MOST_INVOICES = 100;

/** All subscriptions of a customer, the newest first; of one that owes, since when. */
export async function subscriptionsOf(ask: AskStripe, prices: Prices, customerId: string): Promise<PaidSubscription[]> {
  const doing = 'reading subscriptions';
  try {
    const listed = await ask(doing, (stripe) =>
      stripe.subscriptions.list({ customer: customerId, status: 'all', limit: 100 }).autoPagingToArray({ limit: 1_000 }),
    );
    const read = listed.map((one) => parse(doing, subscription, one));
    const found = await Promise.all(
      read.map(async (one): Promise<PaidSubscription> => {
        const status = STATUSES[one.status];
        // A state that we have never heard of is not for us to guess at.
        if (!status) throw new PaymentsUnreachable(`${doing}: a subscription is in the unknown state ${one.status}`);
        const [first] = one.items.data;
        const ours = one.items.data.find(({ price }) => planOf(prices, price)) ?? first;
        if (!ours) throw new PaymentsUnreachable(`${doing}: a subscription without items`);
        const unpaidSince = status === 'PAST_DUE' ? ((await oldestOpenInvoice(ask, one.id)) ?? ours.current_period_start) : null;
        return {
          id: one.id,
          plan: planOf(prices, ours.price),
          status,
          createdAt: one.created,
          trialEndsAt: one.trial_end ?? null,
          periodStartsAt: ours.current_period_start,
          periodEndsAt: ours.current_period_end,
          cancelsAtPeriodEnd: one.cancel_at_period_end || Boolean(one.cancel_at),
          unpaidSince,
        };
      }),
    );
    return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function oldestOpenInvoice(ask: AskStripe, id: string): Promise<Date | null> {
  const doing = 'reading unpaid invoices';
  const open = await ask(doing, (stripe) => stripe.invoices.list({ subscription: id, status: 'open', limit: 100 }));
  const stamps = open.data.map((one) => parse(doing, invoice, one).created.getTime());
  return stamps.length > 0 ? new Date(Math.min(...stamps)) : null;
}

/** With a last invoice, on which the rest of the period is credited. */
export async function endSubscription(ask: AskStripe, id: string): Promise<void> {
  try {
    await ask('ending a subscription', (stripe) => stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true }));
  } catch (error) {
    // One that has ended is missing.
    if (!isMissing(error)) throw error;
  }
}

export async function paidInvoices(ask: AskStripe, prices: Prices, customerId: string): Promise<PaidInvoice[]> {
  const doing = 'reading paid invoices';
  const paid = await ask(doing, (stripe) => stripe.invoices.list({ customer: customerId, status: 'paid', limit: MOST_INVOICES, expand: ['data.payments'] }));
  return paid.data.map((one) => {
    const read = parse(doing, invoice, one);
    const payment = read.payments?.data.find(({ status }) => status === 'paid')?.payment;
    return {
      id: read.id,
      subscriptionId: read.parent?.subscription_details?.subscription ?? null,
      paymentId: payment?.payment_intent ?? payment?.charge ?? null,
      amountMinor: read.amount_paid,
      currency: read.currency.toUpperCase(),
      plan: boughtPlan(prices, read.lines.data),
      paidAt: read.status_transitions.paid_at ?? read.created,
    };
  });
}

/** Of an upgrade, which takes back what is left of the old plan, the new one. */
function boughtPlan(prices: Prices, lines: z.output<typeof invoice>['lines']['data']): PaidPlan | null {
  const dearest = lines.toSorted((a, b) => b.amount - a.amount)[0];
  const price = reference.safeParse(dearest?.pricing?.price_details?.price);
  return price.success ? planOf(prices, { id: price.data }) : null;
}

/** An answer that is not what it has to be tells nothing. */
function parse<Schema extends z.ZodType>(doing: string, schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PaymentsUnreachable(`${doing}: an answer of Stripe's that is none: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
}
