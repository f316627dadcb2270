import type { Prisma } from '../../generated/prisma/client.ts';
import type { CampaignFacts } from './campaign-rules.ts';

/** What the plan of a workspace says to one more call. */
export interface UsagePart {
  readonly verdict: NonNullable<CampaignFacts['usage']>;
  /** Nothing more is to be had until somebody does something, or a period is over: the campaign waits. */
  readonly usedUp: boolean;
}

/** A call that is about to get its row, in the same transaction. */
export interface UsageOfCall {
  readonly workspaceId: string;
  readonly callId: string;
  /** E.164 */
  readonly to: string;
  readonly maximumSeconds: number;
}

/** Takes a call's part of what the plan allows; where it is refused nothing is taken. No plan limits anybody. */
export const takeUsagePart = async (_tx: Prisma.TransactionClient, _call: UsageOfCall): Promise<UsagePart> => ({
  verdict: { granted: true, evidence: 'The plan of the workspace sets no limit.' },
  usedUp: false,
});
