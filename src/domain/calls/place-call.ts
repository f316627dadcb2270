import { transact } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { parsePhoneNumber } from '../../kit/phone.ts';
import type { Carrier } from '../../ports/carrier.ts';
import { type DialScope, dialCall } from './dial-call.ts';
import type { CallPlan } from './plan.ts';
import { callPlanFor } from './plan-call.ts';
import { storedPlan } from './stored-plan.ts';

export type PlaceCallScope = DialScope;

export interface PlaceCall {
  /** As people write it; read with the workspace's country. */
  readonly to: string;
  readonly assistantId: string;
  /** The same key is the same call, however often it is asked for. */
  readonly idempotencyKey?: string | null;
}

/**
 * Rings a number and lets an assistant talk to whoever answers. The row is committed as DIALING before the carrier is
 * asked, so that a crash in between leaves a call that is looked for and never one that is dialed twice.
 *
 * @returns the call: DIALING or further, or UNKNOWN where the carrier's answer never came. Problems: `INVALID` (the
 *   number), `NOT_FOUND` (the assistant), `CONFLICT` (the key belongs to another call), `ILLEGAL_STATE` (no line to call
 *   from, or no carrier), `UPSTREAM_REJECTED` (the carrier's refusal).
 */
export async function placeCall(scope: PlaceCallScope, input: PlaceCall): Promise<Result<Call>> {
  const { db, carrier } = scope;
  const [workspace, assistant, line] = await Promise.all([
    db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId } }),
    db.assistant.findFirst({ where: { id: input.assistantId, deletedAt: null } }),
    db.phoneLine.findFirst({ where: { status: 'ACTIVE', isPrimary: true } }),
  ]);
  const to = parsePhoneNumber(input.to, workspace.country);
  if (!to) return refuse('INVALID', 'This is not a telephone number.', ['input', 'to']);
  if (!assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  if (!line) return refuse('ILLEGAL_STATE', 'The workspace has no primary telephone line to call from.');
  if (!carrier) return refuse('ILLEGAL_STATE', 'No telephone carrier is configured, so no call can be placed.');

  const plan = callPlanFor(assistant, workspace, 'OUTBOUND');
  const call = await queueCall(scope, { from: line.phoneNumber, to, assistantId: assistant.id, carrier, plan, idempotencyKey: input.idempotencyKey ?? null });
  if (!call.ok || call.value.existing) return call.ok ? ok(call.value.call) : call;

  return dialCall(scope, carrier, call.value.call);
}

interface QueuedCall {
  from: string;
  to: string;
  assistantId: string;
  carrier: Carrier;
  plan: CallPlan;
  idempotencyKey: string | null;
}

async function queueCall(scope: PlaceCallScope, { carrier, plan, ...call }: QueuedCall): Promise<Result<{ call: Call; existing: boolean }>> {
  const workspaceId = scope.db.$workspaceId;
  const row = {
    ...call,
    id: newId(),
    workspaceId,
    direction: 'OUTBOUND' as const,
    status: 'QUEUED' as const,
    carrier: carrier.name,
    plan: storedPlan(plan),
    createdAt: scope.clock.now(),
  };
  return transact(scope, async (tx, emit): Promise<Result<{ call: Call; existing: boolean }>> => {
    // The key is unique: of many requests at once, one makes the row and goes on to dial.
    const { count } = await tx.call.createMany({ data: [row], skipDuplicates: true });
    if (count === 1) {
      emit({ type: 'CallChanged', workspaceId, callId: row.id, version: 1 });
      return ok({ call: await tx.call.findUniqueOrThrow({ where: { id: row.id } }), existing: false });
    }
    const existing = await tx.call.findFirstOrThrow({ where: { idempotencyKey: row.idempotencyKey } });
    if (existing.to !== row.to || existing.assistantId !== row.assistantId) {
      return refuse('CONFLICT', 'This idempotency key was used for another call.', ['input', 'idempotencyKey']);
    }
    return ok({ call: existing, existing: true });
  });
}
