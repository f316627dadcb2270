import type { Call } from '../../generated/prisma/client.ts';
import { isOver } from './state.ts';

/** Why nothing can be asked of a call's assistant now, as a sentence; null where a bridge holds the call and goes on with it. */
export function notHeld(call: Pick<Call, 'status' | 'endReason' | 'transferredTo' | 'bridgeId' | 'bridgeAliveUntil'>, now: Date): string | null {
  if (isOver(call.status) || call.endReason) return 'The call is over.';
  if (call.transferredTo) return 'A person has the call.';
  if (call.status !== 'IN_PROGRESS') return 'Nobody has answered the call yet.';
  const held = call.bridgeId !== null && call.bridgeAliveUntil !== null && call.bridgeAliveUntil > now;
  return held ? null : 'No assistant is talking in the call at the moment. Try again in a few seconds.';
}
