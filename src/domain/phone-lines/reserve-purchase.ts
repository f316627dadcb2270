import { transact } from '../../db/transaction.ts';
import type { NumberPurchase, PhoneLine } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse, refused } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import type { CarrierName } from '../../ports/carrier.ts';
import { mayHaveLine } from './allowance.ts';
import type { LineScope } from './line-scope.ts';
import { lockLines } from './lock-lines.ts';

export interface PurchaseWish {
  /** E.164: the first number that is tried. */
  readonly phoneNumber: string;
  /** Whether exactly this number is wanted, or one like it. */
  readonly exact: boolean;
  readonly assistantId: string | null;
  readonly idempotencyKey: string | null;
  readonly carrier: CarrierName;
  /** Wanted only while the workspace has no line. */
  readonly onlyFirst: boolean;
}

/** `mine`: to be bought by whoever asked. The others: it stands already, or somebody else is buying it. */
export type Reserved =
  | { readonly state: 'mine'; readonly purchase: NumberPurchase }
  | { readonly state: 'known'; readonly purchase: NumberPurchase }
  | { readonly state: 'held'; readonly line: PhoneLine };

/**
 * Writes down that a number is about to be bought, before the carrier is asked. Of many who want the same at once, one
 * is to buy it; a purchase that was refused may be tried again with its key.
 */
export async function reservePurchase(scope: LineScope, wish: PurchaseWish): Promise<Result<Reserved>> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx): Promise<Result<Reserved>> => {
    const workspace = await lockLines(tx, workspaceId);
    const { phoneNumber, idempotencyKey, assistantId, carrier } = wish;
    const byKey = idempotencyKey ? await tx.numberPurchase.findFirst({ where: { idempotencyKey } }) : null;
    if (byKey && wish.exact && byKey.phoneNumber !== phoneNumber) {
      return refuse('CONFLICT', 'This idempotency key was used for another number.', ['input', 'idempotencyKey']);
    }
    if (byKey && byKey.status !== 'REFUSED') return ok({ state: 'known', purchase: byKey });
    if (workspace.suspendedAt) return refuse('ILLEGAL_STATE', 'The workspace is suspended, so it can have no new numbers.');

    const lines = await tx.phoneLine.findMany({
      where: { status: { not: 'RELEASED' } },
      orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }],
    });
    const pending = await tx.numberPurchase.findMany({ where: { status: 'PENDING' } });
    const held = lines.find((line) => line.status === 'ACTIVE' && (wish.onlyFirst || line.phoneNumber === phoneNumber));
    if (held) return ok({ state: 'held', line: held });
    const buying = pending.find((purchase) => wish.onlyFirst || (wish.exact && purchase.phoneNumber === phoneNumber));
    if (buying) return ok({ state: 'known', purchase: buying });
    const problem = mayHaveLine({ platform: workspace.platform, held: lines.length + pending.length });
    if (problem) return refused(problem);

    const intent = { phoneNumber, assistantId, carrier, status: 'PENDING' as const, createdAt: scope.clock.now(), settledAt: null, error: null };
    const purchase = byKey
      ? await tx.numberPurchase.update({ where: { id: byKey.id }, data: intent })
      : await tx.numberPurchase.create({ data: { ...intent, id: newId(), workspaceId, idempotencyKey } });
    return ok({ state: 'mine', purchase });
  });
}
