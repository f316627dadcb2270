import type { TenantDb } from '../../db/tenant.ts';
import type { CampaignStatus } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { CONTACT_STATES, type ContactState, type Counts, countsOf, etaSeconds, percentOf } from './contact-states.ts';

export interface CampaignProgress extends Counts {
  readonly campaignId: string;
  readonly status: CampaignStatus;
  /** Grows with every change. */
  readonly sequence: number;
  readonly at: Date;
  readonly percent: number;
  /** Calls that a person answered. */
  readonly answered: number;
  readonly attempts: number;
  readonly costMicros: bigint;
  readonly etaSeconds: number | null;
}

/** The pace is that of so long. */
const PACE_MS = 10 * MINUTE;

interface Row {
  readonly status: CampaignStatus;
  readonly startedAt: Date | null;
  readonly version: bigint;
  readonly settled: number;
  readonly answered: number;
  readonly attempts: number;
  readonly costMicros: bigint;
  /** How many are in each state, by its name. */
  readonly states: unknown;
}

/**
 * How far a campaign is, from its rows by one statement: what it tells belongs to one instant, so that the total is the sum
 * of the states always.
 *
 * @returns null where the workspace has no such campaign.
 */
export async function campaignProgress(
  { db, clock }: { db: TenantDb; clock: Clock },
  { campaignId }: { campaignId: string },
): Promise<CampaignProgress | null> {
  const workspaceId = db.$workspaceId;
  const at = clock.now();
  const since = new Date(at.getTime() - PACE_MS);
  const rows = await db.$queryRaw<Row[]>`
    WITH people AS (
      SELECT "state"::text AS "state", count(*)::int AS "count", sum("version")::bigint AS "version",
        (count(*) FILTER (WHERE "updatedAt" > ${since}))::int AS "recent"
      FROM "CampaignContact" WHERE "campaignId" = ${campaignId} AND "workspaceId" = ${workspaceId} GROUP BY "state"
    ), calls AS (
      SELECT count(*) FILTER (WHERE k."dialedAt" IS NOT NULL)::int AS "attempts",
        (count(*) FILTER (WHERE k."answeredAt" IS NOT NULL AND (k."answeredBy" IS NULL OR k."answeredBy" NOT IN ('machine', 'fax', 'screener'))))::int AS "answered",
        coalesce(sum((SELECT sum(t."amountMicros") FROM "CallCost" t WHERE t."callId" = k."id")), 0)::bigint AS "costMicros"
      FROM "Attempt" a JOIN "Call" k ON k."id" = a."callId" WHERE a."campaignId" = ${campaignId} AND a."workspaceId" = ${workspaceId}
    )
    SELECT c."status", c."startedAt", c."sequence" + coalesce((SELECT sum("version") FROM people), 0)::bigint AS "version",
      coalesce((SELECT sum("recent") FROM people WHERE "state" IN ('DONE', 'EXHAUSTED', 'SUPPRESSED', 'INVALID', 'EXPIRED', 'CANCELED')), 0)::int AS "settled",
      calls.*, (SELECT coalesce(jsonb_object_agg("state", "count"), '{}') FROM people) AS "states"
    FROM "Campaign" c, calls WHERE c."id" = ${campaignId} AND c."workspaceId" = ${workspaceId}`;
  const [row] = rows;
  return row ? progressOf(row, { campaignId, at }) : null;
}

function progressOf(row: Row, { campaignId, at }: { campaignId: string; at: Date }): CampaignProgress {
  const { status, startedAt, version, settled, answered, attempts, costMicros } = row;
  const counts = countsOf(statesIn(row.states));
  const paceMs = Math.min(PACE_MS, Math.max(SECOND, startedAt ? at.getTime() - startedAt.getTime() : PACE_MS));
  const eta = status === 'RUNNING' || counts.total === 0 ? etaSeconds(counts, settled / (paceMs / SECOND)) : null;
  return { ...counts, campaignId, status, sequence: Number(version), at, percent: percentOf(counts), answered, attempts, costMicros, etaSeconds: eta };
}

function statesIn(stored: unknown): Partial<Record<ContactState, number>> {
  const counts = new Map(typeof stored === 'object' && stored !== null ? Object.entries(stored) : []);
  return Object.fromEntries(CONTACT_STATES.map((state) => [state, Number(counts.get(state) ?? 0)]));
}
