import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { PaymentEvent } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { PaymentFact, Payments } from '../../ports/payments.ts';
import { trialEndingMail } from './billing-letters.ts';
import { leaveCustomer } from './leave-customer.ts';
import { eventsToApply, markApplied, markWaiting } from './payment-events.ts';
import { storedFact } from './payment-subject.ts';
import { refreshSubscription, type ToldReversal } from './refresh-subscription.ts';

export interface ApplyApp {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly payments: Payments;
  readonly mailer: Mailer;
  readonly config: { readonly frontendUrl: string };
}

interface Read {
  readonly row: PaymentEvent;
  readonly fact: PaymentFact;
}

/**
 * Acts upon what was told of one customer or payment: money that went back is booked, the present state of the
 * subscription is asked for and taken, and whoever has to know is written to. What the events say of the state itself
 * plays no part, so that it does not matter how often they come, or in which order.
 *
 * @returns `unknown` where nobody of ours is meant, or not yet: the events stay, to be tried again.
 */
export async function applyPaymentEvents(app: ApplyApp, { subject }: { subject: string }): Promise<'done' | 'unknown'> {
  const rows = await eventsToApply(app, { vendor: 'STRIPE', subject });
  if (rows.length === 0) return 'done';
  const ids = rows.map(({ id }) => id);
  const read = rows.map((row): Read => ({ row, fact: storedFact(row.payload) }));
  const workspaceId = await workspaceOf(app, subject, read);
  if (!workspaceId) {
    await markWaiting(app, ids, 'It is about nobody that is known here.');
    app.logger.warn({ subject, types: rows.map(({ type }) => type), eventIds: rows.map(({ eventId }) => eventId) }, 'payment events are about nobody known');
    return 'unknown';
  }
  const reversals = read.flatMap(({ row, fact }): ToldReversal[] =>
    fact.kind === 'REFUNDED' || fact.kind === 'DISPUTED' ? [{ fact, at: row.occurredAt }] : [],
  );
  const db = tenantDb(app.root, workspaceId);
  await refreshSubscription({ ...app, db }, reversals);
  if (read.some(({ fact }) => fact.kind === 'CUSTOMER_DELETED')) await leaveCustomer({ ...app, db }, subject);
  for (const { fact } of read) if (fact.kind === 'TRIAL_ENDING') await mailTrialEnding({ ...app, db, workspaceId }, fact);
  await markApplied(app, ids);
  return 'done';
}

/** Whose customer or payment it is. A completed checkout says whose, where our own note of the customer was lost. */
async function workspaceOf({ root, clock }: ApplyApp, subject: string, read: readonly Read[]): Promise<string | null> {
  const customer = await root.stripeCustomer.findUnique({ where: { customerId: subject } });
  if (customer) return customer.workspaceId;
  const payment = await root.revenueEntry.findUnique({ where: { source_key: { source: 'STRIPE', key: subject } } });
  if (payment) return payment.workspaceId;
  for (const { fact } of read) {
    if (fact.kind !== 'CHECKED_OUT' || !fact.workspaceId) continue;
    const workspace = await root.workspace.findUnique({ where: { id: fact.workspaceId }, include: { stripeCustomer: true } });
    if (!workspace || workspace.stripeCustomer) continue;
    await root.stripeCustomer.createMany({ data: [{ workspaceId: workspace.id, customerId: subject, createdAt: clock.now() }], skipDuplicates: true });
    return workspace.id;
  }
  return null;
}

type TrialEnding = Extract<PaymentFact, { kind: 'TRIAL_ENDING' }>;

/** Unless the trial is over by now, or was ended. */
async function mailTrialEnding(
  app: ApplyApp & { db: ReturnType<typeof tenantDb>; workspaceId: string },
  { subscriptionId, endsAt }: TrialEnding,
): Promise<void> {
  const { db, clock, mailer, config } = app;
  const subscription = await db.subscription.findFirst({ where: { externalId: subscriptionId, status: 'TRIALING' } });
  if (!subscription || endsAt <= clock.now()) return;
  const workspace = await db.workspace.findFirst({
    include: { memberships: { where: { role: 'OWNER' }, include: { user: true }, orderBy: { createdAt: 'asc' }, take: 1 } },
  });
  const owner = workspace?.memberships[0]?.user;
  if (!workspace || !owner) return;
  const { planKey, cancelsAtPeriodEnd } = subscription;
  await mailer.send(
    trialEndingMail({
      subscriptionId,
      endsAt,
      planKey,
      cancels: cancelsAtPeriodEnd,
      timeZone: workspace.timeZone,
      to: { address: owner.email, name: owner.name },
      frontendUrl: config.frontendUrl,
    }),
  );
}
