import { SECOND } from '../../kit/time.ts';

/** How far back attempts count. */
export const BREAKER_WINDOW_MS = 120 * SECOND;
const FEWEST = 5;

/**
 * Whether a campaign is to be paused, because more than half of its latest attempts failed for a technical reason: a
 * carrier that is down is not dialed through the whole list.
 *
 * @param recent attempts that ended within the window.
 * @returns the reason as a sentence, or null.
 */
export function breakerTrips(recent: { readonly ended: number; readonly technical: number }): string | null {
  if (recent.ended < FEWEST || recent.technical * 2 <= recent.ended) return null;
  return `${recent.technical} of the last ${recent.ended} calls failed for technical reasons within two minutes. Nobody else is called until the campaign is resumed.`;
}
