import type { RootDb } from '../../db/client.ts';
import type { Clock } from '../../kit/clock.ts';

/** Campaigns in which there is something to do: to begin, to call somebody, to end. */
export const dueCampaigns = ({ root, clock }: { root: RootDb; clock: Clock }): Promise<{ workspaceId: string; campaignId: string }[]> => {
  const now = clock.now();
  return root.$queryRaw<{ workspaceId: string; campaignId: string }[]>`
    SELECT c."workspaceId", c."id" AS "campaignId" FROM "Campaign" c
    WHERE (c."status" = 'SCHEDULED' AND c."startsAt" <= ${now})
      OR (c."status" IN ('RUNNING', 'PAUSED', 'CANCELING') AND (
        c."endsAt" <= ${now}
        OR NOT EXISTS (SELECT 1 FROM "CampaignContact" p WHERE p."campaignId" = c."id" AND p."state" IN ('PENDING', 'WAITING_WINDOW', 'RETRY_WAIT', 'CALLBACK', 'ACTIVE'))
        OR (c."status" = 'RUNNING' AND (
          EXISTS (SELECT 1 FROM "CampaignContact" p WHERE p."campaignId" = c."id" AND p."state" = 'PENDING')
          OR EXISTS (SELECT 1 FROM "CampaignContact" p WHERE p."campaignId" = c."id" AND p."state" IN ('WAITING_WINDOW', 'RETRY_WAIT', 'CALLBACK') AND p."nextAttemptAt" <= ${now})
          OR EXISTS (SELECT 1 FROM "Attempt" a WHERE a."campaignId" = c."id" AND a."state" = 'CLAIMED' AND a."leaseUntil" < ${now})
        ))
      ))
    ORDER BY c."id"`;
};
