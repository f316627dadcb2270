import type { DomainEvent } from '../../../events.ts';
import type { Call, Prisma, TranscriptTurn } from '../../../generated/prisma/client.ts';
import { newId } from '../../../kit/ids.ts';
import { heardSince } from './gather-rules.ts';

type Emit = (event: DomainEvent) => void;
type CallKey = Pick<Call, 'id' | 'workspaceId'>;

/** Facts of a call that goes by the carrier's own speech, each once: they stand with what the carrier told. */
export const GATHER_FACTS = {
  begun: 'gather:begun',
  /** The assistant cannot talk: a message is recorded. */
  recording: 'gather:recording',
  /** The caller was told to wait for the answer to this turn. */
  filler: (after: number) => `gather:filler:${after}`,
  recorded: (carrierRecordingId: string) => `gather:recorded:${carrierRecordingId}`,
} as const;

/** @returns whether it was not known before. */
export async function noteFact(tx: Prisma.TransactionClient, { id: callId, workspaceId }: CallKey, key: string, now: Date): Promise<boolean> {
  const { count } = await tx.carrierEvent.createMany({ data: [{ callId, workspaceId, key, event: 'gather', receivedAt: now }], skipDuplicates: true });
  return count === 1;
}

export const knowsFact = async (tx: Prisma.TransactionClient, { id: callId, workspaceId }: CallKey, key: string): Promise<boolean> =>
  (await tx.carrierEvent.count({ where: { callId, workspaceId, key } })) > 0;

/** The turns behind one, in order. */
export const turnsAfter = (tx: Prisma.TransactionClient, { id: callId, workspaceId }: CallKey, after: number): Promise<TranscriptTurn[]> =>
  tx.transcriptTurn.findMany({ where: { callId, workspaceId, sequence: { gt: after } }, orderBy: { sequence: 'asc' } });

/** Writes the next turn. What the assistant says is not complete until what came after it is known. */
export async function writeTurn(
  tx: Prisma.TransactionClient,
  call: CallKey,
  turn: { sequence: number; speaker: 'CALLER' | 'ASSISTANT'; text: string; at: Date },
  emit: Emit,
): Promise<void> {
  const { id: callId, workspaceId } = call;
  const { sequence, speaker, at } = turn;
  const text = turn.text.replaceAll('\0', '').toWellFormed();
  const row = { id: newId(), workspaceId, callId, sequence, speaker, text, heardText: speaker === 'CALLER' ? text : '', startedAt: at };
  await tx.transcriptTurn.create({ data: { ...row, complete: speaker === 'CALLER' } });
  emit({ type: 'TurnRecorded', workspaceId, callId, sequence });
}

/**
 * Completes what the assistant was saying, now that it is known what came next.
 *
 * @param reply what the caller said to it; empty where nothing was said, or the call ended.
 */
export async function completeTurns(tx: Prisma.TransactionClient, call: CallKey, { now, reply }: { now: Date; reply: string }, emit: Emit): Promise<void> {
  const { id: callId, workspaceId } = call;
  const open = await tx.transcriptTurn.findMany({ where: { callId, workspaceId, complete: false }, orderBy: { sequence: 'asc' } });
  for (const { id, sequence, text, startedAt } of open) {
    const heard = heardSince(text, now.getTime() - startedAt.getTime(), reply);
    await tx.transcriptTurn.update({ where: { id, workspaceId }, data: { ...heard, complete: true } });
    emit({ type: 'TurnRecorded', workspaceId, callId, sequence });
    // The first words of a call of ours say that no person is calling: given once they were heard whole.
    if (sequence === 1 && !heard.interrupted) await tx.call.updateMany({ where: { ...unheard, id: callId, workspaceId }, data: { disclosedAt: now } });
  }
}

const unheard = { direction: 'OUTBOUND', disclosedAt: null } as const;
