import type { RootDb } from '../../../db/client.ts';
import { tenantDb } from '../../../db/tenant.ts';

/** What picked up a call, as far as anybody knows. */
export async function readAnswerer({ root }: { root: RootDb }, { workspaceId, callId }: { workspaceId: string; callId: string }): Promise<string | null> {
  const call = await tenantDb(root, workspaceId).call.findFirst({ where: { id: callId }, select: { answeredBy: true } });
  return call?.answeredBy ?? null;
}
