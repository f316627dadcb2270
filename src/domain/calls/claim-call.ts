import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Call, Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { SECOND } from '../../kit/time.ts';
import { briefing } from './briefing.ts';
import { lockCall } from './lock-call.ts';
import { verifyMediaToken } from './media-token.ts';
import { callPlan } from './plan.ts';
import { progress } from './progress.ts';
import { readDecision } from './recording/recording.ts';
import type { ClaimedCall } from './records.ts';
import { settleBridge } from './settle-bridge.ts';
import { isOver } from './state.ts';
import { failureNote } from './transfer/transfer.ts';

/** How long a claim is good without a heartbeat: see keep-calls.ts. */
export const BRIDGE_LEASE_MS = 30 * SECOND;

export interface ClaimScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly config: { readonly secretKeys: readonly [string, ...string[]] };
}

/**
 * Gives a call to a bridge: the only way in which one begins, and the end of any that held it before.
 *
 * @param token as the media socket's first message carries it.
 * @param carrierCallId as the same message says; the token must have been made for it.
 * @param bridgeId the new bridge's own.
 * @returns the call with all that was said and done; or `TOKEN_EXPIRED`, `INVALID_CREDENTIALS` (forged, foreign or
 *   used before), `ILLEGAL_STATE` (the call is over or being ended).
 */
export async function claimCall(scope: ClaimScope, claim: { token: string; carrierCallId: string; bridgeId: string }): Promise<Result<ClaimedCall>> {
  const { bridgeId } = claim;
  const grant = await verifyMediaToken({ secretKeys: scope.config.secretKeys, clock: scope.clock }, claim.token);
  if (grant === 'expired') return refuse('TOKEN_EXPIRED', 'The media token has expired.');
  if (grant === 'invalid') return refuse('INVALID_CREDENTIALS', 'The media token is not valid.');
  const { callId, workspaceId } = grant;

  return transact({ db: tenantDb(scope.root, workspaceId), events: scope.events }, async (tx, emit): Promise<Result<ClaimedCall>> => {
    const call = await lockCall(tx, workspaceId, callId);
    if (!call || call.carrierCallId !== claim.carrierCallId) return refuse('INVALID_CREDENTIALS', 'The media token belongs to another call.');
    if (call.bridgeCount !== grant.bridgeCount) return refuse('INVALID_CREDENTIALS', 'The media token was used before.');
    if (isOver(call.status) || call.endReason) return refuse('ILLEGAL_STATE', 'The call is over.');

    if (call.bridgeCount > 0) await settleBridge(tx, { workspaceId, callId }, emit);
    const now = scope.clock.now();
    const alive = progress(call, { event: 'media-alive' }, now);
    if (!alive.ok) return refuse('ILLEGAL_STATE', 'The call was never dialed.');
    const lease = { bridgeId, bridgeAliveUntil: new Date(now.getTime() + BRIDGE_LEASE_MS), bridgeCount: { increment: 1 } };
    const claimed = await tx.call.update({
      where: { id: callId, workspaceId },
      data: { ...alive.change, ...lease, version: { increment: 1 } },
      select: { version: true, bridgeCount: true, answeredAt: true },
    });
    emit({ type: 'CallChanged', workspaceId, callId, version: claimed.version });
    return ok(await conversationOf(tx, { ...call, ...claimed }, bridgeId, now));
  });
}

async function conversationOf(tx: Prisma.TransactionClient, call: Call, bridgeId: string, now: Date): Promise<ClaimedCall> {
  const where = { workspaceId: call.workspaceId, callId: call.id };
  const turns = call.bridgeCount === 1 ? [] : await tx.transcriptTurn.findMany({ where, orderBy: { sequence: 'asc' } });
  const toolCalls = call.bridgeCount === 1 ? [] : await tx.toolCall.findMany({ where, orderBy: [{ afterSequence: 'asc' }, { startedAt: 'asc' }] });
  const plan = callPlan.parse(call.plan);
  const transfer = await tx.callTransfer.findFirst({ where, orderBy: { createdAt: 'desc' } });
  const failedTransfer = transfer?.status === 'FAILED' && turns.at(-1)?.text === failureNote(transfer.failure ?? '') ? transfer.failure : null;
  return {
    callId: call.id,
    workspaceId: call.workspaceId,
    bridgeId,
    plan: { ...plan, instructions: briefing(plan, now) },
    bridgeCount: call.bridgeCount,
    answeredAt: call.answeredAt ?? now,
    known: {
      answeredBy: call.answeredBy,
      disclosed: call.disclosedAt !== null,
      voicemailLeft: call.voicemailLeftAt !== null,
      recordingDecision: readDecision(call.recordingDecision),
      failedTransfer,
    },
    turns: turns.map(({ sequence, speaker, text, heardText, interrupted, complete, startedAt, audioMs, heardMs }) => ({
      sequence,
      // A person who took the call over is one of ours to the model.
      speaker: speaker === 'AGENT' ? 'ASSISTANT' : speaker,
      text,
      heardText,
      interrupted,
      complete,
      startedAt,
      audioMs,
      heardMs,
    })),
    toolCalls: toolCalls.map(({ modelCallId, name, arguments: given, result, afterSequence }) => ({
      modelCallId,
      name,
      arguments: given,
      result,
      afterSequence,
    })),
  };
}
