import type { Prisma } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import type { PlanKey } from './catalogue.ts';
import type { BillingSource } from './changes.ts';

export interface Revenue {
  readonly workspaceId: string;
  readonly source: BillingSource;
  /** The source's own id of the payment or refund: counted once, however often it is told. */
  readonly key: string;
  readonly planKey: PlanKey | null;
  /** Whole minor units; less than zero where money went back. */
  readonly amountMinor: number;
  /** ISO 4217; any case. */
  readonly currency: string;
  readonly at: Date;
}

/** Writes down money that came in or went back. Append-only: a correction is another entry. @returns whether it was new. */
export async function recordRevenue(tx: Prisma.TransactionClient, { currency, ...revenue }: Revenue): Promise<boolean> {
  const { count } = await tx.revenueEntry.createMany({ data: [{ id: newId(), ...revenue, currency: currency.toUpperCase() }], skipDuplicates: true });
  return count === 1;
}
