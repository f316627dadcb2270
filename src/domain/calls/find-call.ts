import type { RootDb } from '../../db/client.ts';
import type { Call } from '../../generated/prisma/client.ts';

/**
 * The call a carrier speaks of: by the carrier's id, or by the id that we wrote into the address, which is there
 * before the carrier's own id is known to us.
 */
export async function findCall(root: RootDb, known: { carrierCallId: string; callId?: string }): Promise<Call | null> {
  const byCarrier = await root.call.findUnique({ where: { carrierCallId: known.carrierCallId } });
  if (byCarrier) return byCarrier;
  const byId = known.callId ? await root.call.findUnique({ where: { id: known.callId } }) : null;
  return byId && byId.carrierCallId === null ? byId : null;
}
