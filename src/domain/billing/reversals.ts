import type { Prisma } from '../../generated/prisma/client.ts';
import type { PaymentFact } from '../../ports/payments.ts';
import { recordRevenue } from '../plans/record-revenue.ts';
import type { Reversal } from './paid-state.ts';

type Tx = Prisma.TransactionClient;
type MoneyBack = Extract<PaymentFact, { kind: 'REFUNDED' | 'DISPUTED' }>;

/** The books' keys: a payment's own id, and below it what became of its money. */
const refundKey = (paymentId: string, upTo: number | '') => `${paymentId}/refund/${upTo}`;
const disputeKey = (paymentId: string, disputeId: string) => `${paymentId}/dispute/${disputeId}`;

/**
 * Writes down that money went back, or came again. What is told says how much in all, so that neither the order nor
 * the number of times in which it is told changes the sum. The caller holds the customer, so that two do not add up.
 */
export async function bookReversal(tx: Tx, workspaceId: string, fact: MoneyBack, at: Date): Promise<void> {
  const book = (key: string, amountMinor: number) =>
    recordRevenue(tx, { workspaceId, source: 'STRIPE', key, planKey: null, amountMinor, currency: fact.currency, at });
  if (fact.kind === 'REFUNDED') {
    const known = await tx.revenueEntry.aggregate({
      where: { workspaceId, source: 'STRIPE', key: { startsWith: refundKey(fact.paymentId, '') } },
      _sum: { amountMinor: true },
    });
    const before = -(known._sum.amountMinor ?? 0);
    if (fact.amountMinor > before) await book(refundKey(fact.paymentId, fact.amountMinor), before - fact.amountMinor);
    return;
  }
  const key = disputeKey(fact.paymentId, fact.disputeId);
  await book(key, -fact.amountMinor);
  if (fact.outcome === 'WON') await book(`${key}/won`, fact.amountMinor);
}

/** What became of the money of some payments. */
export async function reversalsOf(tx: Tx, workspaceId: string, paymentIds: readonly string[]): Promise<Reversal[]> {
  if (paymentIds.length === 0) return [];
  const entries = await tx.revenueEntry.findMany({
    where: { workspaceId, source: 'STRIPE', OR: paymentIds.map((id) => ({ key: { startsWith: `${id}/` } })) },
    select: { key: true, amountMinor: true },
  });
  return entries.map(({ key, amountMinor }) => {
    const [paymentId = '', kind] = key.split('/');
    return { paymentId, kind: kind === 'refund' ? 'REFUND' : 'DISPUTE', amountMinor };
  });
}
