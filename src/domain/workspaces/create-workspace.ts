import type { Prisma, Workspace } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';
import type { Platform } from '../platforms/detect-platform.ts';
import { placeOf } from './place.ts';

/**
 * Makes a workspace and its owner's membership, in the transaction that makes the owner.
 *
 * @param input.timeZone an IANA name, which also decides the country; null for the defaults of `place.ts`.
 */
export async function createWorkspace(
  { clock, tx }: { clock: Clock; tx: Prisma.TransactionClient },
  input: { name: string; platform: Platform; timeZone: string | null; ownerId: string },
): Promise<Workspace> {
  const createdAt = clock.now();
  return tx.workspace.create({
    data: {
      id: newId(),
      name: input.name,
      platform: input.platform,
      ...placeOf(input.timeZone),
      createdAt,
      memberships: { create: { userId: input.ownerId, role: 'OWNER', createdAt } },
    },
  });
}
