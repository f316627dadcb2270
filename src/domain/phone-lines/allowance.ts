import type { Problem } from '../../kit/errors.ts';

/** A guard against running up costs by mistake, whatever the plan. */
const MOST_LINES = 20;

/**
 * Why the workspace may have no further line, or null where it may. Whether its plan includes numbers of its own at all is
 * asked before (DEDICATED_NUMBER).
 *
 * @param held lines that it has, suspended ones and those that are being bought included.
 */
export function mayHaveLine({ held }: { readonly held: number }): Problem | null {
  if (held < MOST_LINES) return null;
  return { code: 'LIMIT_REACHED', message: `The workspace has ${held} telephone numbers, and may have ${MOST_LINES}. Release one first.` };
}
