import { transact } from '../../db/transaction.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { MINUTE } from '../../kit/time.ts';
import { mostCallsAtOnce } from './calls-at-once.ts';
import { roomFor } from './capacity.ts';
import type { ContactState } from './contact-states.ts';
import type { CampaignScope } from './dialer-scope.ts';
import { countLive, lockWorkspaceCalls } from './lock-workspace-calls.ts';

export interface ClaimedAttempt {
  readonly id: string;
  readonly campaignContactId: string;
}

/** For so long whoever has claimed somebody is believed to be about to call them. */
const LEASE_MS = MINUTE;

/** Who comes first: whoever asked to be called, then whoever was not reached, then those who have not been called. */
const ORDER: readonly (readonly ContactState[])[] = [['CALLBACK'], ['RETRY_WAIT'], ['WAITING_WINDOW'], ['PENDING']];

/**
 * Takes people of a running campaign who are due, so many as there is room for: of many workers each gets others, and all
 * together never more than the caps. What a worker that died had taken is taken first.
 *
 * @param most how many at most.
 * @returns their attempts, to be dialed now.
 */
export async function claimContacts(scope: CampaignScope, { campaignId, most }: { campaignId: string; most: number }): Promise<ClaimedAttempt[]> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit) => {
    await lockWorkspaceCalls(tx, workspaceId);
    const now = scope.clock.now();
    const campaign = await tx.campaign.findFirst({ where: { id: campaignId, status: 'RUNNING' } });
    if (!campaign || (campaign.endsAt && campaign.endsAt <= now)) return [];
    const claimed = await claimAgain(tx, { workspaceId, campaignId, now, most });
    const live = await countLive(tx, { workspaceId, campaignId });
    const workspaceMost = await mostCallsAtOnce(tx, workspaceId);
    const room = roomFor({ live: live.workspace, most: workspaceMost }, { live: live.campaign, most: campaign.maxConcurrentCalls });
    for (const states of ORDER) {
      const left = Math.min(most - claimed.length, room - claimed.filter(({ again }) => !again).length);
      if (left <= 0) break;
      claimed.push(...(await claimDue(tx, { workspaceId, campaignId, now, states, most: left })));
    }
    for (const { again, contact } of claimed) if (!again) emit({ type: 'CampaignContactChanged', workspaceId, campaignId, campaignContactId: contact });
    return claimed.map(({ id, contact }) => ({ id, campaignContactId: contact }));
  });
}

interface Claim {
  readonly workspaceId: string;
  readonly campaignId: string;
  readonly now: Date;
  readonly most: number;
}

interface Claimed {
  readonly id: string;
  readonly contact: string;
  /** It holds its place already. */
  readonly again: boolean;
}

const leaseFrom = (now: Date): Date => new Date(now.getTime() + LEASE_MS);

async function claimAgain(tx: Prisma.TransactionClient, { workspaceId, campaignId, now, most }: Claim): Promise<Claimed[]> {
  return tx.$queryRaw<Claimed[]>`
    WITH lost AS (
      SELECT "id" FROM "Attempt"
      WHERE "workspaceId" = ${workspaceId} AND "campaignId" = ${campaignId} AND "state" = 'CLAIMED' AND "leaseUntil" < ${now}
      ORDER BY "leaseUntil" LIMIT ${most} FOR UPDATE SKIP LOCKED
    )
    UPDATE "Attempt" a SET "leaseUntil" = ${leaseFrom(now)} FROM lost WHERE a."id" = lost."id"
    RETURNING a."id", a."campaignContactId" AS "contact", true AS "again"`;
}

/** An attempt that came to no call is the same one again: its number is only used up by a call. */
async function claimDue(
  tx: Prisma.TransactionClient,
  { workspaceId, campaignId, now, most, states }: Claim & { states: readonly ContactState[] },
): Promise<Claimed[]> {
  return tx.$queryRaw<Claimed[]>`
    WITH due AS (
      SELECT "id", "state" FROM "CampaignContact"
      WHERE "workspaceId" = ${workspaceId} AND "campaignId" = ${campaignId} AND "state" = ANY(${states}::"CampaignContactState"[])
        AND ("nextAttemptAt" IS NULL OR "nextAttemptAt" <= ${now})
      ORDER BY "nextAttemptAt" NULLS FIRST, "id" LIMIT ${most} FOR UPDATE SKIP LOCKED
    ), active AS (
      UPDATE "CampaignContact" c SET "state" = 'ACTIVE', "nextAttemptAt" = NULL, "reason" = NULL, "version" = c."version" + 1, "updatedAt" = ${now}
      FROM due WHERE c."id" = due."id"
    )
    INSERT INTO "Attempt" AS a ("id", "workspaceId", "campaignId", "campaignContactId", "number", "state", "claimedFrom", "leaseUntil", "createdAt")
    SELECT replace(gen_random_uuid()::text, '-', ''), ${workspaceId}, ${campaignId}, due."id",
      1 + (SELECT count(*) FROM "Attempt" t WHERE t."campaignContactId" = due."id" AND t."callId" IS NOT NULL),
      'CLAIMED', due."state", ${leaseFrom(now)}, ${now}
    FROM due
    ON CONFLICT ("campaignContactId", "number") DO UPDATE
      SET "state" = 'CLAIMED', "claimedFrom" = excluded."claimedFrom", "leaseUntil" = excluded."leaseUntil", "permit" = NULL, "endedAt" = NULL
      WHERE a."callId" IS NULL
    RETURNING a."id", a."campaignContactId" AS "contact", false AS "again"`;
}
