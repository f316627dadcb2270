import type { RootDb } from '../../db/client.ts';
import { transact } from '../../db/transaction.ts';
import type { Call, CallTransfer } from '../../generated/prisma/client.ts';
import { HOUR, SECOND } from '../../kit/time.ts';
import type { CarrierTransfer } from '../../ports/carrier-transfers.ts';
import type { CarrierCallState, CarrierReply } from '../../ports/carrier-webhook.ts';
import { callScope } from './advance-call.ts';
import type { AnswerScope } from './answer-call.ts';
import { openTransfer } from './begin-transfer.ts';
import { carrierUrls } from './carrier-urls.ts';
import { connectCall } from './connect-call.ts';
import { lockCall } from './lock-call.ts';
import { noteTurn } from './note-turn.ts';
import { callPlan } from './plan.ts';
import { carrierSentence } from './sentences.ts';
import { isOver } from './state.ts';
import { failureNote, offerWords, transferFailure } from './transfer.ts';

// A transfer, as the carrier asks its way through it: the caller's call is told to ring the person (`ringPerson`), the
// person hears what it is about (`offerCall`) and presses a key (`takeCall`), and when it is over, one way or the other,
// the caller's call asks what comes next (`afterTransfer`). Each may be asked twice.

const RING_MS = 25 * SECOND;
const KEY_MS = 8 * SECOND;
const LONGEST_TALK_MS = 2 * HOUR;

export interface NamedTransfer {
  readonly callId: string;
  readonly transferId: string;
}

/** The reply that puts a call through, where somebody has asked for it; null where nobody has. */
export async function ringPerson(scope: AnswerScope, call: Call): Promise<CarrierReply | null> {
  const { carrier, config } = scope;
  const { db } = callScope(scope, call.workspaceId);
  const transfer = await openTransfer({ db }, { callId: call.id });
  if (!transfer) return null;
  await db.callTransfer.updateMany({ where: { id: transfer.id, status: { in: ['REQUESTED', 'ANNOUNCED'] } }, data: { status: 'RINGING' } });
  const urls = carrierUrls(config.publicUrl, carrier.path, call.id).transfer(transfer.id, call.bridgeCount);
  const { language } = callPlan.parse(call.plan);
  return carrier.transfers.transferReply({
    // The assistant has told the caller, unless it was cut off or never there.
    say: transfer.status === 'REQUESTED' ? carrierSentence(language, ({ puttingThrough }) => puttingThrough) : null,
    to: transfer.to,
    callerId: call.direction === 'INBOUND' ? call.to : call.from,
    ringSeconds: RING_MS / SECOND,
    maximumSeconds: LONGEST_TALK_MS / SECOND,
    offerUrl: transfer.announced ? urls.offer : null,
    answeredUrl: urls.answered,
    doneUrl: urls.done,
  });
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

/** The person's telephone was answered: who is put through at once has the call now. */
export async function personAnswered(scope: Pick<AnswerScope, 'root' | 'clock' | 'events'>, named: NamedTransfer, state: CarrierCallState): Promise<void> {
  if (state === 'in-progress') await handToPerson(scope, named, { onlyIf: { announced: false } });
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
      await tx.callTransfer.update({ where: { id: transfer.id }, data: { status: 'FAILED', failure, settledAt: clock.now() } });
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
