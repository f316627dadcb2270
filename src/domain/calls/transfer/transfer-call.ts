import { transact } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import { type Carrier, CarrierRejected, CarrierUncertain } from '../../../ports/carrier.ts';
import { transferNumber } from '../../assistants/call-handling.ts';
import type { CallScope } from '../advance-call.ts';
import { carrierUrls } from '../carrier-urls.ts';
import { notHeld } from '../hold-state.ts';
import { lockCall } from '../lock-call.ts';
import { callPlan } from '../plan.ts';
import { openTransfer } from './begin-transfer.ts';

export interface TransferCallScope extends CallScope {
  readonly carrier: Carrier | null;
  readonly config: { readonly publicUrl: string };
}

export interface TransferCall {
  readonly callId: string;
  /** As people write it; left out, it is the person of the assistant. */
  readonly to?: string | null;
  /** The person hears first who calls, and takes the call with a key; true if left out. */
  readonly announce?: boolean | null;
}

/**
 * Puts a live call through to a person, whatever the opening hours say: the assistant tells the caller and lets go of
 * the call. Where nobody takes it, it comes back to the assistant.
 *
 * @returns the call; `NOT_FOUND`, `INVALID` (the number, or there is none), `ILLEGAL_STATE` (nobody talks in the call, or
 *   it is being put through already), `UPSTREAM_REJECTED` (the carrier refused).
 */
export async function transferCall(scope: TransferCallScope, { callId, to, announce }: TransferCall): Promise<Result<Call>> {
  const { db, clock } = scope;
  const call = await db.call.findFirst({ where: { id: callId } });
  if (!call) return refuse('NOT_FOUND', 'There is no such call.', ['input', 'callId']);
  // A call that goes on without a bridge is talked to turn by turn, by the carrier itself.
  const inTurns = call.engine === 'GATHER' && call.status === 'IN_PROGRESS' && !call.endReason && !call.transferredTo;
  const refusal = inTurns ? null : notHeld(call, clock.now());
  if (refusal) return refuse('ILLEGAL_STATE', refusal);
  const number = await numberOf(scope, call, to?.trim() || null);
  if (!number.ok) return number;
  const workspaceId = db.$workspaceId;
  const id = newId();
  const begun = await transact(scope, async (tx, emit): Promise<boolean> => {
    await lockCall(tx, workspaceId, callId);
    // Two who ask at the same time ring one person.
    if (await openTransfer({ db: tx }, { callId })) return false;
    const row = { id: newId(), workspaceId, callId, key: id, to: number.value, announced: announce ?? true, about: null, callerName: null };
    await tx.callTransfer.create({ data: { ...row, status: 'REQUESTED', createdAt: clock.now() } });
    if (inTurns) return true;
    await tx.callCommand.create({ data: { id, workspaceId, callId, kind: 'TRANSFER', text: number.value, createdAt: clock.now() } });
    emit({ type: 'CallCommanded', workspaceId, callId });
    return true;
  });
  if (!begun) return refuse('ILLEGAL_STATE', 'The call is being put through already.');
  return inTurns ? redirect(scope, call, id) : ok(call);
}

async function numberOf({ db }: TransferCallScope, call: Call, given: string | null): Promise<Result<string>> {
  if (given === null) {
    const own = callPlan.parse(call.plan).transfer?.to;
    return own ? ok(own) : refuse('INVALID', 'The assistant has nobody to put callers through to: say whom.', ['input', 'to']);
  }
  const [{ country }, lines] = await Promise.all([
    db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } }),
    db.phoneLine.findMany({ where: { status: 'ACTIVE' }, select: { phoneNumber: true } }),
  ]);
  const ownLines = lines.map(({ phoneNumber }) => phoneNumber);
  const read = transferNumber(given, country, ownLines);
  if ('problem' in read) return refuse('INVALID', read.problem, ['input', 'to']);
  return read.number === null ? refuse('INVALID', 'This is not a telephone number.', ['input', 'to']) : ok(read.number);
}

/** The carrier asks at once what comes next, and finds the transfer. */
async function redirect({ db, clock, carrier, config }: TransferCallScope, call: Call, key: string): Promise<Result<Call>> {
  try {
    if (!carrier || !call.carrierCallId) throw new CarrierRejected('there is no carrier', 'none', 'configuration');
    await carrier.transfers.redirectCall(call.carrierCallId, carrierUrls(config.publicUrl, carrier.path, call.id).resume(1, call.bridgeCount));
    return ok(call);
  } catch (error) {
    // Without an answer it may be on its way; if not, the next turn finds it.
    if (error instanceof CarrierUncertain) return ok(call);
    if (!(error instanceof CarrierRejected)) throw error;
    await db.callTransfer.updateMany({ where: { callId: call.id, key }, data: { status: 'FAILED', failure: 'failed', settledAt: clock.now() } });
    return refuse('UPSTREAM_REJECTED', 'The carrier refused to put the call through.');
  }
}
