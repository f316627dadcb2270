import { transact, type Work } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import type { Logger } from '../../kit/logger.ts';
import { parsePhoneNumber } from '../../kit/phone.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { type Carrier, type CarrierCall, CarrierRejected, CarrierUncertain } from '../../ports/carrier.ts';
import type { LimitReached } from '../usage/permission.ts';
import { type Advanced, advanceCall, type CallScope } from './advance-call.ts';
import { carrierUrls } from './carrier-urls.ts';
import { hangUp } from './end-call.ts';
import { type CallPlan, callPlan } from './plan.ts';
import { callPlanFor } from './plan-call.ts';
import { inTurn, refusedPart, reservePart } from './reserve-part.ts';
import { storedPlan } from './stored-plan.ts';

export interface PlaceCallScope extends CallScope {
  readonly carrier: Carrier | null;
  readonly config: { readonly publicUrl: string };
  readonly logger: Logger;
}

export interface PlaceCall {
  /** As people write it; read with the workspace's country. */
  readonly to: string;
  readonly assistantId: string;
  /** The same key is the same call, however often it is asked for. */
  readonly idempotencyKey?: string | null;
}

const RING_MS = 30 * SECOND;
/** The carrier's own limit comes after ours, which says goodbye first. */
const CARRIER_MARGIN_MS = MINUTE;

/**
 * Rings a number and lets an assistant talk to whoever answers. The row is committed as DIALING before the carrier is
 * asked, so that a crash in between leaves a call that is looked for and never one that is dialed twice.
 *
 * @returns the call: DIALING or further, or UNKNOWN where the carrier's answer never came. Problems: `INVALID` (the
 *   number), `NOT_FOUND` (the assistant), `CONFLICT` (the key belongs to another call), `ILLEGAL_STATE` (no line to call
 *   from, or no carrier), `UPSTREAM_REJECTED` (the carrier's refusal), and what `reserveCall` refuses with.
 */
export async function placeCall(scope: PlaceCallScope, input: PlaceCall): Promise<Result<Call, Problem | LimitReached>> {
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

  const { id } = call.value.call;
  const dialing = await advanceCall(scope, { callId: id, event: 'dial-requested' });
  if (!dialing.ok) return dialing;
  if (dialing.value.effect !== 'advanced') return ok(dialing.value.call);
  return dial(scope, carrier, dialing.value.call);
}

interface QueuedCall {
  from: string;
  to: string;
  assistantId: string;
  carrier: Carrier;
  plan: CallPlan;
  idempotencyKey: string | null;
}

async function queueCall(
  scope: PlaceCallScope,
  { carrier, plan, ...call }: QueuedCall,
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
    createdAt: scope.clock.now(),
  };
  const queue: Work<Result<{ call: Call; existing: boolean }, Problem>> = async (tx, emit) => {
    // The key is unique: of many requests at once, one makes the row and goes on to dial.
    const { count } = await tx.call.createMany({ data: [row], skipDuplicates: true });
    if (count === 1) {
      emit({ type: 'CallChanged', workspaceId, callId: row.id, version: 1 });
      return ok({ call: await reservePart({ tx, emit, clock: scope.clock }, await tx.call.findUniqueOrThrow({ where: { id: row.id } })), existing: false });
    }
    const existing = await tx.call.findFirstOrThrow({ where: { idempotencyKey: row.idempotencyKey } });
    if (existing.to !== row.to || existing.assistantId !== row.assistantId) {
      return refuse('CONFLICT', 'This idempotency key was used for another call.', ['input', 'idempotencyKey']);
    }
    return ok({ call: existing, existing: true });
  };
  return inTurn(workspaceId, () => transact(scope, queue)).catch(refusedPart);
}

async function dial(scope: PlaceCallScope, carrier: Carrier, call: Call): Promise<Result<Call>> {
  const { limits } = callPlan.parse(call.plan);
  const urls = carrierUrls(scope.config.publicUrl, carrier.path, call.id);
  let placed: CarrierCall;
  try {
    placed = await carrier.placeCall({
      to: call.to,
      from: call.from,
      answerUrl: urls.answer,
      statusUrl: urls.status,
      ringSeconds: RING_MS / SECOND,
      maximumSeconds: limits.maximumSeconds + CARRIER_MARGIN_MS / SECOND,
    });
  } catch (error) {
    if (error instanceof CarrierRejected) return refusal(scope, call, error);
    const uncertain = callOf(await advanceCall(scope, { callId: call.id, event: 'dial-uncertain' }));
    if (!(error instanceof CarrierUncertain)) throw error;
    scope.logger.warn({ callId: call.id, err: error }, 'the carrier did not say whether it dials');
    return uncertain;
  }
  const { carrierCallId } = placed;
  const accepted = await advanceCall(scope, { callId: call.id, event: 'dial-accepted', carrierCallId });
  if (!accepted.ok) return accepted;
  if (accepted.value.call.endReason) await hangUp(scope, carrier, { ...accepted.value.call, carrierCallId });
  return ok(accepted.value.call);
}

async function refusal(scope: PlaceCallScope, call: Call, error: CarrierRejected): Promise<Result<Call>> {
  const invalid = error.kind === 'invalid-number';
  await advanceCall(scope, { callId: call.id, event: invalid ? 'number-refused' : 'dial-refused', reason: `carrier-${error.code}` });
  scope.logger.warn({ callId: call.id, code: error.code, kind: error.kind }, 'the carrier refused to dial');
  return invalid
    ? refuse('INVALID', 'The carrier says that this number cannot be called.', ['input', 'to'])
    : refuse('UPSTREAM_REJECTED', REFUSALS[error.kind]);
}

const REFUSALS: Readonly<Record<Exclude<CarrierRejected['kind'], 'invalid-number'>, string>> = {
  'not-permitted': 'The carrier does not permit calls to this number.',
  'busy-account': 'The carrier takes no more calls at the moment. Try again in a minute.',
  configuration: 'The carrier refused the call because of how its account or the line is set up.',
  other: 'The carrier refused the call.',
};

const callOf = (advanced: Result<Advanced>): Result<Call, Problem> => (advanced.ok ? ok(advanced.value.call) : advanced);
