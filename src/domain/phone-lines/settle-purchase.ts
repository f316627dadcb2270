import { transact } from '../../db/transaction.ts';
import type { PhoneLine } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import type { OwnedNumber } from '../../ports/carrier-numbers.ts';
import type { LineScope } from './line-scope.ts';
import { lockLines, settlePrimary } from './lock-lines.ts';

type SettleScope = Pick<LineScope, 'db' | 'clock' | 'events'>;

/**
 * Makes the number that was bought a line of the workspace, once however often it is found. A number that has no place
 * any more, because its purchase was given up or the workspace is suspended, is given back.
 *
 * @returns the line, or null where the number is given back.
 */
export async function settlePurchase(scope: SettleScope, purchaseId: string, number: OwnedNumber): Promise<PhoneLine | null> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit) => {
    const workspace = await lockLines(tx, workspaceId);
    const purchase = await tx.numberPurchase.findUniqueOrThrow({ where: { id: purchaseId } });
    const known = await tx.phoneLine.findUnique({ where: { carrierNumberId: number.carrierNumberId } });
    if (known) return known;
    const unwanted = (): null => {
      emit({ type: 'NumberUnwanted', workspaceId, carrierNumberId: number.carrierNumberId });
      return null;
    };
    const settledAt = scope.clock.now();
    if (purchase.status !== 'PENDING') return unwanted();
    const refuse = async (error: string): Promise<null> => {
      await tx.numberPurchase.update({ where: { id: purchaseId }, data: { status: 'REFUSED', settledAt, error } });
      return unwanted();
    };
    if (workspace.suspendedAt) return refuse('The workspace was suspended meanwhile.');

    const assistant = purchase.assistantId ? await tx.assistant.findFirst({ where: { id: purchase.assistantId, deletedAt: null } }) : null;
    const line = {
      id: newId(),
      workspaceId,
      assistantId: assistant?.id ?? null,
      phoneNumber: number.phoneNumber,
      carrier: purchase.carrier,
      carrierNumberId: number.carrierNumberId,
      monthlyCostMicros: number.monthlyCostMicros,
      provisionedAt: settledAt,
    };
    const { count } = await tx.phoneLine.createMany({ data: [line], skipDuplicates: true });
    if (count === 0) return refuse('The number is the line of another workspace.');
    await settlePrimary(tx);
    const { phoneNumber } = number;
    await tx.numberPurchase.update({ where: { id: purchaseId }, data: { status: 'BOUGHT', settledAt, phoneNumber, phoneLineId: line.id } });
    return tx.phoneLine.findUniqueOrThrow({ where: { id: line.id } });
  });
}

/** Writes down that a purchase came to nothing. One that has been settled meanwhile stays as it is. */
export async function refusePurchase({ db, clock }: SettleScope, purchaseId: string, error: string): Promise<void> {
  await db.numberPurchase.updateMany({ where: { id: purchaseId, status: 'PENDING' }, data: { status: 'REFUSED', settledAt: clock.now(), error } });
}
