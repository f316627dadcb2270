import { z } from 'zod';
import { tenantDb } from '../db/tenant.ts';
import { applyPaymentEvents } from '../domain/billing/apply-payment-events.ts';
import { applyStoreNotices, refreshPurchase } from '../domain/billing/apply-store-notices.ts';
import { refreshSubscription } from '../domain/billing/refresh-subscription.ts';
import { reportSeconds } from '../domain/billing/report-seconds.ts';
import { purchasesToRefresh, recoverEvents, subjectsWaiting, workspacesToRefresh } from '../domain/billing/sync-payments.ts';
import { MINUTE, SECOND } from '../kit/time.ts';
import type { Job, WorkerApp } from './job.ts';

const toldData = z.object({ vendor: z.enum(['STRIPE', 'APP_STORE']), subject: z.string(), attempt: z.int().min(1).default(1) });
const workspaceData = z.object({ workspaceId: z.string() });
const purchaseData = z.object({ workspaceId: z.string(), originalTransactionId: z.string(), environment: z.enum(['PRODUCTION', 'SANDBOX']) });
const callData = z.object({ workspaceId: z.string(), callId: z.string() });

/** About half an hour in all; after that the hourly look goes on asking. */
const MOST_ATTEMPTS = 8;

/** Acts upon what a payment service told. Who is not known yet may be soon: a payment that is booked, a purchase that is redeemed. */
export const applyPaymentsJob: Job<z.infer<typeof toldData>> = {
  name: 'apply-payments',
  data: toldData,
  async run(app, { vendor, subject, attempt }) {
    if ((await apply(app, vendor, subject)) === 'done' || attempt >= MOST_ATTEMPTS) return;
    const startAfter = new Date(app.clock.now().getTime() + Math.min(2 ** attempt * 10 * SECOND, 10 * MINUTE));
    await app.jobs.enqueue(applyPaymentsJob.name, { vendor, subject, attempt: attempt + 1 }, { key: `again:${paymentsKey(vendor, subject)}`, startAfter });
  },
};

async function apply(app: WorkerApp, vendor: 'STRIPE' | 'APP_STORE', subject: string): Promise<'done' | 'unknown'> {
  const { payments, receipts } = app;
  if (vendor === 'STRIPE') return payments ? applyPaymentEvents({ ...app, payments }, { subject }) : 'done';
  return receipts ? applyStoreNotices({ ...app, receipts }, { subject }) : 'done';
}

export const refreshSubscriptionJob: Job<z.infer<typeof workspaceData>> = {
  name: 'refresh-subscription',
  data: workspaceData,
  async run(app, { workspaceId }) {
    if (app.payments) await refreshSubscription({ ...app, payments: app.payments, db: tenantDb(app.root, workspaceId) });
  },
};

export const refreshPurchaseJob: Job<z.infer<typeof purchaseData>> = {
  name: 'refresh-purchase',
  data: purchaseData,
  async run(app, { workspaceId, ...purchase }) {
    if (app.receipts) await refreshPurchase({ ...app, receipts: app.receipts }, { workspaceId, purchase });
  },
};

/** Every hour: events that nobody could be found for, and subscriptions that should have been renewed by now. */
export const syncPaymentsJob: Job<unknown> = {
  name: 'sync-payments',
  data: z.unknown(),
  run: (app) => sync(app, 'due'),
};

/** Every night: what was lost on the way to us, and every subscription. */
export const recoverPaymentsJob: Job<unknown> = {
  name: 'recover-payments',
  data: z.unknown(),
  async run(app, _data, signal) {
    const found = app.payments ? await recoverEvents({ ...app, payments: app.payments }, signal) : 0;
    if (found > 0) app.logger.warn({ found }, 'payment events had not reached us');
    await sync(app, 'all');
  },
};

async function sync(app: WorkerApp, extent: 'all' | 'due'): Promise<void> {
  for (const waiting of await subjectsWaiting(app)) {
    await app.jobs.enqueue(applyPaymentsJob.name, { ...waiting, attempt: MOST_ATTEMPTS }, { key: paymentsKey(waiting.vendor, waiting.subject) });
  }
  if (app.payments) {
    for (const workspaceId of await workspacesToRefresh(app, extent))
      await app.jobs.enqueue(refreshSubscriptionJob.name, { workspaceId }, { key: `refresh:${workspaceId}` });
  }
  if (app.receipts) {
    for (const purchase of await purchasesToRefresh(app, extent))
      await app.jobs.enqueue(refreshPurchaseJob.name, purchase, { key: `refresh:${purchase.originalTransactionId}` });
  }
}

export const reportSecondsJob: Job<z.infer<typeof callData>> = {
  name: 'report-seconds',
  data: callData,
  async run(app, { workspaceId, callId }) {
    if (app.payments) await reportSeconds({ payments: app.payments, db: tenantDb(app.root, workspaceId) }, { callId });
  },
};

export const paymentsKey = (vendor: string, subject: string): string => `payments:${vendor}:${subject}`;
