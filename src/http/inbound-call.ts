import { z } from 'zod';
import { type AnswerScope, answerCall } from '../domain/calls/answer-call.ts';
import { APOLOGY } from '../domain/calls/connect-call.ts';
import { resumeCall } from '../domain/calls/resume-call.ts';
import { CarrierPayloadError, type CarrierReply, type CarrierRequest } from '../ports/carrier.ts';

const ourId = z.string().regex(/^[0-9a-f]{32}$/);
const callQuery = z.object({ call: ourId.optional() });
const resumeQuery = z.object({ call: ourId, attempt: z.coerce.number().int().min(1).default(1), held: z.coerce.number().int().min(0).default(0) });

/** A call comes in, or one of ours was answered. */
export async function answerVoice(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  return answerCall(app, { voice: app.carrier.readVoice(request), ...callNamedBy(request) });
}

/** A call's media socket is gone: what now? */
export async function resumeVoice(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  const query = read(resumeQuery, request);
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
  const { call } = read(callQuery, request);
  return call ? { callId: call } : {};
}

function read<T>(schema: z.ZodType<T>, request: CarrierRequest): T {
  const start = request.pathAndQuery.indexOf('?');
  const parsed = schema.safeParse(start === -1 ? {} : Object.fromEntries(new URLSearchParams(request.pathAndQuery.slice(start))));
  if (parsed.success) return parsed.data;
  throw new CarrierPayloadError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}
