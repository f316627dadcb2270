import type { z } from 'zod';
import { isOpen } from '../../assistants/opening-hours.ts';
import { baseOf } from '../lines.ts';
import { type CallPlan, callPlan } from '../plan.ts';
import { beginTransfer } from '../transfer/begin-transfer.ts';
import { admitTransfer } from '../transfer/transfer.ts';
import type { ToolContext, ToolOutput } from './tool-actions.ts';
import type { TOOLS } from './tools.ts';

type ArgumentsOf<Name extends keyof typeof TOOLS> = z.output<(typeof TOOLS)[Name]['arguments']>;

const REFUSALS = {
  nobody: 'There is nobody I can put you through to. I can take a message.',
  closed: 'Nobody can come to the telephone at the moment, because we are closed. I can take a message.',
  tried: 'Nobody could take the call. I can take a message.',
} as const;

/** Asks for the call to be put through: it is, as soon as the assistant lets go of it. */
export async function transferToHuman(context: ToolContext, given: ArgumentsOf<'transfer_to_human'>): Promise<ToolOutput> {
  const { db, clock, callId, modelCallId } = context;
  const plan = await planOf(context);
  const failed = await db.callTransfer.count({ where: { callId, status: 'FAILED' } });
  const admitted = admitTransfer({ to: plan.transfer?.to ?? null, open: isAttended(plan, clock.now()), failed });
  if ('refused' in admitted) return { transferring: false, reason: admitted.refused.toUpperCase(), say: REFUSALS[admitted.refused] };
  const { about, callerName = null } = given;
  await beginTransfer({ db, clock }, { callId, key: modelCallId, to: admitted.to, announced: true, about, callerName });
  return { transferring: true, say: 'I am putting you through.' };
}

/** A business that keeps no hours may be rung at any time. */
function isAttended({ openingTimes, timeZone }: CallPlan, now: Date): boolean {
  if (!openingTimes || (openingTimes.hours.length === 0 && openingTimes.specialHours.length === 0)) return true;
  return isOpen(openingTimes, timeZone, now);
}

/** Goes on in another of the assistant's languages: that with the very tag, or else the first of the same language. */
export async function switchLanguage(context: ToolContext, given: ArgumentsOf<'switch_language'>): Promise<ToolOutput> {
  const plan = await planOf(context);
  const allowed = [plan.language, ...plan.otherLanguages];
  const asked = given.language.trim().toLowerCase();
  const found = allowed.find((tag) => tag.toLowerCase() === asked) ?? allowed.find((tag) => baseOf(tag) === baseOf(asked));
  if (!found) return { switched: false, allowed, say: 'I am sorry, I do not speak that language.' };
  return { switched: true, language: found, say: '' };
}

async function planOf({ db, callId }: ToolContext): Promise<CallPlan> {
  const { plan } = await db.call.findFirstOrThrow({ where: { id: callId }, select: { plan: true } });
  return callPlan.parse(plan);
}
