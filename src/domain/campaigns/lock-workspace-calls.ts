import type { Prisma } from '../../generated/prisma/client.ts';

/** The dialer's own space of advisory locks. */
const DIALER = 7;

/** One at a time decides how many more a workspace may call, until the transaction ends. */
export async function lockWorkspaceCalls(tx: Prisma.TransactionClient, workspaceId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM (SELECT pg_advisory_xact_lock(${DIALER}::int, hashtext(${workspaceId}))) AS locked`;
}

/** Calls that are not over and attempts that are about to be one, besides one attempt. */
export async function countLive(
  tx: Prisma.TransactionClient,
  { workspaceId, campaignId, besides = '' }: { workspaceId: string; campaignId: string; besides?: string },
): Promise<{ workspace: number; campaign: number }> {
  const [row] = await tx.$queryRaw<{ calls: bigint; claimed: bigint; campaign: bigint }[]>`
    SELECT
      (SELECT count(*) FROM "Call" WHERE "workspaceId" = ${workspaceId} AND "status" IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'UNKNOWN')) AS "calls",
      (SELECT count(*) FROM "Attempt" WHERE "workspaceId" = ${workspaceId} AND "state" = 'CLAIMED' AND "id" <> ${besides}) AS "claimed",
      (SELECT count(*) FROM "Attempt" WHERE "campaignId" = ${campaignId} AND "workspaceId" = ${workspaceId}
        AND "state" IN ('CLAIMED', 'PERMITTED', 'RESERVED', 'DIALING', 'RINGING', 'ANSWERED', 'TALKING', 'VOICEMAIL', 'SCREENED', 'UNKNOWN')
        AND "id" <> ${besides}) AS "campaign"`;
  return { workspace: Number((row?.calls ?? 0n) + (row?.claimed ?? 0n)), campaign: Number(row?.campaign ?? 0n) };
}
