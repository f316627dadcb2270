import { transact } from '../../../db/transaction.ts';
import type { DomainEvent } from '../../../events.ts';
import type { Call, Prisma } from '../../../generated/prisma/client.ts';
import type { Logger } from '../../../kit/logger.ts';
import type { CarrierHeard } from '../../../ports/carrier-speech.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { callScope } from '../advance-call.ts';
import type { GatherStep } from '../carrier-urls.ts';
import { recordCosts } from '../costs/record-costs.ts';
import { findCall } from '../find-call.ts';
import { optedOutWords } from '../interview/interview-keys.ts';
import { heardOptOut, keyedOptOut, type OptOut, takeOptOut } from '../interview/opt-out.ts';
import { lockCall } from '../lock-call.ts';
import { type CallPlan, callPlan } from '../plan.ts';
import { isOver } from '../state.ts';
import { answerGather } from './answer-gather.ts';
import { type GatherMove, gatherMove } from './gather-rules.ts';
import type { GatherScope } from './gather-scope.ts';
import { completeTurns, turnsAfter, writeTurn } from './gather-turns.ts';
import { ownSentence } from './gather-voice.ts';
import { type GatherEnding, listen, sayTurn } from './reply-gather.ts';

/**
 * Takes what the carrier heard, and answers. Told twice, the turn is written once, and both are given the same answer.
 *
 * @param callId ours, from the address.
 */
export async function hearGather(
  scope: GatherScope & { readonly logger: Logger },
  { callId, heard, place }: { callId: string; heard: CarrierHeard; place: GatherStep },
): Promise<CarrierReply> {
  const found = await findCall(scope.root, { carrierCallId: heard.carrierCallId, callId });
  if (!found || found.id !== callId || isOver(found.status)) return scope.carrier.hangUpReply();
  if (place.step === 'next') return answerGather(scope, found, { after: place.after, tries: Math.max(1, place.tries ?? 1) });

  const { call, move, speaker } = await takeTurn(scope, found, { heard, place });
  if (move?.type === 'answer') countRecognition(scope, call, place.after);
  if (speaker === 'CALLER') return answerGather(scope, call, { after: place.after + 1, tries: 0 });
  const said = speaker === 'ASSISTANT' ? await sayTurn(scope, call, place.after, 'heard') : null;
  if (said) return said;
  if (call.endReason) return scope.carrier.hangUpReply();
  return listen(scope, call, { ...place, quiet: move?.type === 'listen' ? move.quietSeconds : (place.quiet ?? 0) });
}

interface Taken {
  readonly call: Call;
  /** Null where nothing was decided: it had been before, or the call is to end. */
  readonly move: GatherMove | null;
  /** Whose turn stands behind `after` now. */
  readonly speaker: string | null;
}

async function takeTurn(scope: GatherScope, { id: callId, workspaceId }: Call, { heard, place }: { heard: CarrierHeard; place: GatherStep }): Promise<Taken> {
  const { clock } = scope;
  return transact(callScope(scope, workspaceId), async (tx, emit): Promise<Taken> => {
    const call = await lockCall(tx, workspaceId, callId);
    if (!call) throw new Error(`the call ${callId} is gone`);
    const [next] = await turnsAfter(tx, call, place.after);
    if (next || call.endReason || isOver(call.status)) return { call, move: null, speaker: next?.speaker ?? null };

    const now = clock.now();
    const plan = callPlan.parse(call.plan);
    const { limits, language } = plan;
    const move = gatherMove({
      words: heard.words,
      digits: heard.digits,
      quietSeconds: place.quiet ?? 0,
      asked: (place.asked ?? 0) > 0,
      silenceSeconds: limits.silenceSeconds,
      maximumSeconds: limits.maximumSeconds,
      limitedByPlan: limits.limitedByPlan,
      elapsedMs: now.getTime() - (call.answeredAt ?? now).getTime(),
    });
    await completeTurns(tx, call, { now, reply: move.type === 'answer' ? move.text : '' }, emit);
    const turn = turnOf(move, language);
    if (turn) await writeTurn(tx, call, { ...turn, sequence: place.after + 1, at: now }, emit);
    const optOut = move.type === 'answer' ? await findOptOut(tx, call, plan, { said: move.text, digits: heard.digits }) : null;
    if (optOut) {
      const said = { sequence: place.after + 2, speaker: 'ASSISTANT' as const, text: optedOutWords(language), at: now };
      await writeTurn(tx, call, said, emit);
      await takeOptOut(tx, call, optOut, now, emit);
      return { call: await endGather(tx, call, 'opted-out', emit), move, speaker: 'CALLER' };
    }
    if (move.type !== 'end') return { call, move, speaker: turn?.speaker ?? null };
    return { call: await endGather(tx, call, move.reason, emit), move, speaker: 'ASSISTANT' };
  });
}

const LAST_WORDS = { silence: 'goodbye', 'maximum-duration': 'timeIsUp', 'plan-limit': 'planLimit' } as const;
/** The words of this turn, or the key that was announced. */
async function findOptOut(
  tx: Prisma.TransactionClient,
  call: Call,
  plan: CallPlan,
  { said, digits }: { said: string; digits: string },
): Promise<OptOut | null> {
  const spoken = heardOptOut(plan, said);
  if (spoken || !plan.interview || !digits) return spoken;
  const tools = await tx.toolCall.findMany({ where: { workspaceId: call.workspaceId, callId: call.id }, select: { result: true } });
  return keyedOptOut(
    plan,
    digits,
    tools.map(({ result }) => result),
  );
}

async function endGather(tx: Prisma.TransactionClient, { id: callId, workspaceId }: Call, endReason: GatherEnding, emit: (event: DomainEvent) => void) {
  const ended = await tx.call.update({ where: { id: callId, workspaceId }, data: { endReason, version: { increment: 1 } } });
  emit({ type: 'CallChanged', workspaceId, callId, version: ended.version });
  return ended;
}

function turnOf(move: GatherMove, language: string): { speaker: 'CALLER' | 'ASSISTANT'; text: string } | null {
  switch (move.type) {
    case 'answer':
      return { speaker: 'CALLER', text: move.text };
    case 'listen':
      return null;
    case 'ask':
      return { speaker: 'ASSISTANT', text: ownSentence(language, 'stillThere') };
    case 'end':
      return { speaker: 'ASSISTANT', text: ownSentence(language, LAST_WORDS[move.reason]) };
  }
}

/** What it cost to understand is told later rather than the caller kept waiting. */
function countRecognition(scope: GatherScope, { id, workspaceId }: Call, after: number): void {
  const cost = { item: 'speech-recognition' as const, quantity: 1, key: `speech:${after}`, source: 'price-list' as const };
  void recordCosts({ ...callScope(scope, workspaceId), config: scope.config }, id, [cost]).catch((error: unknown) => {
    scope.logger.error({ err: error, callId: id }, 'a cost was not recorded');
  });
}
