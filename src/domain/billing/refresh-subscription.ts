import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import type { PaidInvoice, PaidSubscription, PaymentFact, Payments } from '../../ports/payments.ts';
import { recordRevenue } from '../plans/record-revenue.ts';
import { type SetSubscription, setSubscription } from '../plans/set-subscription.ts';
import { counting, holdOf, lastTrialEnd, paidState, surplus } from './paid-state.ts';
import { bookReversal, reversalsOf } from './reversals.ts';

export interface BillingScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly payments: Payments;
}

/** Money that went back or came again, as an event told it. */
export interface ToldReversal {
  readonly fact: Extract<PaymentFact, { kind: 'REFUNDED' | 'DISPUTED' }>;
  readonly at: Date;
}

/** More than this many others at once on one customer is a fault of ours. */
const MOST_TRIES = 10;

/**
 * Asks the payment service how a workspace's subscription is now, and takes its word: the state, what was paid, and
 * what went back. The answer of one who asked before somebody else's answer was taken is thrown away and asked for
 * again, so that an old answer never takes the place of a newer one. Of two that both go on, the lesser is ended.
 *
 * @param reversals are booked with it: they decide whether the running period is paid.
 * @throws PaymentsUnreachable | PaymentsRejected
 */
export async function refreshSubscription(scope: BillingScope, reversals: readonly ToldReversal[] = []): Promise<SetSubscription['effect'] | 'nothing'> {
  const { db, payments } = scope;
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const customer = await db.stripeCustomer.findFirst({ where: { deletedAt: null } });
    if (!customer) return 'nothing';
    const subscriptions = await payments.subscriptionsOf(customer.customerId);
    const invoices = subscriptions.some(({ status }) => status !== 'UNSTARTED') ? await payments.paidInvoices(customer.customerId) : [];
    const effect = await transact(scope, async (tx, emit) => {
      const taken = await tx.stripeCustomer.updateMany({
        where: { workspaceId: db.$workspaceId, customerId: customer.customerId, deletedAt: null, refreshes: customer.refreshes },
        data: { refreshes: { increment: 1 } },
      });
      if (taken.count === 0) return null;
      for (const subject of await bookPayments(tx, db.$workspaceId, invoices, reversals)) emit({ type: 'PaymentTold', vendor: 'STRIPE', subject });
      return takeWord({ ...scope, tx, emit }, subscriptions, invoices);
    });
    if (!effect) continue;
    for (const { id } of surplus(subscriptions)) await payments.endSubscription(id);
    return effect;
  }
  throw new Error('a subscription was refreshed by others all the time');
}

/** @returns the payments that were not known before: what was told of them, and nobody could be found for, can be acted upon now. */
async function bookPayments(tx: Prisma.TransactionClient, workspaceId: string, invoices: readonly PaidInvoice[], reversals: readonly ToldReversal[]) {
  const fresh: string[] = [];
  for (const { id, paymentId, amountMinor, currency, plan, paidAt } of invoices) {
    const payment = { workspaceId, source: 'STRIPE' as const, key: paymentId ?? id, planKey: plan, amountMinor, currency, at: paidAt };
    if (amountMinor > 0 && (await recordRevenue(tx, payment)) && paymentId) fresh.push(paymentId);
  }
  for (const { fact, at } of reversals) await bookReversal(tx, workspaceId, fact, at);
  return fresh;
}

type Taking = Pick<BillingScope, 'db' | 'clock'> & Pick<Parameters<typeof setSubscription>[0], 'tx' | 'emit'>;

async function takeWord(scope: Taking, subscriptions: readonly PaidSubscription[], invoices: readonly PaidInvoice[]) {
  const { tx, db } = scope;
  const trialEndsAt = lastTrialEnd(subscriptions);
  const set = async (paid: PaidSubscription) => {
    const paidFor = invoices.filter(({ subscriptionId }) => subscriptionId === paid.id);
    const reversals = await reversalsOf(
      tx,
      db.$workspaceId,
      paidFor.flatMap(({ paymentId }) => paymentId ?? []),
    );
    const state = paidState(paid, holdOf(paidFor, reversals, paid.periodStartsAt));
    return (
      state &&
      (await setSubscription(scope, { workspaceId: db.$workspaceId, state: { source: 'STRIPE', ...state, ...(trialEndsAt && { trialEndsAt }) } })).effect
    );
  };
  const pick = counting(subscriptions);
  if (!pick) return 'nothing' as const;
  // What is known of another one of theirs is brought up to date first: it does not outrank the one that counts by old news.
  const row = await tx.subscription.findFirst({ where: { workspaceId: db.$workspaceId, source: 'STRIPE' } });
  const known = subscriptions.find(({ id }) => id === row?.externalId);
  if (known && known.id !== pick.id) await set(known);
  return (await set(pick)) ?? 'nothing';
}
