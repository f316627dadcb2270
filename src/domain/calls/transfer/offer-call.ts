import type { RootDb } from '../../../db/client.ts';
import { transact } from '../../../db/transaction.ts';
import type { Call, CallTransfer } from '../../../generated/prisma/client.ts';
import { MINUTE, SECOND } from '../../../kit/time.ts';
import type { CarrierStatus } from '../../../ports/carrier.ts';
import type { CarrierTransfer } from '../../../ports/carrier-transfers.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { callScope } from '../advance-call.ts';
import type { AnswerScope } from '../answer-call.ts';
import { carrierUrls } from '../carrier-urls.ts';
import { connectCall } from '../connect-call.ts';
import { recordCosts } from '../costs/record-costs.ts';
import { lockCall } from '../lock-call.ts';
import { noteTurn } from '../note-turn.ts';
import { callPlan } from '../plan.ts';
import { isOver } from '../state.ts';
import { OPEN_TRANSFER } from './begin-transfer.ts';
import { failureNote, offerWords, transferFailure } from './transfer.ts';

// A transfer, as the carrier asks its way through it. The caller's call is told to ring the person (ring-person.ts); the
// person hears what it is about (`offerCall`) and presses a key (`takeCall`); and when it is over, one way or the other,
// the caller's call asks what comes next (`afterTransfer`). Each may be asked twice.

const KEY_MS = 8 * SECOND;

export interface NamedTransfer {
  readonly callId: string;
  readonly transferId: string;
}

/** What the person hears who has answered. A call that is over, or a transfer that is, is hung up on. */
export async function offerCall(scope: AnswerScope, named: NamedTransfer): Promise<CarrierReply> {
  const { carrier, config } = scope;
  const found = await find(scope.root, named);
  if (!found || isOver(found.call.status) || found.transfer.status !== 'RINGING') return carrier.hangUpReply();
  const { call, transfer } = found;
  const caller = { callerName: transfer.callerName, about: transfer.about, number: call.direction === 'INBOUND' ? call.from : call.to };
  return carrier.transfers.offerReply({
    ...offerWords(caller, callPlan.parse(call.plan).language),
    keyUrl: carrierUrls(config.publicUrl, carrier.path, call.id).transfer(transfer.id, call.bridgeCount).key,
    waitSeconds: KEY_MS / SECOND,
  });
}

/** The person has pressed keys: the 1 takes the call, others turn it down; with none they are asked again. */
export async function takeCall(scope: AnswerScope, named: NamedTransfer, keys: string): Promise<CarrierReply> {
  if (keys === '') return offerCall(scope, named);
  const taken = keys.startsWith('1') && (await handToPerson(scope, named));
  return taken ? scope.carrier.transfers.joinReply() : scope.carrier.hangUpReply();
}

/** The person's telephone was answered: who is put through at once has the call now. When it is over, it is known what it cost. */
export async function recordPerson(
  scope: Pick<AnswerScope, 'root' | 'clock' | 'events' | 'config'>,
  named: NamedTransfer,
  { state, durationSeconds }: Pick<CarrierStatus, 'state' | 'durationSeconds'>,
): Promise<void> {
  if (state === 'in-progress') await handToPerson(scope, named, { onlyIf: { announced: false } });
  const found = state === 'completed' && durationSeconds ? await find(scope.root, named) : null;
  if (!found || !durationSeconds) return;
  const minutes = Math.ceil((durationSeconds * SECOND) / MINUTE);
  const cost = { item: 'transfer-minutes', quantity: minutes, key: `transfer:${named.transferId}`, source: 'price-list' } as const;
  await recordCosts({ ...callScope(scope, found.call.workspaceId), config: scope.config }, named.callId, [cost]);
}

/** It is over: the call ends where they talked, and goes back to the assistant, which is told why, where nobody took it. */
export async function afterTransfer(scope: AnswerScope, named: NamedTransfer, ended: CarrierTransfer): Promise<CarrierReply> {
  const { carrier, clock } = scope;
  // Of a person who was put through at once the answer may be told later than the end.
  if (ended.result === 'answered') await handToPerson(scope, named, { onlyIf: { announced: false } });
  const found = await find(scope.root, named);
  if (!found || isOver(found.call.status) || found.call.endReason) return carrier.hangUpReply();
  const { workspaceId } = found.call;
  const goesOn = await transact(callScope(scope, workspaceId), async (tx, emit): Promise<Call | null> => {
    const call = await lockCall(tx, workspaceId, named.callId);
    if (!call || isOver(call.status)) return null;
    const transfer = await tx.callTransfer.findUniqueOrThrow({ where: { id: named.transferId } });
    const failure = transferFailure(ended, transfer.status === 'TAKEN');
    if (failure === null) {
      const changed = await tx.call.update({ where: { id: call.id }, data: { endReason: 'transferred', version: { increment: 1 } } });
      emit({ type: 'CallChanged', workspaceId, callId: call.id, version: changed.version });
      return null;
    }
    if (transfer.status !== 'FAILED') {
      // Also one that somebody else has asked for meanwhile: nobody is rung later, out of the blue.
      await tx.callTransfer.updateMany({
        where: { callId: call.id, status: { in: [...OPEN_TRANSFER] } },
        data: { status: 'FAILED', failure, settledAt: clock.now() },
      });
      if (call.bridgeId === null) await noteTurn(tx, { workspaceId, callId: call.id, text: failureNote(failure), at: clock.now() }, emit);
    }
    return failure === 'caller-hung-up' ? null : call;
  });
  return goesOn ? connectCall(scope, goesOn, 1) : carrier.hangUpReply();
}

/** The person has the call from now on. @returns false where it is over, or the transfer is. */
async function handToPerson(
  scope: Pick<AnswerScope, 'root' | 'clock' | 'events'>,
  named: NamedTransfer,
  { onlyIf = {} }: { onlyIf?: { announced?: boolean } } = {},
): Promise<boolean> {
  const { clock } = scope;
  const found = await find(scope.root, named);
  if (!found) return false;
  const { workspaceId } = found.call;
  return transact(callScope(scope, workspaceId), async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, named.callId);
    if (!call || isOver(call.status) || call.endReason) return false;
    const { id, to } = found.transfer;
    const { count } = await tx.callTransfer.updateMany({ where: { id, status: 'RINGING', ...onlyIf }, data: { status: 'TAKEN', settledAt: clock.now() } });
    // The key was told twice.
    if (count === 0) return (await tx.callTransfer.count({ where: { id, status: 'TAKEN' } })) === 1;
    const changed = await tx.call.update({ where: { id: call.id }, data: { transferredTo: to, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId: call.id, version: changed.version });
    if (call.bridgeId === null) await noteTurn(tx, { workspaceId, callId: call.id, text: `The call was put through to ${to}.`, at: clock.now() }, emit);
    return true;
  });
}

async function find(root: RootDb, { callId, transferId }: NamedTransfer): Promise<{ call: Call; transfer: CallTransfer } | null> {
  const transfer = await root.callTransfer.findUnique({ where: { id: transferId }, include: { call: true } });
  return transfer && transfer.callId === callId ? { transfer, call: transfer.call } : null;
}
