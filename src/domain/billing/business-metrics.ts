import type { RootDb } from '../../db/client.ts';
import { dollars, type Money } from '../../kit/money.ts';
import { CATALOGUE, type Feature, type PlanKey } from '../plans/catalogue.ts';
import { featureUse } from './feature-use.ts';

export interface BusinessMetrics {
  readonly signUps: readonly PlatformCount[];
  readonly activeSubscriptions: readonly PlatformCount[];
  readonly trialsStarted: number;
  readonly trialsConverted: number;
  /** 0 to 1. */
  readonly trialConversion: number;
  readonly monthlyRecurringRevenue: Money;
  readonly averageRevenuePerWorkspace: Money;
  readonly renewals: number;
  readonly churned: number;
  readonly featureUse: readonly { feature: Feature; workspaces: number; uses: number }[];
  readonly callCost: Money;
  readonly margin: Money;
}

export interface PlatformCount {
  readonly platform: 'CONSUMER' | 'BUSINESS';
  readonly count: number;
}

/**
 * The figures of the platform from an instant on and before another.
 *
 * - A sign-up is a workspace that was made.
 * - A subscription is active, and counts in the recurring revenue, where it was paid at the end of the time and had not
 *   ended: failed renewals count until they are given up. What staff gave by agreement is active and earns nothing here.
 * - Conversion is of those trials that began in the time: how many have been paid for since.
 * - Renewals and ends are those that happened in the time.
 * - The margin is the money that came in (less what went back) in US dollars, less what calls cost.
 */
export async function businessMetrics(root: RootDb, { from, to }: { from: Date; to: Date }): Promise<BusinessMetrics> {
  const [signUps, active, [events], [money], uses] = await Promise.all([
    root.$queryRaw<PlatformCount[]>`
      SELECT "platform"::text, count(*)::int AS "count" FROM "Workspace" WHERE "createdAt" >= ${from} AND "createdAt" < ${to} GROUP BY "platform"`,
    // The last that was told of each; the versions of a subscription are in the order in which things happened.
    root.$queryRaw<{ planKey: PlanKey; source: string; count: number }[]>`
      SELECT "planKey"::text, "source"::text, count(*)::int AS "count" FROM (
        SELECT DISTINCT ON ("workspaceId") "planKey", "source", "kind" FROM "SubscriptionEvent"
        WHERE "at" < ${to} ORDER BY "workspaceId", "version" DESC, "id" DESC
      ) last WHERE "kind" NOT IN ('ENDED', 'TRIAL_STARTED') GROUP BY "planKey", "source"`,
    root.$queryRaw<[{ trialsStarted: number; trialsConverted: number; renewals: number; churned: number }]>`
      SELECT
        count(*) FILTER (WHERE "kind" = 'TRIAL_STARTED')::int AS "trialsStarted",
        count(*) FILTER (WHERE "kind" = 'TRIAL_STARTED' AND EXISTS (
          SELECT 1 FROM "SubscriptionEvent" c WHERE c."workspaceId" = e."workspaceId" AND c."kind" = 'CONVERTED' AND c."source" <> 'STAFF'))::int AS "trialsConverted",
        count(*) FILTER (WHERE "kind" = 'RENEWED')::int AS "renewals",
        count(*) FILTER (WHERE "kind" = 'ENDED' AND "previousPlanKey" NOT IN ('CONSUMER_TRIAL', 'BUSINESS_TRIAL'))::int AS "churned"
      FROM "SubscriptionEvent" e WHERE "at" >= ${from} AND "at" < ${to}`,
    root.$queryRaw<[{ revenueCents: bigint; costMicros: bigint }]>`
      SELECT
        (SELECT coalesce(sum("amountMinor"), 0)::bigint FROM "RevenueEntry" WHERE "currency" = 'USD' AND "at" >= ${from} AND "at" < ${to}) AS "revenueCents",
        (SELECT coalesce(sum("amountMicros"), 0)::bigint FROM "CallCost" WHERE "createdAt" >= ${from} AND "createdAt" < ${to}) AS "costMicros"`,
    featureUse(root, { from, to }),
  ]);
  const paying = active.filter(({ source }) => source === 'STRIPE' || source === 'APP_STORE');
  const recurringCents = monthlyCents(paying);
  const payers = paying.reduce((sum, { count }) => sum + count, 0);
  const byPlatform = (of: (platform: PlatformCount['platform']) => number): PlatformCount[] =>
    (['CONSUMER', 'BUSINESS'] as const).map((platform) => ({ platform, count: of(platform) }));
  const { trialsStarted, trialsConverted } = events;
  const callCost = dollars(money.costMicros);
  return {
    ...events,
    signUps: byPlatform((platform) => signUps.find((row) => row.platform === platform)?.count ?? 0),
    activeSubscriptions: byPlatform((platform) =>
      active.filter(({ planKey }) => CATALOGUE[planKey].platform === platform).reduce((sum, { count }) => sum + count, 0),
    ),
    trialConversion: trialsStarted === 0 ? 0 : trialsConverted / trialsStarted,
    monthlyRecurringRevenue: { amount: recurringCents, currency: 'USD' },
    averageRevenuePerWorkspace: { amount: payers === 0 ? 0 : Math.round(recurringCents / payers), currency: 'USD' },
    featureUse: uses,
    callCost,
    margin: { amount: Number(money.revenueCents) - callCost.amount, currency: 'USD' },
  };
}

/** What subscriptions bring a month, in whole cents. A year has 52 weeks here. */
export function monthlyCents(subscriptions: readonly { planKey: PlanKey; count: number }[]): number {
  const aYear = subscriptions.reduce((sum, { planKey, count }) => {
    const { interval, priceCents } = CATALOGUE[planKey];
    return sum + count * priceCents * (interval === 'WEEK' ? 52 : interval === 'MONTH' ? 12 : 0);
  }, 0);
  return Math.round(aYear / 12);
}
