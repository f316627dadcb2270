import type { CallTransfer, Prisma } from '../../../generated/prisma/client.ts';
import { newId } from '../../../kit/ids.ts';
import type { CallScope } from '../advance-call.ts';

export interface BeginTransfer {
  readonly callId: string;
  /** What asks for it: asked twice by the same, it is one transfer. */
  readonly key: string;
  /** E.164 */
  readonly to: string;
  /** The person hears first who calls and what about, and takes the call with a key. */
  readonly announced: boolean;
  readonly about: string | null;
  readonly callerName: string | null;
}

/** Writes down that a call is to be put through: whoever the carrier asks next what to do with it finds that. */
export async function beginTransfer({ db, clock }: Pick<CallScope, 'db' | 'clock'>, { callId, key, ...rest }: BeginTransfer): Promise<CallTransfer> {
  const row = { ...rest, id: newId(), workspaceId: db.$workspaceId, callId, key, status: 'REQUESTED' as const, createdAt: clock.now() };
  await db.callTransfer.createMany({ data: [row], skipDuplicates: true });
  return db.callTransfer.findFirstOrThrow({ where: { callId, key } });
}

/** Neither taken nor failed. */
export const OPEN_TRANSFER = ['REQUESTED', 'ANNOUNCED', 'RINGING'] as const;

/** The transfer that a call is in, if any. */
export const openTransfer = ({ db }: { db: Prisma.TransactionClient }, { callId }: { callId: string }): Promise<CallTransfer | null> =>
  db.callTransfer.findFirst({ where: { callId, status: { in: [...OPEN_TRANSFER] } }, orderBy: { createdAt: 'desc' } });
