import { type TenantDb, tenantDb } from '../../src/db/tenant.ts';
import type { ApplyApp } from '../../src/domain/billing/apply-payment-events.ts';
import { storePaymentEvent } from '../../src/domain/billing/payment-events.ts';
import { subjectOf } from '../../src/domain/billing/payment-subject.ts';
import { standing } from '../../src/domain/plans/standing.ts';
import type { DomainEvent } from '../../src/events.ts';
import type { Platform } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { stripePayments } from '../../src/vendors/stripe/payments.ts';
import type { TestDatabase } from './database.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { quiet } from './quiet.ts';
import type { AccountEvent } from './stripe-account.ts';
import { delivery, PRICES, stock, WEBHOOK_SECRET } from './stripe-life.ts';
import { STRIPE_KEY, type StripeTwin, startStripeTwin } from './stripe-twin.ts';
import { type Outbox, outbox } from './worker-parts.ts';

/** A workspace of its own in a database that may be others' too, and a Stripe account of its own. */
export interface BillingApp extends ApplyApp, AsyncDisposable {
  readonly db: TenantDb;
  readonly clock: ManualClock;
  readonly mailer: Outbox;
  readonly workspaceId: string;
  readonly twin: StripeTwin;
  readonly told: DomainEvent[];
  /** Seconds since 1970. */
  seconds(): number;
  /** What may be used, and until when: the row, without what tells how often it was written. */
  state(): Promise<Record<string, unknown>>;
  /** The same as it stands at this moment. */
  standing(): Promise<string>;
  /** What came in and went back, by payment: the sum of what was booked. */
  books(): Promise<Record<string, number>>;
}

const NOW = new Date('2026-03-02T15:00:00Z');

export async function billingApp(
  database: TestDatabase,
  { platform = 'BUSINESS', mark = newId() }: { platform?: Platform; mark?: string } = {},
): Promise<BillingApp> {
  const { root } = database;
  const [workspaceId, userId] = [newId(), newId()];
  await root.user.create({ data: { id: userId, email: `owner.${workspaceId}@example.com`, name: 'Ada', createdAt: NOW } });
  const memberships = { create: { userId, role: 'OWNER' as const, createdAt: NOW } };
  await root.workspace.create({
    data: { id: workspaceId, name: 'Harbour Hair', platform, country: 'US', timeZone: 'America/Chicago', createdAt: NOW, memberships },
  });
  const clock = manualClock(NOW);
  const seconds = () => Math.floor(clock.now().getTime() / 1_000);
  const twin = await startStripeTwin({ now: seconds, mark });
  stock(twin.account);
  const db = tenantDb(root, workspaceId);
  const told: DomainEvent[] = [];
  const row = () => db.subscription.findFirst();
  return {
    root,
    db,
    clock,
    workspaceId,
    twin,
    told,
    seconds,
    logger: quiet().logger,
    mailer: outbox(),
    config: { frontendUrl: 'https://app.example.com' },
    events: { enqueue: async () => {}, announce: async (happened) => void told.push(...happened) },
    payments: stripePayments({ secretKey: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, apiUrl: twin.url, prices: PRICES }),
    async state() {
      const { id: _id, workspaceId: _workspace, version: _version, updatedAt: _updated, createdAt: _created, ...state } = (await row()) ?? { id: null };
      return state;
    },
    async standing() {
      const found = await row();
      return found ? `${found.planKey} ${standing(found, clock.now()).status}` : 'none';
    },
    async books() {
      const sums = new Map<string, number>();
      for (const { key, amountMinor } of await db.revenueEntry.findMany()) {
        const name = key.split('/').slice(0, 2).join('/');
        sums.set(name, (sums.get(name) ?? 0) + amountMinor);
      }
      return Object.fromEntries([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    },
    [Symbol.asyncDispose]: () => twin[Symbol.asyncDispose](),
  };
}

/** As the webhook does it. @returns whom it was about. */
export async function deliver(app: BillingApp, event: AccountEvent): Promise<string | null> {
  const { body, signature } = delivery(event, { at: app.seconds() });
  const read = await app.payments.readEvent({ body: Buffer.from(body), signature, now: app.clock.now() });
  if (!read) throw new Error('the signature was refused');
  const { id, type, at, fact } = read;
  const subject = fact && subjectOf(fact);
  await storePaymentEvent(app, { vendor: 'STRIPE', id, type, at, subject, payload: { ...fact } });
  return subject;
}
