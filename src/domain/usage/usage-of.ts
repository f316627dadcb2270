import { dollars, type Money } from '../../kit/money.ts';
import { CATALOGUE, isTrial } from '../plans/catalogue.ts';
import { standing } from '../plans/standing.ts';
import { type PlanScope, subscriptionOf } from '../plans/subscription-of.ts';
import { admit } from './admit.ts';
import { type Measured, measure } from './measure.ts';
import { monthsUpTo, type Periods, periodsAt } from './periods.ts';
import { type CallPermission, permissionOf } from './permission.ts';
import { type UpgradePrompt, upgradePrompt } from './upgrade-prompt.ts';

export interface Usage extends Measured {
  readonly periods: Periods;
  readonly callsTotal: number;
  readonly costThisMonth: Money;
  /** Null where the plan is no trial. */
  readonly trial: { readonly active: boolean; readonly endsAt: Date; readonly callsUsed: number; readonly callsLimit: number } | null;
  readonly permission: CallPermission;
  readonly upgradePrompt: UpgradePrompt | null;
}

/** What a workspace has used by the ledger, in the periods of its own zone, and what it may still do. */
export async function usageOf(scope: PlanScope): Promise<Usage> {
  const { db, clock } = scope;
  const workspaceId = db.$workspaceId;
  const [subscription, workspace] = await Promise.all([subscriptionOf(scope), db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })]);
  const now = clock.now();
  const periods = periodsAt(now, workspace.timeZone);
  const { planKey, trialEndsAt } = subscription;
  const [measured, total, cost] = await Promise.all([
    measure(db, { workspaceId, periods, trial: isTrial(planKey) ? planKey : null }),
    db.usageEntry.aggregate({ where: { kind: 'SETTLED' }, _sum: { calls: true } }),
    db.callCost.aggregate({ where: { createdAt: { gte: periods.month.from, lt: periods.month.to } }, _sum: { amountMicros: true } }),
  ]);
  const permission = permissionOf(admit({ subscription, suspended: workspace.suspendedAt !== null, usage: measured, periods }, now), CATALOGUE[planKey]);
  const { trialCalls } = CATALOGUE[planKey];
  return {
    ...measured,
    periods,
    callsTotal: total._sum.calls ?? 0,
    costThisMonth: dollars(cost._sum.amountMicros ?? 0n),
    trial:
      trialCalls === null || trialEndsAt === null
        ? null
        : { active: standing(subscription, now).status === 'TRIALING', endsAt: trialEndsAt, callsUsed: measured.trialCalls, callsLimit: trialCalls },
    permission,
    upgradePrompt: upgradePrompt(subscription, measured, permission, now),
  };
}

export interface UsageMonth {
  /** Its first day, `2026-03-01`. */
  readonly month: string;
  readonly calls: number;
  readonly seconds: number;
  readonly cost: Money;
}

/** The last so many months by the workspace's calendar, the present one first; those without calls too. */
export async function usageByMonth({ db, clock }: Pick<PlanScope, 'db' | 'clock'>, { months }: { months: number }): Promise<UsageMonth[]> {
  const workspaceId = db.$workspaceId;
  const { timeZone } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { timeZone: true } });
  const asked = monthsUpTo(clock.now(), timeZone, months).reverse();
  const [starts, ends] = [asked.map(({ from }) => from), asked.map(({ to }) => to)];
  const rows = await db.$queryRaw<{ from: Date; calls: number; seconds: number; micros: bigint }[]>`
    SELECT m."from",
      (SELECT coalesce(sum(e."calls"), 0)::int FROM "UsageEntry" e
        WHERE e."workspaceId" = ${workspaceId} AND e."kind" = 'SETTLED' AND e."at" >= m."from" AND e."at" < m."to") AS "calls",
      (SELECT coalesce(sum(e."seconds"), 0)::int FROM "UsageEntry" e
        WHERE e."workspaceId" = ${workspaceId} AND e."kind" = 'SETTLED' AND e."at" >= m."from" AND e."at" < m."to") AS "seconds",
      (SELECT coalesce(sum(c."amountMicros"), 0)::bigint FROM "CallCost" c
        WHERE c."workspaceId" = ${workspaceId} AND c."createdAt" >= m."from" AND c."createdAt" < m."to") AS "micros"
    FROM unnest(${starts}::timestamptz[], ${ends}::timestamptz[]) AS m("from", "to")`;
  const found = new Map(rows.map((row) => [row.from.getTime(), row]));
  return asked.map(({ month, from }) => {
    const row = found.get(from.getTime());
    return { month, calls: row?.calls ?? 0, seconds: row?.seconds ?? 0, cost: dollars(row?.micros ?? 0n) };
  });
}
