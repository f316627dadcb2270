import { z } from 'zod';
import { type AnswerScope, answerCall } from '../domain/calls/answer-call.ts';
import { APOLOGY } from '../domain/calls/connect-call.ts';
import { resumeCall } from '../domain/calls/resume-call.ts';
import type { CarrierReply, CarrierRequest } from '../ports/carrier-webhook.ts';
import { ourId, readQuery } from './query.ts';
import { answerPerson, isAboutTransfer, resumeAfterTransfer } from './transfers.ts';

const callQuery = z.object({ call: ourId.optional() });
const resumeQuery = z.object({ call: ourId, attempt: z.coerce.number().int().min(1).default(1), held: z.coerce.number().int().min(0).default(0) });

/** A call comes in, or one of ours was answered; or the person has whom a call is put through to. */
export async function answerVoice(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  if (isAboutTransfer(request)) return answerPerson(app, request);
  return answerCall(app, { voice: app.carrier.readVoice(request), ...callNamedBy(request) });
}

/** A call's media socket is gone, or a transfer of it is over: what now? */
export async function resumeVoice(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  if (isAboutTransfer(request)) return resumeAfterTransfer(app, request);
  const query = readQuery(resumeQuery, request);
  return resumeCall(app, { voice: app.carrier.readVoice(request), callId: query.call, attempt: query.attempt, held: query.held });
}

const MOST_RETRIES = 5;

/** While we cannot answer, say because the database restarts, the caller is kept and the carrier asks again in a second. */
export function replyAfterFault(app: AnswerScope, request: CarrierRequest): CarrierReply {
  const url = new URL(app.config.publicUrl + request.pathAndQuery);
  const retries = Number(url.searchParams.get('retry') ?? 0);
  if (!(retries < MOST_RETRIES)) return app.carrier.hangUpReply(APOLOGY);
  url.searchParams.set('retry', String(retries + 1));
  return app.carrier.waitReply({ seconds: 1, resumeUrl: url.href });
}

/** Our id of the call, where we wrote it into the address. @throws CarrierPayloadError where it cannot be one of ours. */
export function callNamedBy(request: CarrierRequest): { callId?: string } {
  const { call } = readQuery(callQuery, request);
  return call ? { callId: call } : {};
}
