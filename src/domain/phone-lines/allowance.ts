import type { Problem } from '../../kit/errors.ts';

/** What decides whether a workspace may have one more line. */
export interface LineAllowance {
  readonly platform: 'CONSUMER' | 'BUSINESS';
  /** Lines that it has, suspended ones and those that are being bought included. */
  readonly held: number;
  /** How many its plan gives it; null: as many as anybody may have. */
  readonly maximum?: number | null;
}

/** A guard against running up costs by mistake, whatever the plan. */
const MOST_LINES = 20;

/** Why the workspace may have no further line of its own, or null where it may. */
export function mayHaveLine({ platform, held, maximum = null }: LineAllowance): Problem | null {
  if (platform === 'CONSUMER' || maximum === 0) {
    return { code: 'PLAN_REQUIRED', message: 'The plan has no telephone numbers of your own: calls are placed from a shared number.' };
  }
  const most = Math.min(maximum ?? MOST_LINES, MOST_LINES);
  if (held < most) return null;
  return { code: 'LIMIT_REACHED', message: `The workspace has ${held} telephone numbers, and may have ${most}. Release one first.` };
}
