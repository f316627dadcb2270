import type { Call, Prisma } from '../../generated/prisma/client.ts';

/**
 * Reads a call and keeps its row until the transaction ends, so that what is decided from it still holds when it is
 * written. Rows that refer to the call can be inserted meanwhile.
 */
export async function lockCall(tx: Prisma.TransactionClient, workspaceId: string, callId: string): Promise<Call | null> {
  const [call] = await tx.$queryRaw<Call[]>`SELECT * FROM "Call" WHERE "id" = ${callId} AND "workspaceId" = ${workspaceId} FOR NO KEY UPDATE`;
  return call ?? null;
}
