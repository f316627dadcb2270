import type { Prisma } from '../../generated/prisma/client.ts';
import { isTrial, PLAN_KEYS } from './catalogue.ts';
import { GRACE_MS, type SubscriptionStatus, TRIAL_MS } from './standing.ts';

/** Subscriptions that stand so at `now`: `standing` as a condition of the database. */
export function standingWhere(status: SubscriptionStatus, now: Date): Prisma.SubscriptionWhereInput {
  const graceBegan = new Date(now.getTime() - GRACE_MS);
  const trial = { planKey: { in: PLAN_KEYS.filter(isTrial) } };
  const trialRuns = { status: 'TRIALING' as const, OR: [{ trialEndsAt: null }, { trialEndsAt: { gt: now } }] };
  /** Paid by the period, which ends within these bounds; a trial at the seller ends like one. */
  const periodEnds = (end: Prisma.DateTimeNullableFilter) => ({
    OR: [
      { status: 'ACTIVE' as const, currentPeriodEndsAt: end },
      { status: 'TRIALING' as const, NOT: trial, trialEndsAt: { lte: now }, currentPeriodEndsAt: end },
      { status: 'TRIALING' as const, NOT: trial, AND: [{ trialEndsAt: { lte: now } }, { trialEndsAt: end }], currentPeriodEndsAt: null },
    ],
  });
  const failing = { status: { in: ['GRACE' as const, 'PAST_DUE' as const] } };
  switch (status) {
    case 'TRIALING':
      return trialRuns;
    case 'ACTIVE':
      return { OR: [{ status: 'ACTIVE', currentPeriodEndsAt: null }, periodEnds({ gt: now })] };
    case 'GRACE':
      return {
        OR: [
          { ...failing, graceEndsAt: { gt: now } },
          { cancelsAtPeriodEnd: false, ...periodEnds({ lte: now, gt: graceBegan }) },
        ],
      };
    case 'PAST_DUE':
      return { ...failing, OR: [{ graceEndsAt: null }, { graceEndsAt: { lte: now } }] };
    case 'EXPIRED':
      return {
        OR: [
          { status: 'EXPIRED' },
          { status: 'TRIALING', ...trial, trialEndsAt: { lte: now } },
          { cancelsAtPeriodEnd: false, ...periodEnds({ lte: graceBegan }) },
        ],
      };
    case 'CANCELED':
      return { OR: [{ status: 'CANCELED' }, { cancelsAtPeriodEnd: true, ...periodEnds({ lte: now }) }] };
  }
}

/** Workspaces whose subscription stands so at `now`; one that nobody has asked for yet is on its trial. */
export function workspaceStandingWhere(status: SubscriptionStatus, now: Date): Prisma.WorkspaceWhereInput {
  const subscribed = { subscription: { is: standingWhere(status, now) } };
  const trialBegan = new Date(now.getTime() - TRIAL_MS);
  if (status === 'TRIALING') return { OR: [subscribed, { subscription: null, createdAt: { gt: trialBegan } }] };
  if (status === 'EXPIRED') return { OR: [subscribed, { subscription: null, createdAt: { lte: trialBegan } }] };
  return subscribed;
}
