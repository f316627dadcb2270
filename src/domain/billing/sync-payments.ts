import type { RootDb } from '../../db/client.ts';
import type { AppStorePurchase, PaymentVendor } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { DAY } from '../../kit/time.ts';
import type { Payments } from '../../ports/payments.ts';
import { type EventStore, storePaymentEvent } from './payment-events.ts';
import { subjectOf } from './payment-subject.ts';

interface Looking {
  readonly root: RootDb;
  readonly clock: Clock;
}

/** As long as Stripe remembers its events; what nobody was found for in that time is left where it is. */
const MEMORY_MS = 30 * DAY;

/** Stores the events that say more than the present state does and never reached us. @returns how many those were. */
export async function recoverEvents(store: EventStore & { payments: Payments }, signal?: AbortSignal): Promise<number> {
  let found = 0;
  for await (const { id, type, at, fact } of store.payments.eventsSince(new Date(store.clock.now().getTime() - MEMORY_MS), signal)) {
    if (await storePaymentEvent(store, { vendor: 'STRIPE', id, type, at, subject: subjectOf(fact), payload: { ...fact } })) found++;
  }
  return found;
}

/** Whom there are events of that were not acted upon yet. */
export async function subjectsWaiting({ root, clock }: Looking): Promise<{ vendor: PaymentVendor; subject: string }[]> {
  const rows = await root.paymentEvent.findMany({
    where: { processedAt: null, subject: { not: null }, receivedAt: { gt: new Date(clock.now().getTime() - MEMORY_MS) } },
    select: { vendor: true, subject: true },
    distinct: ['vendor', 'subject'],
  });
  return rows.flatMap(({ vendor, subject }) => (subject === null ? [] : [{ vendor, subject }]));
}

/**
 * The workspaces whose subscription is to be asked for again.
 *
 * @param extent `all`, or `due`: those whose period is over, or whose payment failed, as far as is known here.
 */
export async function workspacesToRefresh({ root, clock }: Looking, extent: 'all' | 'due'): Promise<string[]> {
  const due = { workspace: { subscription: { is: { source: 'STRIPE' as const, OR: unsettled(clock.now()) } } } };
  const customers = await root.stripeCustomer.findMany({ where: { deletedAt: null, ...(extent === 'due' && due) }, select: { workspaceId: true } });
  return customers.map(({ workspaceId }) => workspaceId);
}

/** The purchases in the App Store that are to be asked for again; the same. */
export async function purchasesToRefresh(
  { root, clock }: Looking,
  extent: 'all' | 'due',
): Promise<Pick<AppStorePurchase, 'workspaceId' | 'originalTransactionId' | 'environment'>[]> {
  const due = { workspace: { subscription: { is: { source: 'APP_STORE' as const, OR: unsettled(clock.now()) } } } };
  return root.appStorePurchase.findMany({ where: extent === 'due' ? due : {}, select: { workspaceId: true, originalTransactionId: true, environment: true } });
}

const unsettled = (now: Date) => [
  { status: { in: ['ACTIVE' as const, 'TRIALING' as const] }, currentPeriodEndsAt: { lte: now } },
  { status: { in: ['GRACE' as const, 'PAST_DUE' as const] } },
];
