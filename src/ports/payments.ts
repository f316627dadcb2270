import { z } from 'zod';

/**
 * Subscriptions that are paid by card, through a service that keeps the cards: it shows the pages on which people pay,
 * collects every period, and tells of what happens by events. Events come late, twice and in any order: each is a hint
 * that something changed, and what is true now is asked for.
 *
 * Every method but `readEvent` throws:
 *
 * - PaymentsUnreachable: no clear answer came: it may have been done. Asking again is safe, as every write has a key.
 * - PaymentsRejected: the request makes no sense to the service; asking again does not help.
 */
export interface Payments {
  /**
   * Makes a customer; the same for the same wish, however often it is asked.
   *
   * @param customer.insteadOf the id of one that was deleted.
   * @returns its id.
   */
  createCustomer(customer: { workspaceId: string; email: string; insteadOf: string | null }): Promise<string>;
  /**
   * The page on which a customer subscribes. One that is open already is handed out again; open ones for another plan
   * are closed, so that nobody pays for two.
   */
  checkout(wish: { customerId: string; workspaceId: string; plan: PaidPlan; successUrl: string; cancelUrl: string }): Promise<PaymentPage>;
  /**
   * The page on which a customer sees invoices, changes the card and cancels at the end of the period.
   *
   * @param wish.change leads straight to the change of a subscription to another plan: to a dearer one at once, the rest
   *   of the period counted against it; to a cheaper one from the next period on.
   */
  portal(wish: { customerId: string; returnUrl: string; change?: { subscriptionId: string; plan: PaidPlan } }): Promise<PaymentPage>;
  /** All that a customer ever subscribed to, the newest first, as it is now; none where there is no such customer. */
  subscriptionsOf(customerId: string): Promise<PaidSubscription[]>;
  /**
   * Ends a subscription at once; what was paid for the rest of its period counts towards the customer's next invoices. One
   * that has ended stays as it is.
   */
  endSubscription(subscriptionId: string): Promise<void>;
  /** What a customer paid, the newest first, at most the last hundred payments. */
  paidInvoices(customerId: string): Promise<PaidInvoice[]>;
  /** What has happened since that the present state of subscriptions does not tell, as far back as the service remembers; in no order. */
  eventsSince(since: Date, signal?: AbortSignal): AsyncIterable<PaymentNotice>;
  /** Counts the seconds of a call on the customer's meter: once, however often it is told. @param usage.at within the last 35 days. */
  reportSeconds(usage: { customerId: string; callId: string; seconds: number; at: Date }): Promise<void>;
  /** Makes what is missing of products, prices and the meter; a second time changes nothing. */
  publish(offers: readonly Offer[]): Promise<PublishedOffer[]>;
  /**
   * Reads an event as it was delivered.
   *
   * @returns null where the signature does not fit or is too old: then nothing in it is true. An event that does not
   *   concern us is still one, with no notice.
   * @throws PaymentEventUnreadable where it is signed and yet no event.
   */
  readEvent(delivery: { body: Buffer; signature: string | undefined; now: Date }): Promise<ReadPaymentEvent | null>;
}

export const PAID_PLANS = ['BUSINESS_BASIC', 'BUSINESS_PROFESSIONAL', 'BUSINESS_ENTERPRISE'] as const;

/** What is sold through the service, by its key in the catalogue. */
export type PaidPlan = (typeof PAID_PLANS)[number];

export interface PaymentPage {
  readonly url: string;
  readonly sessionId: string;
}

export interface PaidSubscription {
  readonly id: string;
  /** Null where its price is none of ours. */
  readonly plan: PaidPlan | null;
  /** UNSTARTED: its first payment is not through. UNPAID: the service has given up collecting. PAUSED: nothing is collected. */
  readonly status: 'UNSTARTED' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'UNPAID' | 'PAUSED' | 'ENDED';
  readonly createdAt: Date;
  readonly trialEndsAt: Date | null;
  readonly periodStartsAt: Date;
  readonly periodEndsAt: Date;
  readonly cancelsAtPeriodEnd: boolean;
  /** Since when it owes something: the oldest unpaid invoice. Null where it owes nothing. */
  readonly unpaidSince: Date | null;
}

export interface PaidInvoice {
  readonly id: string;
  /** What it was for; null where that was no subscription. */
  readonly subscriptionId: string | null;
  /** What names the payment in refunds and disputes; null where nothing was charged. */
  readonly paymentId: string | null;
  /** Minor units of `currency`. */
  readonly amountMinor: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** What was bought, the largest part of it; null where that is none of ours. */
  readonly plan: PaidPlan | null;
  readonly paidAt: Date;
}

const about = { customerId: z.string() };
const money = { paymentId: z.string(), amountMinor: z.int(), currency: z.string() };

/** What an event says, in our words; also how it is stored. */
export const paymentNotice = z.discriminatedUnion('kind', [
  /** Something about a customer's subscriptions changed. */
  z.object({ kind: z.literal('SUBSCRIPTION_CHANGED'), ...about }),
  /** A checkout was completed. */
  z.object({ kind: z.literal('CHECKED_OUT'), ...about, workspaceId: z.string().nullable() }),
  /** The customer was deleted, and with it all that it subscribed to. */
  z.object({ kind: z.literal('CUSTOMER_DELETED'), ...about }),
  z.object({ kind: z.literal('TRIAL_ENDING'), ...about, subscriptionId: z.string(), endsAt: z.coerce.date() }),
  /** Money was given back. `amountMinor` is all that was given back of this payment so far. */
  z.object({ kind: z.literal('REFUNDED'), ...money, customerId: z.string().nullable() }),
  /** A card's owner says that they did not buy it. While it is open the money is held; it goes back where it is lost. */
  z.object({ kind: z.literal('DISPUTED'), ...money, disputeId: z.string(), outcome: z.enum(['OPEN', 'LOST', 'WON']) }),
]);

export type PaymentFact = z.infer<typeof paymentNotice>;

export interface PaymentNotice {
  /** The service's own id of the event. */
  readonly id: string;
  /** The service's own name of its kind, for people to read. */
  readonly type: string;
  readonly at: Date;
  readonly fact: PaymentFact;
}

export interface ReadPaymentEvent extends Omit<PaymentNotice, 'fact'> {
  /** Null where it does not concern us. */
  readonly fact: PaymentFact | null;
}

export interface Offer {
  readonly plan: PaidPlan;
  readonly name: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface PublishedOffer {
  readonly plan: PaidPlan;
  readonly priceId: string;
}

export class PaymentsUnreachable extends Error {
  override readonly name = 'PaymentsUnreachable';
}

export class PaymentsRejected extends Error {
  override readonly name = 'PaymentsRejected';
  /** The service's own word, e.g. `resource_missing`. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

export class PaymentEventUnreadable extends Error {
  override readonly name = 'PaymentEventUnreadable';
}
