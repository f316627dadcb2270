import type { TenantDb } from '../../db/tenant.ts';
import type { Payments } from '../../ports/payments.ts';
import { findCustomer } from './customer.ts';

/** Counts a call that is over on the meter of whoever pays by card: once, however often it is told. Trials have none. */
export async function reportSeconds({ db, payments }: { db: TenantDb; payments: Payments }, { callId }: { callId: string }): Promise<void> {
  const entry = await db.usageEntry.findFirst({ where: { callId, kind: 'SETTLED' } });
  const customerId = await findCustomer(db);
  if (!entry || entry.seconds === 0 || !customerId) return;
  await payments.reportSeconds({ customerId, callId, seconds: entry.seconds, at: entry.at });
}
