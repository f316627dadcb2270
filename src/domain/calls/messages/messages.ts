import { transact } from '../../../db/transaction.ts';
import type { Message } from '../../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import { parsePhoneNumber } from '../../../kit/phone.ts';
import type { CallScope } from '../advance-call.ts';

export interface TakeMessage {
  readonly callId: string;
  readonly callerName?: string | null;
  /** As it was said; without one it is the number that the caller calls from. */
  readonly callbackNumber?: string | null;
  readonly body: string;
  readonly urgent?: boolean;
  /** The tool call that takes it, or the recording that it was: taken once however often that is told. */
  readonly toolCallKey?: string;
  /** Where its sound is, of one that was spoken after a tone. */
  readonly audio?: { readonly audioBlobKey: string; readonly audioMediaType: string; readonly audioBytes: number };
}

const LONGEST_BODY = 5_000;
const LONGEST_NAME = 200;

/**
 * Keeps what a caller wants to be told to somebody.
 *
 * @returns the message; `NOT_FOUND` (the call), `INVALID` (no words, or a callback number that cannot be one).
 */
export async function takeMessage(scope: CallScope, input: TakeMessage): Promise<Result<Message>> {
  const { db } = scope;
  const workspaceId = db.$workspaceId;
  const call = await db.call.findUnique({ where: { id: input.callId, workspaceId }, include: { workspace: { select: { country: true } } } });
  if (!call) return refuse('NOT_FOUND', 'There is no such call.', ['callId']);
  const body = input.body.trim().slice(0, LONGEST_BODY);
  if (!body) return refuse('INVALID', 'A message needs words.', ['body']);
  const theirs = call.direction === 'INBOUND' ? call.from : call.to;
  const given = input.callbackNumber?.trim();
  const callbackNumber = parsePhoneNumber(given || theirs, call.workspace.country);
  if (given && !callbackNumber) return refuse('INVALID', 'The callback number is not a complete telephone number.', ['callbackNumber']);

  const row = {
    id: newId(),
    workspaceId,
    callId: call.id,
    callerName: input.callerName?.trim().slice(0, LONGEST_NAME) || null,
    callbackNumber,
    body,
    urgent: input.urgent ?? false,
    createdAt: scope.clock.now(),
    toolCallKey: input.toolCallKey ?? null,
    ...input.audio,
  };
  return transact(scope, async (tx, emit) => {
    const { count } = await tx.message.createMany({ data: [row], skipDuplicates: true });
    if (count === 1) emit({ type: 'MessageTaken', workspaceId, callId: call.id, messageId: row.id });
    return ok(await tx.message.findFirstOrThrow({ where: count === 1 ? { id: row.id } : { callId: call.id, toolCallKey: row.toolCallKey } }));
  });
}

/** @returns the message, read since the first time it was marked; `NOT_FOUND` where the workspace has no such message. */
export async function markMessageRead({ db, clock }: Omit<CallScope, 'events'>, { messageId }: { messageId: string }): Promise<Result<Message>> {
  await db.message.updateMany({ where: { id: messageId, readAt: null }, data: { readAt: clock.now() } });
  const message = await db.message.findFirst({ where: { id: messageId } });
  return message ? ok(message) : refuse('NOT_FOUND', 'There is no such message.', ['input', 'id']);
}
