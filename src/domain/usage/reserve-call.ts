import type { DomainEvent } from '../../events.ts';
import type { Prisma, Subscription } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refused } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { CATALOGUE, cheapestPaid, type Feature, isTrial } from '../plans/catalogue.ts';
import { lockSubscription } from '../plans/open-subscription.ts';
import { claimTrialCall } from '../plans/trial-calls.ts';
import { type Admission, admit } from './admit.ts';
import { measure } from './measure.ts';
import { periodsAt } from './periods.ts';
import { type LimitReached, limitReached, permissionOf } from './permission.ts';

/** The parts of a transaction that verbs of the ledger take. */
export interface LedgerTx {
  readonly tx: Prisma.TransactionClient;
  readonly clock: Clock;
  readonly emit: (event: DomainEvent) => void;
}

export interface ReserveCall {
  readonly workspaceId: string;
  /** The call's row is made in the same transaction, before or after. */
  readonly callId: string;
  /** Whom we call, E.164; null for a call that comes in. */
  readonly to: string | null;
  /** The longest that the assistant may talk. */
  readonly maximumSeconds: number;
}

export interface Reservation {
  /** The longest that this call may take. */
  readonly maximumSeconds: number;
  /** It is the plan that makes it so short. */
  readonly limitedByPlan: boolean;
  /** What the plan includes. */
  readonly features: readonly Feature[];
}

/**
 * Takes a call's part of what the plan allows: trial calls, calls of the week, minutes of the month, calls at a time.
 * All that asks for one workspace waits for its subscription's row here, and sees what those before it have taken, so
 * that of any number who ask for the last call one gets it. The part is kept until `settleCall`; a transaction that
 * does not commit has taken nothing.
 *
 * @returns how long the call may be; or, with what may be bought, `LIMIT_REACHED`, `TRIAL_EXPIRED`,
 *   `PAYMENT_REQUIRED`, `ILLEGAL_STATE` (the workspace is suspended).
 */
export async function reserveCall(ledger: LedgerTx, { workspaceId, callId, to, maximumSeconds }: ReserveCall): Promise<Result<Reservation, LimitReached>> {
  const { tx, clock, emit } = ledger;
  const now = clock.now();
  const {
    subscription: before,
    timeZone,
    suspendedAt,
  } = await tx.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { timeZone: true, suspendedAt: true, subscription: true },
  });
  const periods = periodsAt(now, timeZone);
  const look = async (subscription: Subscription): Promise<Admission> => {
    const usage = await measure(tx, { workspaceId, periods, trial: isTrial(subscription.planKey) ? subscription.planKey : null });
    return admit({ subscription, suspended: suspendedAt !== null, usage, periods }, now);
  };
  // Where many want what is gone they are told without waiting for one another.
  const first = before && (await look(before));
  if (first && !first.allowed) return refuse(first, before);

  const subscription = await lockSubscription(tx, workspaceId);
  const admission = await look(subscription);
  if (!admission.allowed) return refuse(admission, subscription);
  const { trialExtra, secondsLeft } = admission;
  const { planKey } = subscription;
  const plan = CATALOGUE[planKey];
  // The telephone of a consumer is the person: a new account with the same one has no new trial.
  if (plan.platform === 'CONSUMER' && plan.trialCalls !== null && !trialExtra && to !== null) {
    const claimed = await claimTrialCall(tx, { phoneNumber: to, calls: plan.trialCalls, callId, claimedBy: workspaceId, claimedAt: now });
    if (!claimed) return refuse({ allowed: false, reason: 'TRIAL_CALLS_USED', resetsAt: null, suggestedPlan: cheapestPaid(plan.platform) }, subscription);
  }
  const seconds = secondsLeft === null ? maximumSeconds : Math.min(maximumSeconds, secondsLeft);
  const part = { workspaceId, callId, planKey, trialExtra, createdAt: now };
  await tx.usageHold.create({ data: { ...part, seconds } });
  await tx.usageEntry.create({ data: { ...part, id: newId(), kind: 'RESERVED', phase: 0, calls: 0, seconds: 0, at: now } });
  emit({ type: 'UsageChanged', workspaceId });
  return ok({ maximumSeconds: seconds, limitedByPlan: seconds < maximumSeconds, features: plan.features });
}

const refuse = (refusal: Extract<Admission, { allowed: false }>, { planKey }: Subscription) => refused(limitReached(permissionOf(refusal, CATALOGUE[planKey])));
