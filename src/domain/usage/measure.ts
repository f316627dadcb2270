import type { Prisma } from '../../generated/prisma/client.ts';
import type { PlanKey } from '../plans/catalogue.ts';
import type { UsageFacts } from './admit.ts';
import type { Periods } from './periods.ts';

export interface Measured extends UsageFacts {
  readonly callsToday: number;
  readonly callsThisMonth: number;
}

/**
 * Reads the ledger and what is held, in one statement and so as of one moment: a call that ends meanwhile is seen as
 * held or as settled, never as neither.
 *
 * @param trial the plan whose calls are counted in all; null where the present plan is no trial.
 */
export async function measure(
  db: Pick<Prisma.TransactionClient, '$queryRaw'>,
  { workspaceId, periods: { day, week, month }, trial }: { workspaceId: string; periods: Periods; trial: PlanKey | null },
): Promise<Measured> {
  const from = new Date(Math.min(week.from.getTime(), month.from.getTime()));
  const [row] = await db.$queryRaw<[MeasuredRow]>`
    WITH settled AS (
      SELECT "at", "calls", "seconds" FROM "UsageEntry" WHERE "workspaceId" = ${workspaceId} AND "kind" = 'SETTLED' AND "at" >= ${from}
    ), recent AS (
      SELECT
        coalesce(sum("calls") FILTER (WHERE "at" >= ${day.from} AND "at" < ${day.to}), 0)::int AS "callsToday",
        coalesce(sum("calls") FILTER (WHERE "at" >= ${week.from} AND "at" < ${week.to}), 0)::int AS "callsThisWeek",
        coalesce(sum("calls") FILTER (WHERE "at" >= ${month.from} AND "at" < ${month.to}), 0)::int AS "callsThisMonth",
        coalesce(sum("seconds") FILTER (WHERE "at" >= ${month.from} AND "at" < ${month.to}), 0)::int AS "secondsThisMonth"
      FROM settled
    ), trial AS (
      SELECT coalesce(sum("calls") FILTER (WHERE NOT "trialExtra"), 0)::int AS "trialCalls", coalesce(bool_or("trialExtra"), false) AS "trialExtra"
      FROM "UsageEntry"
      WHERE ${trial}::text IS NOT NULL AND "workspaceId" = ${workspaceId} AND "kind" = 'SETTLED' AND "planKey"::text = ${trial}
    ), held AS (
      SELECT count(*)::int AS "openCalls", coalesce(sum("seconds"), 0)::int AS "openSeconds",
        count(*) FILTER (WHERE "planKey"::text = ${trial} AND NOT "trialExtra")::int AS "openTrialCalls", coalesce(bool_or("trialExtra"), false) AS "openExtra"
      FROM "UsageHold" WHERE "workspaceId" = ${workspaceId}
    )
    SELECT * FROM recent, trial, held`;
  const { openCalls, openSeconds, openTrialCalls, openExtra, trialExtra, ...counted } = row;
  return { ...counted, trialExtraUsed: trialExtra || openExtra, open: { calls: openCalls, trialCalls: openTrialCalls, seconds: openSeconds } };
}

interface MeasuredRow {
  callsToday: number;
  callsThisWeek: number;
  callsThisMonth: number;
  secondsThisMonth: number;
  trialCalls: number;
  trialExtra: boolean;
  openCalls: number;
  openSeconds: number;
  openTrialCalls: number;
  openExtra: boolean;
}
