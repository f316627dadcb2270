import { transact, type Work } from '../../../db/transaction.ts';
import type { Call, CallEngine, Prisma } from '../../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse, refused } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import { parsePhoneNumber } from '../../../kit/phone.ts';
import type { Carrier } from '../../../ports/carrier.ts';
import type { LimitReached } from '../../usage/permission.ts';
import type { CallPlan } from '../plan.ts';
import { callPlanFor } from '../plan-call.ts';
import { inTurn, refusedPart, reservePart } from '../reserve-part.ts';
import { storedPlan } from '../stored-plan.ts';
import { askPermit, type PermitScope, storedPermit } from './ask-permit.ts';
import { type DialScope, dialCall } from './dial-call.ts';
import { type DialPermit, type DialRefused, dialRefused, PERMIT_RULES } from './dial-permit.ts';

export type PlaceCallScope = DialScope & PermitScope;

export interface PlaceCall {
  /** As people write it; read with the workspace's country. */
  readonly to: string;
  readonly assistantId: string;
  /** The same key is the same call, however often it is asked for. */
  readonly idempotencyKey?: string | null;
  /** Whether it begins without a person: then it keeps quiet hours. */
  readonly byItself?: boolean;
  /** Takes, in the transaction that makes the call's row, what there is one of; false: somebody else has it, and no call is made. */
  readonly claim?: (tx: Prisma.TransactionClient, callId: string) => Promise<boolean>;
}

/**
 * Rings a number and lets an assistant talk to whoever answers. The row is committed as DIALING before the carrier is
 * asked, so that a crash in between leaves a call that is looked for and never one that is dialed twice.
 *
 * @returns the call: DIALING or further, or UNKNOWN where the carrier's answer never came. Problems: `NOT_FOUND` (the
 *   assistant), `CONFLICT` (the key belongs to another call), `ILLEGAL_STATE` (no carrier), `UPSTREAM_REJECTED` (the
 *   carrier's refusal), `INVALID` (the carrier knows no such number), what the permit refuses, with the permit, and what
 *   `reserveCall` refuses with.
 */
export async function placeCall(scope: PlaceCallScope, input: PlaceCall): Promise<Result<Call, Problem | DialRefused | LimitReached>> {
  const { db, carrier } = scope;
  const asked = await askedBefore(scope, input);
  if (asked) return asked;
  const assistant = await db.assistant.findFirst({ where: { id: input.assistantId, deletedAt: null } });
  if (!assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  if (!carrier) return refuse('ILLEGAL_STATE', 'No telephone carrier is configured, so no call can be placed.');

  const { permit, facts, workspace } = await askPermit(scope, { to: input.to, carrier: carrier.name, byItself: input.byItself ?? false });
  const { line, number } = facts;
  if (!permit.granted || !line || !number.e164) return refused(dialRefused(permit, PERMIT_RULES));

  const plan = callPlanFor(assistant, workspace, 'OUTBOUND');
  const { idempotencyKey = null, claim } = input;
  const row = { from: line.phoneNumber, to: number.e164, assistantId: assistant.id, engine: assistant.engine, carrier, plan, permit, idempotencyKey };
  const call = await queueCall(scope, row, claim);
  if (!call.ok || call.value.existing) return call.ok ? ok(call.value.call) : call;
  return dialCall(scope, carrier, call.value.call);
}

/** What the same key was used for: the call itself, whatever the rules say meanwhile. */
async function askedBefore({ db }: PlaceCallScope, { idempotencyKey, to, assistantId }: PlaceCall): Promise<Result<Call> | null> {
  if (!idempotencyKey) return null;
  const call = await db.call.findFirst({ where: { idempotencyKey }, include: { workspace: true } });
  if (!call) return null;
  const { workspace, ...row } = call;
  return sameCall(row, { to: parsePhoneNumber(to, workspace.country), assistantId });
}

const sameCall = (call: Call, asked: { to: string | null; assistantId: string }): Result<Call> =>
  call.to === asked.to && call.assistantId === asked.assistantId
    ? ok(call)
    : refuse('CONFLICT', 'This idempotency key was used for another call.', ['input', 'idempotencyKey']);

interface QueuedCall {
  from: string;
  to: string;
  assistantId: string;
  engine: CallEngine;
  carrier: Carrier;
  plan: CallPlan;
  permit: DialPermit;
  idempotencyKey: string | null;
}

async function queueCall(
  scope: PlaceCallScope,
  { carrier, plan, permit, ...call }: QueuedCall,
  claim: PlaceCall['claim'],
): Promise<Result<{ call: Call; existing: boolean }, Problem | LimitReached>> {
  const workspaceId = scope.db.$workspaceId;
  const row = {
    ...call,
    id: newId(),
    workspaceId,
    direction: 'OUTBOUND' as const,
    status: 'QUEUED' as const,
    carrier: carrier.name,
    plan: storedPlan(plan),
    permit: storedPermit(permit),
    createdAt: scope.clock.now(),
  };
  const taken = new Error('taken by somebody else');
  const queue: Work<Result<{ call: Call; existing: boolean }>> = async (tx, emit) => {
    // The key is unique: of many requests at once, one makes the row and goes on to dial.
    const { count } = await tx.call.createMany({ data: [row], skipDuplicates: true });
    if (count === 1) {
      if (claim && !(await claim(tx, row.id))) throw taken;
      emit({ type: 'CallChanged', workspaceId, callId: row.id, version: 1 });
      return ok({ call: await reservePart({ tx, emit, clock: scope.clock }, await tx.call.findUniqueOrThrow({ where: { id: row.id } })), existing: false });
    }
    const existing = sameCall(await tx.call.findFirstOrThrow({ where: { idempotencyKey: row.idempotencyKey } }), row);
    return existing.ok ? ok({ call: existing.value, existing: true }) : existing;
  };
  return inTurn(workspaceId, () => transact(scope, queue)).catch((error: unknown) =>
    error === taken ? refuse('CONFLICT', 'The call was taken back or placed meanwhile.') : refusedPart(error),
  );
}
