import { DAY, HOUR, MINUTE, SECOND } from '../../kit/time.ts';
import type { CallingHours } from '../contacts/quiet-hours.ts';
import { nextWindow } from './calling-window.ts';
import type { ContactState } from './contact-states.ts';

/** Where somebody goes whom the permit did not let be called. No attempt is counted. */
export interface Deferral {
  readonly state: ContactState;
  /** Null where nothing is waited for. */
  readonly at: Date | null;
  readonly reason: string;
  /** The campaign is paused with this sentence: it would be the same for everybody else. */
  readonly pauses?: string;
}

export interface RefusedCall {
  /** The rule that refused, and what it said. */
  readonly rule: string;
  readonly evidence: string;
  readonly from: ContactState;
  readonly zones: readonly string[];
  readonly hours: CallingHours;
  readonly campaign: { readonly status: string; readonly startedAt: Date; readonly endsAt: Date | null };
  /** The plan allows nothing more until somebody does something. */
  readonly usageUsedUp: boolean;
  /** How many lines the workspace has, used up for the day or not. */
  readonly lines: number;
}

/** Somebody of whom no zone is known is asked about again: they may be given one. */
const ZONE_AGAIN_MS = HOUR;
const ZONE_LONGEST_MS = 7 * DAY;

/** What follows from a refusal: it defers or takes out, and never counts. */
export function deferral(refusal: RefusedCall, now: Date): Deferral {
  const { rule, evidence: reason, from, campaign } = refusal;
  const later = (ms: number): Deferral => inWindow(refusal, new Date(now.getTime() + ms), now, from);
  switch (rule) {
    case 'campaign-running':
      if (campaign.endsAt && campaign.endsAt <= now) return { state: 'EXPIRED', at: null, reason };
      return campaign.status === 'CANCELING' || campaign.status === 'CANCELED'
        ? { state: 'CANCELED', at: null, reason: 'The campaign was canceled.' }
        : { state: from, at: from === 'PENDING' ? null : now, reason };
    case 'workspace-active':
      return { state: from, at: from === 'PENDING' ? null : now, reason, pauses: reason };
    case 'valid-number':
      return { state: 'INVALID', at: null, reason };
    case 'not-suppressed':
    case 'consent':
      return { state: 'SUPPRESSED', at: null, reason };
    case 'frequency-cap':
      return { state: 'EXHAUSTED', at: null, reason };
    case 'quiet-hours':
      return inWindow(refusal, now, now, from === 'PENDING' ? 'WAITING_WINDOW' : from);
    case 'usage-reserved':
      return refusal.usageUsedUp ? { ...later(MINUTE), pauses: reason } : later(10 * SECOND);
    case 'not-in-a-call':
      return later(MINUTE);
    case 'line-free':
      return refusal.lines === 0 ? { ...later(MINUTE), pauses: reason } : later(HOUR);
    default:
      // No room, or not its turn: there is within seconds.
      return later(2 * SECOND);
  }
}

/** The next time from an instant on at which they may be called; none before the campaign's end is the end of it for them. */
function inWindow({ zones, hours, campaign, evidence: reason }: RefusedCall, from: Date, now: Date, state: ContactState): Deferral {
  const at = nextWindow(zones, hours, from);
  if (at === null && zones.length === 0 && now.getTime() - campaign.startedAt.getTime() < ZONE_LONGEST_MS) {
    const again = new Date(now.getTime() + ZONE_AGAIN_MS);
    if (!campaign.endsAt || again < campaign.endsAt) return { state, at: again, reason };
  }
  if (at === null) return { state: 'EXPIRED', at: null, reason };
  if (campaign.endsAt && at >= campaign.endsAt) return { state: 'EXPIRED', at: null, reason: 'They could only be called again after the end of the campaign.' };
  return { state: state === 'PENDING' ? 'WAITING_WINDOW' : state, at, reason };
}
