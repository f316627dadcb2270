import type { Prisma, Workspace } from '../../generated/prisma/client.ts';

/**
 * Keeps the lines of a workspace and their purchases from changing until the transaction ends: who counts them, chooses
 * the primary one or adds one does so alone. Rows that refer to the workspace can be inserted meanwhile.
 */
export async function lockLines(tx: Prisma.TransactionClient, workspaceId: string): Promise<Workspace> {
  await tx.$queryRaw`SELECT 1 FROM "Workspace" WHERE "id" = ${workspaceId} FOR NO KEY UPDATE`;
  return tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
}

/** Makes the oldest active line primary where none is. To be called under the lock. */
export async function settlePrimary(tx: Prisma.TransactionClient): Promise<void> {
  const [first] = await tx.phoneLine.findMany({
    where: { status: 'ACTIVE' },
    orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }, { id: 'asc' }],
    take: 1,
  });
  if (first && !first.isPrimary) await tx.phoneLine.update({ where: { id: first.id }, data: { isPrimary: true } });
}
