import { transact } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import { newId } from '../../../kit/ids.ts';
import { SECOND } from '../../../kit/time.ts';
import { TextModelError } from '../../../ports/text-model.ts';
import { callScope } from '../advance-call.ts';
import { converse, type Thought } from '../converse.ts';
import { lockCall } from '../lock-call.ts';
import { callPlan } from '../plan.ts';
import { settleBridge } from '../settle-bridge.ts';
import { isOver } from '../state.ts';
import { type GatherScope, isHeld } from './gather-scope.ts';
import { GATHER_FACTS, knowsFact, noteFact, turnsAfter, writeTurn } from './gather-turns.ts';
import { ownSentence } from './gather-voice.ts';

/** A process that thinks says so this often; when it has died, another takes over after the lease. */
const RENEW_MS = 3 * SECOND;
const LEASE_MS = 10 * SECOND;

/**
 * Finds what the assistant answers, and writes it as the turn behind `after`: once, whoever is asked to and however
 * often. While it thinks, the process holds the call as a bridge does. Where no model answers, the turn asks for a message
 * that is recorded. Never rejects.
 */
export async function thinkGather(scope: GatherScope, { id: callId, workspaceId }: Call, after: number): Promise<void> {
  try {
    const call = await holdCall(scope, { callId, workspaceId, after });
    if (!call) return;
    using _held = scope.clock.every(
      RENEW_MS,
      () => void renew(scope, call).catch((error: unknown) => scope.logger.error({ err: error, callId }, 'a lease was not renewed')),
    );
    await letGo(scope, call, after, await think(scope, call));
  } catch (error) {
    scope.logger.error({ err: error, callId }, 'an answer could not be found or written');
  }
}

type HeldCall = Call & { readonly bridgeId: string };

/** @returns null where there is nothing to do, or somebody else does it. */
async function holdCall(scope: GatherScope, { callId, workspaceId, after }: { callId: string; workspaceId: string; after: number }): Promise<HeldCall | null> {
  return transact(callScope(scope, workspaceId), async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, callId);
    const now = scope.clock.now();
    if (!call || isOver(call.status) || call.endReason || isHeld(call, now)) return null;
    if ((await turnsAfter(tx, call, after)).length > 0) return null;
    // Whoever held it died in the middle of a tool.
    if (call.bridgeId) await settleBridge(tx, { workspaceId, callId }, emit);
    const held = { bridgeId: newId(), bridgeAliveUntil: new Date(now.getTime() + LEASE_MS) };
    return { ...(await tx.call.update({ where: { id: callId, workspaceId }, data: held })), bridgeId: held.bridgeId };
  });
}

async function renew(scope: GatherScope, { id, workspaceId, bridgeId }: HeldCall): Promise<void> {
  const { db, clock } = callScope(scope, workspaceId);
  await db.call.updateMany({ where: { id, bridgeId }, data: { bridgeAliveUntil: new Date(clock.now().getTime() + LEASE_MS) } });
}

/** @returns null where the model cannot answer. */
async function think(scope: GatherScope, call: HeldCall): Promise<Thought | null> {
  const { textModel, logger } = scope;
  if (!textModel) return null;
  try {
    return await converse({ ...scope, textModel }, call);
  } catch (error) {
    if (!(error instanceof TextModelError)) throw error;
    logger.error({ callId: call.id, code: error.code, kind: error.kind, reason: error.message }, 'the text model did not answer; a message is recorded');
    return null;
  }
}

/** Writes the answer and lets go of the call. A process that holds it no more changes nothing. */
async function letGo(scope: GatherScope, { id: callId, workspaceId, bridgeId }: HeldCall, after: number, thought: Thought | null): Promise<void> {
  await transact(callScope(scope, workspaceId), async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, callId);
    if (call?.bridgeId !== bridgeId) return;
    const now = scope.clock.now();
    const over = isOver(call.status);
    const { language } = callPlan.parse(call.plan);
    if (!over && !call.endReason) {
      if (!thought) await noteFact(tx, call, GATHER_FACTS.recording, now);
      const waited = await knowsFact(tx, call, GATHER_FACTS.filler(after));
      const text = thought?.text ?? ownSentence(language, 'leaveMessage');
      const said = waited ? `${ownSentence(language, 'oneMoment')} ${text}` : text;
      await writeTurn(tx, call, { sequence: after + 1, speaker: 'ASSISTANT', text: said, at: now }, emit);
    }
    const ended = thought?.ends && !over && !call.endReason ? { endReason: 'assistant-ended' } : {};
    const released = await tx.call.update({
      where: { id: callId, workspaceId },
      data: { ...ended, bridgeId: null, bridgeAliveUntil: now, version: { increment: 1 } },
    });
    emit({ type: 'CallChanged', workspaceId, callId, version: released.version });
    if (over) emit({ type: 'CallReleased', workspaceId, callId, assistantId: released.assistantId });
  });
}
