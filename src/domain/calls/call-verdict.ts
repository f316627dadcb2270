import type { Call, Prisma } from '../../generated/prisma/client.ts';
import type { Verdict } from './progress.ts';
import { isOver } from './state.ts';

/**
 * The columns that say what a talk has come to. A call that has ended meanwhile is told the same: whoever hung up in the
 * middle of their last word said it all the same. An opt-out stays, whatever comes behind it.
 */
export function verdictChange(call: Pick<Call, 'verdict' | 'status' | 'outcome'>, verdict: Verdict): Prisma.CallUpdateInput | null {
  if (call.verdict === verdict || call.verdict === 'OPTED_OUT') return null;
  const talked = call.outcome === 'COMPLETED' || call.outcome === 'PARTIAL' || call.outcome === 'DROPPED';
  return { verdict, ...(isOver(call.status) && talked && { outcome: verdict }) };
}
