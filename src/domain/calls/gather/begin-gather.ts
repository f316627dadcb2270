import { transact } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { callScope } from '../advance-call.ts';
import { awaitsAnswer, conversation } from '../conversation.ts';
import { discloses, linesIn, translatableLines } from '../lines.ts';
import { lockCall } from '../lock-call.ts';
import { type CallPlan, callPlan } from '../plan.ts';
import { progress } from '../progress.ts';
import { settleBridge } from '../settle-bridge.ts';
import { isOver } from '../state.ts';
import { answerGather } from './answer-gather.ts';
import { type GatherScope, isHeld } from './gather-scope.ts';
import { completeTurns, GATHER_FACTS, noteFact, writeTurn } from './gather-turns.ts';
import { ownSentence } from './gather-voice.ts';
import { sayTurn } from './reply-gather.ts';

/**
 * Takes a call by the carrier's own speech: from its beginning, or from where a bridge let go of it. Asked twice, it says
 * the same. What it begins with is the greeting; or, in the middle, the answer that the caller waits for.
 */
export async function beginGather(scope: GatherScope, { id: callId, workspaceId }: Call): Promise<CarrierReply> {
  const { clock, carrier } = scope;
  const begun = await transact(callScope(scope, workspaceId), async (tx, emit): Promise<{ call: Call; after: number; awaited: boolean } | null> => {
    const call = await lockCall(tx, workspaceId, callId);
    const now = clock.now();
    if (!call || isOver(call.status) || call.endReason) return null;
    const alive = progress(call, { event: 'media-alive' }, now);
    if (!alive.ok) return null;

    const first = await noteFact(tx, call, GATHER_FACTS.begun, now);
    // A bridge that was here let go of it, or died: what it was saying was cut off.
    if (first && call.bridgeCount > 0) await settleBridge(tx, { workspaceId, callId }, emit);
    const key = { workspaceId, callId };
    const turns = await tx.transcriptTurn.findMany({ where: key, orderBy: { sequence: 'asc' } });
    const toolCalls = await tx.toolCall.findMany({ where: key, orderBy: [{ afterSequence: 'asc' }, { startedAt: 'asc' }] });
    const last = turns.at(-1);
    const sequence = last?.sequence ?? 0;
    const plan = callPlan.parse(call.plan);
    const awaited = last !== undefined && awaitsAnswer(conversation(turns, toolCalls));
    const says = !last ? firstWords(plan) : first && !awaited ? ownSentence(plan.language, 'goOn') : null;
    if (says !== null) {
      await completeTurns(tx, call, { now, reply: '' }, emit);
      await writeTurn(tx, call, { sequence: sequence + 1, speaker: 'ASSISTANT', text: says, at: now }, emit);
    }
    // Counted as a bridge once, so that a token that was made before opens no other.
    const change = {
      ...alive.change,
      engine: 'GATHER' as const,
      ...(first && { bridgeCount: { increment: 1 } }),
      ...(!isHeld(call, now) && { bridgeId: null }),
    };
    const changed = await tx.call.update({ where: { id: callId, workspaceId }, data: { ...change, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId, version: changed.version });
    return { call: changed, after: awaited || says !== null ? sequence : sequence - 1, awaited };
  });
  if (!begun) return carrier.hangUpReply();
  const { call, after, awaited } = begun;
  const said = awaited ? null : await sayTurn(scope, call, after, 'heard');
  return said ?? answerGather(scope, call, { after, tries: 0 });
}

/** The greeting; whoever is called hears before it that no person is calling, unless it says so itself. */
function firstWords({ direction, greeting, businessName, language }: CallPlan): string {
  if (direction === 'INBOUND' || discloses(greeting)) return greeting;
  return `${(linesIn(language) ?? translatableLines).disclosure(businessName)} ${greeting}`;
}
