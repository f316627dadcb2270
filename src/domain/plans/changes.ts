import { isTrial, type PlanKey } from './catalogue.ts';
import { type SubscriptionFacts, type SubscriptionStatus, standing } from './standing.ts';

export type BillingSource = 'NONE' | 'STRIPE' | 'APP_STORE' | 'STAFF';

/** Whose subscription it is, and where it stands. */
export interface SourcedFacts extends SubscriptionFacts {
  readonly source: BillingSource;
  readonly externalId: string | null;
}

export type SubscriptionEventKind =
  | 'TRIAL_STARTED'
  | 'CONVERTED'
  | 'RENEWED'
  | 'PLAN_CHANGED'
  | 'FAILED'
  | 'RECOVERED'
  | 'CANCEL_SCHEDULED'
  | 'CANCEL_WITHDRAWN'
  | 'ENDED'
  | 'RETURNED';

/**
 * Whether a state may take the place of the one that stands. Of two subscriptions the one that is good wins: word that
 * another one is over changes nothing while this one may be used.
 */
export function mayReplace(current: SourcedFacts, next: SourcedFacts, now: Date): boolean {
  const same = current.source === next.source && current.externalId === next.externalId;
  return same || standing(next, now).usable || !standing(current, now).usable;
}

const isPaid = ({ planKey, status }: { planKey: PlanKey; status: SubscriptionStatus }) => !isTrial(planKey) && status !== 'EXPIRED' && status !== 'CANCELED';
const isFailing = ({ status }: { status: SubscriptionStatus }) => status === 'GRACE' || status === 'PAST_DUE';

/** What has happened between two states, for the books. Nothing where only dates or ids were put right. */
export function changesOf(before: SourcedFacts, after: SourcedFacts): SubscriptionEventKind[] {
  if (!isPaid(after)) {
    const ends = isPaid(before) || (before.status === 'TRIALING' && after.status !== 'TRIALING');
    return ends ? ['ENDED'] : [];
  }
  if (!isPaid(before)) return [isTrial(before.planKey) ? 'CONVERTED' : 'RETURNED'];

  const changes: SubscriptionEventKind[] = [];
  const [failed, fails] = [isFailing(before), isFailing(after)];
  if (before.planKey !== after.planKey || before.source !== after.source) changes.push('PLAN_CHANGED');
  if (fails && !failed) changes.push('FAILED');
  if (failed && !fails) changes.push('RECOVERED');
  if (!fails && before.planKey === after.planKey && (failed || isLater(before.currentPeriodEndsAt, after.currentPeriodEndsAt))) changes.push('RENEWED');
  if (before.cancelsAtPeriodEnd !== after.cancelsAtPeriodEnd) changes.push(after.cancelsAtPeriodEnd ? 'CANCEL_SCHEDULED' : 'CANCEL_WITHDRAWN');
  return changes;
}

const isLater = (before: Date | null, after: Date | null) => before !== null && after !== null && after > before;
