import type { Prisma } from '../../generated/prisma/client.ts';
import { phoneClaims } from './trial-claim.ts';

/**
 * Takes one of a telephone's trial calls, whoever makes it: of many that ask at once, in any number of workspaces,
 * no more get one than the trial has.
 *
 * @returns whether there was one left.
 */
export async function claimTrialCall(
  tx: Prisma.TransactionClient,
  { phoneNumber, calls, callId, claimedBy, claimedAt }: { phoneNumber: string; calls: number; callId: string; claimedBy: string; claimedAt: Date },
): Promise<boolean> {
  for (const key of phoneClaims(phoneNumber, calls)) {
    const made = await tx.$executeRaw`
      INSERT INTO "TrialClaim" ("key", "claimedBy", "callId", "claimedAt") VALUES (${key}, ${claimedBy}, ${callId}, ${claimedAt}) ON CONFLICT DO NOTHING`;
    if (made === 1) return true;
  }
  return false;
}

/** Gives back what a call had taken that nobody answered. */
export async function releaseTrialCall(tx: Prisma.TransactionClient, { callId, claimedBy }: { callId: string; claimedBy: string }): Promise<void> {
  await tx.$executeRaw`DELETE FROM "TrialClaim" WHERE "callId" = ${callId} AND "claimedBy" = ${claimedBy}`;
}
