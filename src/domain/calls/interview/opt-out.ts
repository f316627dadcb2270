import type { DomainEvent } from '../../../events.ts';
import type { Call, Prisma } from '../../../generated/prisma/client.ts';
import { isOptOut } from '../../contacts/opt-out.ts';
import { suppress } from '../../contacts/suppress-number.ts';
import { verdictChange } from '../call-verdict.ts';
import type { CallPlan } from '../plan.ts';
import { optOutKeyHolds } from './interview-keys.ts';

/** How somebody said that they want no more calls, and their words or keys. */
export interface OptOut {
  readonly by: 'speech' | 'keypad';
  readonly evidence: string;
}

/** The turn of a person whom we have called, read for the wish not to be called again: no model is asked. */
export const heardOptOut = ({ direction }: Pick<CallPlan, 'direction'>, text: string): OptOut | null =>
  direction === 'OUTBOUND' && isOptOut(text) ? { by: 'speech', evidence: text } : null;

/** The key against further calls, where it was announced and no question has been asked since. */
export const keyedOptOut = ({ interview }: Pick<CallPlan, 'interview'>, digits: string, results: readonly (string | null)[]): OptOut | null =>
  interview && digits === '9' && optOutKeyHolds(results) ? { by: 'keypad', evidence: digits } : null;

/**
 * Keeps the number from ever being called again by the workspace, and the call says so, in one transaction with what it is
 * called from.
 */
export async function takeOptOut(tx: Prisma.TransactionClient, call: Call, { by }: OptOut, now: Date, emit: (event: DomainEvent) => void): Promise<void> {
  const { workspaceId, id: callId } = call;
  const reason = by === 'keypad' ? ('KEYPAD_OPT_OUT' as const) : ('SPOKEN_OPT_OUT' as const);
  const number = call.direction === 'OUTBOUND' ? call.to : call.from;
  await suppress(tx, { workspaceId, numbers: [number], reason, source: `call:${callId}`, at: now });
  const change = verdictChange(call, 'OPTED_OUT');
  if (!change) return;
  const { version } = await tx.call.update({ where: { id: callId, workspaceId }, data: { ...change, version: { increment: 1 } } });
  emit({ type: 'CallChanged', workspaceId, callId, version });
}
