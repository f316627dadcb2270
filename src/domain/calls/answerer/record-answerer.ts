import { tenantDb } from '../../../db/tenant.ts';
import { transact } from '../../../db/transaction.ts';
import type { CarrierAnswerer } from '../../../ports/carrier.ts';
import { findCall } from '../find-call.ts';
import { lockCall } from '../lock-call.ts';
import type { StatusScope } from '../record-status.ts';
import { isOver } from '../state.ts';

/**
 * Takes down what the carrier heard pick up an outbound call: the first verdict counts, and none after the end.
 * The bridge that holds the call learns of it by `CallChanged`.
 *
 * @param callId our id from the address.
 */
export async function recordAnswerer(scope: StatusScope, { answerer, callId }: { answerer: CarrierAnswerer; callId?: string }): Promise<void> {
  const known = await findCall(scope.root, { carrierCallId: answerer.carrierCallId, ...(callId && { callId }) });
  if (known?.direction !== 'OUTBOUND') {
    scope.logger.warn({ callId, carrierCallId: answerer.carrierCallId }, 'the carrier tells who answered a call that we did not place');
    return;
  }
  const { id, workspaceId } = known;
  await transact({ db: tenantDb(scope.root, workspaceId), events: scope.events }, async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, id);
    if (!call || call.answeredBy !== null || isOver(call.status)) return;
    const changed = await tx.call.update({ where: { id, workspaceId }, data: { answeredBy: answerer.answeredBy, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId: id, version: changed.version });
  });
}
