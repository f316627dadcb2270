import type { RootDb } from '../../db/client.ts';
import type { Prisma } from '../../generated/prisma/client.ts';

export type AnsweringLine = Prisma.PhoneLineGetPayload<{ include: { assistant: true; workspace: true } }>;

/**
 * The line that answers a number, with its workspace and, where one is assigned and not deleted, its assistant.
 *
 * @param phoneNumber E.164, as the carrier says it was called.
 */
export async function findAnsweringLine(root: RootDb, phoneNumber: string): Promise<AnsweringLine | null> {
  const line = await root.phoneLine.findFirst({
    where: { phoneNumber, status: 'ACTIVE' },
    include: { assistant: true, workspace: true },
  });
  return line?.assistant?.deletedAt ? { ...line, assistant: null } : line;
}
