import type { Call } from '../../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/logger.ts';
import { MINUTE, SECOND } from '../../../kit/time.ts';
import { type Carrier, type CarrierCall, CarrierRejected, CarrierUncertain } from '../../../ports/carrier.ts';
import { type Advanced, advanceCall, type CallScope } from '../advance-call.ts';
import { carrierUrls } from '../carrier-urls.ts';
import { hangUp } from '../end-call.ts';
import { callPlan } from '../plan.ts';

export interface DialScope extends CallScope {
  readonly carrier: Carrier | null;
  readonly config: { readonly publicUrl: string };
  readonly logger: Logger;
}

const RING_MS = 30 * SECOND;
/** The carrier's own limit comes after ours, which says goodbye first. */
const CARRIER_MARGIN_MS = MINUTE;

/**
 * Asks the carrier to ring the number of a call that is QUEUED. The row is committed as DIALING before the carrier is
 * asked, so that of many who try one dials, and a crash in between leaves a call that is looked for and never dialed twice.
 *
 * @returns the call: DIALING or further, or UNKNOWN where the carrier's answer never came. Problems: `INVALID` (the
 *   carrier knows the number to be none), `UPSTREAM_REJECTED` (its refusal).
 */
export async function dialCall(scope: DialScope, carrier: Carrier, { id: callId }: Pick<Call, 'id'>): Promise<Result<Call>> {
  const dialing = await advanceCall(scope, { callId, event: 'dial-requested' });
  if (!dialing.ok) return dialing;
  const { call } = dialing.value;
  return dialing.value.effect === 'advanced' ? ask(scope, carrier, call) : ok(call);
}

async function ask(scope: DialScope, carrier: Carrier, call: Call): Promise<Result<Call>> {
  const urls = carrierUrls(scope.config.publicUrl, carrier.path, call.id);
  const plan = callPlan.parse(call.plan);
  let placed: CarrierCall;
  try {
    placed = await carrier.placeCall({
      to: call.to,
      from: call.from,
      answerUrl: urls.answer,
      statusUrl: urls.status,
      answererUrl: plan.detectsMachines ? urls.answerer : null,
      ringSeconds: RING_MS / SECOND,
      maximumSeconds: plan.limits.maximumSeconds + CARRIER_MARGIN_MS / SECOND,
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

async function refusal(scope: DialScope, call: Call, error: CarrierRejected): Promise<Result<Call>> {
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
