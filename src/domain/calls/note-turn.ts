import type { DomainEvent } from '../../events.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';

/**
 * Adds a note of what happened to the transcript of a call that no bridge holds, under the lock of its row. Nobody
 * speaks it: as heard it is empty.
 */
export async function noteTurn(
  tx: Prisma.TransactionClient,
  { workspaceId, callId, text, at }: { workspaceId: string; callId: string; text: string; at: Date },
  emit: (event: DomainEvent) => void,
): Promise<void> {
  const last = await tx.transcriptTurn.findFirst({ where: { workspaceId, callId }, orderBy: { sequence: 'desc' }, select: { sequence: true } });
  const sequence = (last?.sequence ?? 0) + 1;
  await tx.transcriptTurn.create({ data: { id: newId(), workspaceId, callId, sequence, speaker: 'SYSTEM', text, heardText: '', startedAt: at } });
  emit({ type: 'TurnRecorded', workspaceId, callId, sequence });
}
