/**
 * What is asked at the instant at which a campaign is about to dial somebody, besides the rules of every call, in order. See
 * domain/calls/dialing/dial-permit.ts.
 */
import { type DialFacts, type PermitRule, RULES, type Verdict } from '../calls/dialing/dial-permit.ts';
import type { CampaignState } from './campaign-state.ts';
import { mostOutbound } from './capacity.ts';
import { FREQUENCY_DAYS } from './retries.ts';

export interface CampaignFacts extends DialFacts {
  readonly campaign: { readonly status: CampaignState; readonly pauseReason: string | null; readonly endsAt: Date | null };
  readonly consent: 'NONE' | 'EXPRESS' | 'EXPRESS_WRITTEN';
  /** A call with this number is not over. */
  readonly inCall: boolean;
  /** How often the person was called within the last 30 days, by whichever campaign. */
  readonly frequency: { readonly attempts: number; readonly most: number };
  /** What the plan says; null before it is asked. */
  readonly usage: { readonly granted: boolean; readonly evidence: string } | null;
  /** All calls of the workspace that are not over or about to be placed, besides this one. */
  readonly workspaceCalls: { readonly live: number; readonly most: number };
  /** Those of the campaign, besides this one. */
  readonly campaignCalls: { readonly live: number; readonly most: number };
  /** When it is this call's turn with the carrier; null where nobody counts. */
  readonly turn: { readonly at: Date; readonly callsPerSecond: number } | null;
  /** Lines that there are, those included that are used up for the day. */
  readonly lines: number;
}

const passed = (evidence: string): Verdict => ({ passed: true, evidence });
const refused = (evidence: string): Verdict => ({ passed: false, evidence });

export const CAMPAIGN_RULES: readonly PermitRule<CampaignFacts>[] = [
  {
    rule: 'campaign-running',
    code: 'ILLEGAL_STATE',
    ask({ campaign: { status, pauseReason, endsAt } }, now) {
      if (status !== 'RUNNING') return refused(`The campaign is ${status.toLowerCase()}${pauseReason ? `: ${pauseReason}` : '.'}`);
      return endsAt && endsAt <= now ? refused(`The campaign ended at ${endsAt.toISOString()}.`) : passed('The campaign is running.');
    },
  },
  RULES.workspaceActive,
  RULES.validNumber,
  RULES.notSuppressed,
  {
    // An artificial voice needs consent (47 CFR § 64.1200(a)(1)); for a survey, which sells nothing, it need not be in writing.
    rule: 'consent',
    code: 'NO_CONSENT',
    ask: ({ consent }) =>
      consent === 'NONE'
        ? refused('They have not agreed to be called by a machine.')
        : passed(consent === 'EXPRESS' ? 'They agreed to be called.' : 'They agreed in writing to be called.'),
  },
  {
    rule: 'not-in-a-call',
    code: 'CONFLICT',
    ask: ({ inCall }) => (inCall ? refused('They are in a call with the workspace at this moment.') : passed('No other call with them is under way.')),
  },
  {
    rule: 'frequency-cap',
    code: 'FREQUENCY_CAP',
    ask({ frequency: { attempts, most } }) {
      const evidence = `They were called ${attempts} of at most ${most} times within ${FREQUENCY_DAYS} days.`;
      return attempts >= most ? refused(evidence) : passed(evidence);
    },
  },
  RULES.quietHours,
  {
    rule: 'usage-reserved',
    code: 'LIMIT_REACHED',
    ask: ({ usage }) => usage && { passed: usage.granted, evidence: usage.evidence },
  },
  {
    rule: 'workspace-slot',
    code: 'LIMIT_REACHED',
    ask({ workspaceCalls: { live, most } }) {
      const evidence = `The workspace has ${live} other calls; campaigns may take it to ${mostOutbound(most)} of its ${most}.`;
      return live < mostOutbound(most) ? passed(evidence) : refused(evidence);
    },
  },
  {
    rule: 'campaign-slot',
    code: 'LIMIT_REACHED',
    ask({ campaignCalls: { live, most } }) {
      const evidence = `The campaign has ${live} other calls of at most ${most} at a time.`;
      return live < most ? passed(evidence) : refused(evidence);
    },
  },
  {
    rule: 'calls-per-second',
    code: 'LIMIT_REACHED',
    ask({ turn }, now) {
      if (!turn) return passed('The carrier takes any number of calls a second.');
      const evidence = `The carrier takes ${turn.callsPerSecond} a second, and the turn of this call is at ${turn.at.toISOString()}.`;
      return turn.at <= now ? passed(evidence) : refused(evidence);
    },
  },
  {
    rule: 'line-free',
    code: 'ILLEGAL_STATE',
    ask({ line, lines }) {
      if (line) return passed(`The call is placed from ${line.phoneNumber}.`);
      return refused(
        lines === 0 ? 'The workspace has no telephone line to call from.' : 'Every number of the workspace was used as often as it may be in a day.',
      );
    },
  },
];
