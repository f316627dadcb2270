import type { DomainEvent } from '../../events.ts';
import type { Prisma } from '../../generated/prisma/client.ts';

/**
 * Closes what a bridge left open in a call that it holds no more: an answer in the middle becomes an interrupted one,
 * heard as far as was stored; a tool that was running did not happen as far as the conversation is told.
 */
export async function settleBridge(
  tx: Prisma.TransactionClient,
  { workspaceId, callId }: { workspaceId: string; callId: string },
  emit: (event: DomainEvent) => void,
): Promise<void> {
  const open = await tx.transcriptTurn.findMany({
    where: { workspaceId, callId, complete: false },
    select: { id: true, sequence: true },
    orderBy: { sequence: 'asc' },
  });
  if (open.length > 0) {
    await tx.transcriptTurn.updateMany({ where: { workspaceId, id: { in: open.map(({ id }) => id) } }, data: { complete: true, interrupted: true } });
    for (const { sequence } of open) emit({ type: 'TurnRecorded', workspaceId, callId, sequence });
  }
  await tx.toolCall.updateMany({ where: { workspaceId, callId, status: 'RUNNING' }, data: { status: 'FAILED' } });
}
