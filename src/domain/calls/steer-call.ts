import { transact } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import type { CallScope } from './advance-call.ts';
import { notHeld } from './hold-state.ts';

export interface SteerCall {
  readonly callId: string;
  /** Said word for word at the next chance. */
  readonly say?: string | null;
  /** Told to the assistant, and acted on; the other side does not hear it. */
  readonly whisper?: string | null;
}

const LONGEST_CHARACTERS = 1_000;

/**
 * Has the assistant of a live call say something, or know something. The wish is a row first: the bridge that holds the
 * call takes it, or the one that holds it next.
 *
 * @returns the call; `NOT_FOUND`, `INVALID` (not exactly one of the two, or too long), `ILLEGAL_STATE` (no assistant has the call).
 */
export async function steerCall(scope: CallScope, { callId, say, whisper }: SteerCall): Promise<Result<Call>> {
  const { db, clock } = scope;
  const texts = [say?.trim(), whisper?.trim()];
  const [text, other] = texts.filter((given) => given !== undefined && given !== '');
  if (text === undefined || other !== undefined) return refuse('INVALID', 'Give either words to say or words to whisper.', ['input']);
  const field = texts[0] ? 'say' : 'whisper';
  if (text.length > LONGEST_CHARACTERS) return refuse('INVALID', `It has at most ${LONGEST_CHARACTERS} characters.`, ['input', field]);
  const call = await db.call.findFirst({ where: { id: callId } });
  if (!call) return refuse('NOT_FOUND', 'There is no such call.', ['input', 'callId']);
  const refusal = notHeld(call, clock.now());
  if (refusal) return refuse('ILLEGAL_STATE', refusal);
  const workspaceId = db.$workspaceId;
  const kind = field === 'say' ? ('SAY' as const) : ('WHISPER' as const);
  await transact(scope, async (tx, emit) => {
    await tx.callCommand.create({ data: { id: newId(), workspaceId, callId, kind, text: storable(text), createdAt: clock.now() } });
    emit({ type: 'CallCommanded', workspaceId, callId });
  });
  return ok(call);
}

/** Postgres stores any character but NUL and half a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
