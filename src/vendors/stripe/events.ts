import { z } from 'zod';
import { SECOND } from '../../kit/time.ts';
import { PaymentEventUnreadable, type PaymentFact, type ReadPaymentEvent } from '../../ports/payments.ts';

/** Stripe's own: older signatures are refused, so that a stolen delivery cannot be sent again. */
export const TOLERANCE_SECONDS = 300;

const event = z.object({ id: z.string().min(1), object: z.literal('event'), type: z.string(), created: z.int(), data: z.object({ object: z.unknown() }) });

const reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const customer = z.object({ id: z.string() });
const ofCustomer = z.object({ customer: reference });
const checkout = z.object({ customer: reference, mode: z.string(), client_reference_id: z.string().nullish() });
const trial = z.object({ id: z.string(), customer: reference, trial_end: z.int() });
const charge = z.object({
  id: z.string(),
  amount_refunded: z.int(),
  currency: z.string(),
  customer: reference.nullish(),
  payment_intent: reference.nullish(),
});
const dispute = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  charge: reference.nullish(),
  payment_intent: reference.nullish(),
});

const read = <Schema extends z.ZodType>(schema: Schema, object: unknown, fact: (value: z.output<Schema>) => PaymentFact | null): PaymentFact | null => {
  const parsed = schema.safeParse(object);
  if (!parsed.success) throw new PaymentEventUnreadable(`a part of the event is missing: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
  return fact(parsed.data);
};

const changed = (object: unknown) => read(ofCustomer, object, (of) => ({ kind: 'SUBSCRIPTION_CHANGED', customerId: of.customer }));

function disputed(object: unknown) {
  return read(dispute, object, ({ id, amount, currency, status, charge: chargeId, payment_intent }): PaymentFact | null => {
    const paymentId = payment_intent ?? chargeId;
    // An inquiry (`warning_…`) moves no money.
    if (!paymentId || status.startsWith('warning_')) return null;
    const outcome = status === 'won' || status === 'prevented' ? 'WON' : status === 'lost' ? 'LOST' : 'OPEN';
    return { kind: 'DISPUTED', paymentId, disputeId: id, amountMinor: amount, currency: currency.toUpperCase(), outcome };
  });
}

/** What concerns us, by Stripe's name of it. */
const FACTS: Readonly<Record<string, (object: unknown) => PaymentFact | null>> = {
  'checkout.session.completed': (object) =>
    read(checkout, object, ({ customer, mode, client_reference_id }) =>
      mode === 'subscription' ? { kind: 'CHECKED_OUT', customerId: customer, workspaceId: client_reference_id ?? null } : null,
    ),
  'checkout.session.async_payment_succeeded': changed,
  'checkout.session.async_payment_failed': changed,
  'customer.deleted': (object) => read(customer, object, ({ id }) => ({ kind: 'CUSTOMER_DELETED', customerId: id })),
  'customer.subscription.created': changed,
  'customer.subscription.updated': changed,
  'customer.subscription.deleted': changed,
  'customer.subscription.paused': changed,
  'customer.subscription.resumed': changed,
  'customer.subscription.pending_update_applied': changed,
  'customer.subscription.pending_update_expired': changed,
  'customer.subscription.trial_will_end': (object) =>
    read(trial, object, ({ id, customer, trial_end }) => ({
      kind: 'TRIAL_ENDING',
      customerId: customer,
      subscriptionId: id,
      endsAt: new Date(trial_end * SECOND),
    })),
  'invoice.paid': changed,
  'invoice.payment_failed': changed,
  'invoice.payment_action_required': changed,
  'invoice.marked_uncollectible': changed,
  'invoice.voided': changed,
  'charge.refunded': (object) =>
    read(charge, object, ({ id, amount_refunded, currency, customer, payment_intent }) => ({
      kind: 'REFUNDED',
      paymentId: payment_intent ?? id,
      customerId: customer ?? null,
      amountMinor: amount_refunded,
      currency: currency.toUpperCase(),
    })),
  'charge.dispute.created': disputed,
  'charge.dispute.updated': disputed,
  'charge.dispute.closed': disputed,
  'charge.dispute.funds_withdrawn': disputed,
  'charge.dispute.funds_reinstated': disputed,
};

/** The kinds that say more than the present state of a subscription does: looked up again in case one was lost. */
export const TELLING_TYPES: readonly string[] = Object.entries(FACTS).flatMap(([type, fact]) => (fact === changed ? [] : [type]));

/** An event in our words. @throws PaymentEventUnreadable */
export function readStripeEvent(value: unknown): ReadPaymentEvent {
  const parsed = event.safeParse(value);
  if (!parsed.success) throw new PaymentEventUnreadable('this is no event');
  const { id, type, created, data } = parsed.data;
  const fact = Object.hasOwn(FACTS, type) ? (FACTS[type]?.(data.object) ?? null) : null;
  return { id, type, at: new Date(created * SECOND), fact };
}
