import { fitPlan } from '../calls/fit-plan.ts';
import type { CallPlan } from '../calls/plan.ts';
import { type LedgerTx, type ReserveCall, reserveCall } from '../usage/reserve-call.ts';
import type { CampaignFacts } from './campaign-rules.ts';

/** What the plan of a workspace says to one more call. */
export interface UsagePart {
  readonly verdict: NonNullable<CampaignFacts['usage']>;
  /** Nothing more is to be had until somebody does something, or a period is over: the campaign waits. */
  readonly usedUp: boolean;
  /** Cuts the call to its part. */
  fit(plan: CallPlan): CallPlan;
}

/** Takes a call's part of what the plan allows, in the transaction that makes its row; where it is refused nothing is taken. */
export async function takeUsagePart(ledger: LedgerTx, call: ReserveCall): Promise<UsagePart> {
  const reserved = await reserveCall(ledger, call);
  if (reserved.ok) {
    const evidence = `The plan of the workspace allows it, for at most ${reserved.value.maximumSeconds} seconds.`;
    return { verdict: { granted: true, evidence }, usedUp: false, fit: (plan) => fitPlan(plan, reserved.value) };
  }
  const [problem] = reserved.problems;
  // That others are being called is over when they have hung up.
  const usedUp = problem?.permission.reason !== 'CONCURRENCY';
  return { verdict: { granted: false, evidence: problem?.message ?? 'The plan of the workspace allows no more calls.' }, usedUp, fit: (plan) => plan };
}
