import type { DomainEvent } from '../../events.ts';
import type { Prisma, Subscription } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';
import { changesOf, mayReplace, type SourcedFacts } from './changes.ts';
import { lockSubscription } from './open-subscription.ts';

/** What a source says that a subscription is now, whole: it takes the place of what was said before. */
export interface SubscriptionState extends Omit<SourcedFacts, 'trialEndsAt'> {
  /** Left out: the workspace's own trial stays as it was. */
  readonly trialEndsAt?: Date | null;
  readonly currentPeriodStartsAt: Date | null;
}

export type SetSubscription =
  | { readonly effect: 'set' | 'unchanged'; readonly subscription: Subscription }
  /** It is over, and the workspace has another one that is good, which stays. */
  | { readonly effect: 'outranked'; readonly subscription: Subscription };

/**
 * The one door through which a subscription changes, whoever says so. Told the same twice it changes nothing. Writes
 * down what has happened for the books, and tells `SubscriptionChanged`.
 *
 * @param tx the transaction in which the caller stores where it has it from.
 * @param input.at when it happened, for the books; now if left out.
 */
export async function setSubscription(
  { tx, clock, emit }: { tx: Prisma.TransactionClient; clock: Clock; emit: (event: DomainEvent) => void },
  { workspaceId, state, at }: { workspaceId: string; state: SubscriptionState; at?: Date },
): Promise<SetSubscription> {
  const now = clock.now();
  const before = await lockSubscription(tx, workspaceId);
  const after = { ...state, trialEndsAt: state.trialEndsAt === undefined ? before.trialEndsAt : state.trialEndsAt };
  if (!mayReplace(before, after, now)) return { effect: 'outranked', subscription: before };
  if (sameState(before, after)) return { effect: 'unchanged', subscription: before };

  const subscription = await tx.subscription.update({
    where: { workspaceId },
    data: {
      planKey: after.planKey,
      status: after.status,
      source: after.source,
      externalId: after.externalId,
      trialEndsAt: after.trialEndsAt,
      graceEndsAt: after.graceEndsAt,
      currentPeriodStartsAt: after.currentPeriodStartsAt,
      currentPeriodEndsAt: after.currentPeriodEndsAt,
      cancelsAtPeriodEnd: after.cancelsAtPeriodEnd,
      updatedAt: now,
      version: { increment: 1 },
    },
  });
  const { planKey, source, version } = subscription;
  const books = { workspaceId, planKey, previousPlanKey: before.planKey, source, version, at: at ?? now };
  await tx.subscriptionEvent.createMany({ data: changesOf(before, after).map((kind) => ({ ...books, id: newId(), kind })) });
  emit({ type: 'SubscriptionChanged', workspaceId, version });
  return { effect: 'set', subscription };
}

const sameState = (before: Subscription, after: SubscriptionState): boolean =>
  before.planKey === after.planKey &&
  before.status === after.status &&
  before.source === after.source &&
  before.externalId === after.externalId &&
  before.cancelsAtPeriodEnd === after.cancelsAtPeriodEnd &&
  before.trialEndsAt?.getTime() === after.trialEndsAt?.getTime() &&
  before.graceEndsAt?.getTime() === after.graceEndsAt?.getTime() &&
  before.currentPeriodStartsAt?.getTime() === after.currentPeriodStartsAt?.getTime() &&
  before.currentPeriodEndsAt?.getTime() === after.currentPeriodEndsAt?.getTime();
