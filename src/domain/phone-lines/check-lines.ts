import { tenantDb } from '../../db/tenant.ts';
import { transact } from '../../db/transaction.ts';
import type { PhoneLine } from '../../generated/prisma/client.ts';
import { MINUTE } from '../../kit/time.ts';
import type { Carrier } from '../../ports/carrier.ts';
import type { OwnedNumber } from '../../ports/carrier-numbers.ts';
import { numberUrls, purchaseNamedBy } from './line-scope.ts';
import { lockLines, settlePrimary } from './lock-lines.ts';
import type { SweepScope } from './reconcile-purchases.ts';

export interface CheckScope extends SweepScope {
  readonly config: { readonly publicUrl: string };
}

/** What was bought since may not be listed yet. */
const LISTED_AFTER_MS = 10 * MINUTE;

export const NOT_LISTED = 'The carrier does not have this number for us any more, so nobody can be called at it. Release it, or ask the carrier why.';

/**
 * Holds our lines against what the carrier lists: a line whose number is gone is suspended, and active again when the
 * number is back; a number whose calls go elsewhere is pointed at us again; a number that was bought for us and is no
 * line is given back. Numbers that are not labelled by us are nobody's business here.
 */
export async function checkLines(scope: CheckScope): Promise<void> {
  const { root, clock, carrier } = scope;
  if (!carrier) return;
  const listed = new Map((await carrier.numbers.listOwned()).map((number) => [number.carrierNumberId, number]));
  const lines = await root.phoneLine.findMany({ where: { carrier: carrier.name, carrierNumberId: { not: null }, status: { not: 'RELEASED' } } });
  const settledBefore = new Date(clock.now().getTime() - LISTED_AFTER_MS);
  for (const line of lines) {
    const number = listed.get(line.carrierNumberId ?? '');
    if (!number && line.status === 'ACTIVE' && line.provisionedAt < settledBefore) await suspend(scope, line);
    if (number && line.status === 'SUSPENDED' && line.suspendedReason === NOT_LISTED) await reinstate(scope, line);
    if (number) await pointAtUs(scope, carrier, number);
  }
  const held = new Set(lines.map(({ carrierNumberId }) => carrierNumberId));
  for (const number of listed.values()) if (!held.has(number.carrierNumberId)) await giveBackIfOurs(scope, number);
}

async function suspend(scope: CheckScope, { id, workspaceId }: PhoneLine): Promise<void> {
  const db = tenantDb(scope.root, workspaceId);
  await transact({ ...scope, db }, async (tx) => {
    await lockLines(tx, workspaceId);
    const { count } = await tx.phoneLine.updateMany({
      where: { id, status: 'ACTIVE' },
      data: { status: 'SUSPENDED', suspendedReason: NOT_LISTED, isPrimary: false },
    });
    if (count > 0) await settlePrimary(tx);
  });
  scope.logger.error({ phoneLineId: id, workspaceId }, 'a line is suspended: the carrier does not list its number');
}

async function reinstate(scope: CheckScope, { id, workspaceId, phoneNumber }: PhoneLine): Promise<void> {
  if (await scope.root.phoneLine.findFirst({ where: { phoneNumber, status: 'ACTIVE' } })) return;
  const db = tenantDb(scope.root, workspaceId);
  await transact({ ...scope, db }, async (tx) => {
    await lockLines(tx, workspaceId);
    await tx.phoneLine.updateMany({ where: { id, status: 'SUSPENDED' }, data: { status: 'ACTIVE', suspendedReason: null } });
    await settlePrimary(tx);
  });
}

async function pointAtUs({ config, logger }: CheckScope, carrier: Carrier, { carrierNumberId, label, voiceUrl }: OwnedNumber): Promise<void> {
  const urls = numberUrls(config.publicUrl, carrier.path);
  if (purchaseNamedBy(label) === null || voiceUrl === urls.voiceUrl) return;
  await carrier.numbers.updateUrls(carrierNumberId, urls);
  logger.warn({ carrierNumberId, voiceUrl }, 'the calls of a line went elsewhere, and come to us again');
}

/** A purchase that we do not know is another system's, which has the same account. */
async function giveBackIfOurs(scope: CheckScope, { carrierNumberId, label }: OwnedNumber): Promise<void> {
  const purchaseId = purchaseNamedBy(label);
  const purchase = purchaseId === null ? null : await scope.root.numberPurchase.findUnique({ where: { id: purchaseId } });
  if (!purchase || purchase.status === 'PENDING') return;
  const { workspaceId } = purchase;
  const db = tenantDb(scope.root, workspaceId);
  await transact({ ...scope, db }, async (_tx, emit) => emit({ type: 'NumberUnwanted', workspaceId, carrierNumberId }));
}
