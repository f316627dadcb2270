import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Subscription } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refused } from '../../kit/errors.ts';
import type { Feature } from './catalogue.ts';
import { featureProblem, type PlanRequired, readingProblem } from './features.ts';
import { lockSubscription } from './open-subscription.ts';

export interface PlanScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** The subscription of a workspace; the first to ask opens it. */
export async function subscriptionOf({ db, events }: Pick<PlanScope, 'db' | 'events'>): Promise<Subscription> {
  const workspaceId = db.$workspaceId;
  const known = await db.subscription.findUnique({ where: { workspaceId } });
  return known ?? transact({ db, events }, (tx) => lockSubscription(tx, workspaceId));
}

/**
 * The one gate of features, for verbs and jobs alike.
 *
 * @returns `PLAN_REQUIRED` with the plan to buy, `TRIAL_EXPIRED` or `PAYMENT_REQUIRED` where it may not be used.
 */
export async function requireFeature(scope: PlanScope, feature: Feature): Promise<Result<void, PlanRequired>> {
  const problem = featureProblem(await subscriptionOf(scope), feature, scope.clock.now());
  return problem ? refused(problem) : ok(undefined);
}

/** The same for looking at what a feature has made. */
export async function requireReading(scope: PlanScope, feature: Feature): Promise<Result<void, PlanRequired>> {
  const problem = readingProblem(await subscriptionOf(scope), feature, scope.clock.now());
  return problem ? refused(problem) : ok(undefined);
}
