import { MOST_LIVE_CALLS } from '../calls/incoming/admit-inbound.ts';

/** How many calls a workspace may have at one time, in and out: the same for everybody. */
export const mostCallsAtOnce = (): number => MOST_LIVE_CALLS;
