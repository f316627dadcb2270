import { z } from 'zod';
import { type CarrierAnswerer, CarrierPayloadError, type CarrierStatus, type CarrierVoiceRequest } from '../../ports/carrier.ts';
import type { CarrierRecording } from '../../ports/carrier-recordings.ts';
import type { CarrierCallState, CarrierRequest } from '../../ports/carrier-webhook.ts';
import { formOf, header } from './signature.ts';

const STATES = {
  queued: 'queued',
  initiated: 'dialing',
  ringing: 'ringing',
  'in-progress': 'in-progress',
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no-answer',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<string, CarrierCallState>;

const RECORDING_STATES = {
  'in-progress': 'in-progress',
  paused: 'in-progress',
  stopped: 'processing',
  processing: 'processing',
  completed: 'completed',
  absent: 'absent',
  failed: 'absent',
} as const satisfies Record<string, CarrierRecording['state']>;

export const callSid = z.string().regex(/^CA[0-9a-fA-F]{32}$/);
/** Twilio's word for where a call stands, in ours. */
export const callStatus = z
  .enum(['queued', 'initiated', 'ringing', 'in-progress', 'completed', 'busy', 'no-answer', 'failed', 'canceled'])
  .transform((word) => STATES[word]);
/** A number, `anonymous`, a SIP address; empty where the caller withholds it. */
const party = z.string().max(256).default('');
export const wholeSeconds = z.coerce.number().int().min(0);

const voice = z.object({ CallSid: callSid, CallStatus: callStatus, Direction: z.string().default('inbound'), From: party, To: party });

const status = z.object({
  CallSid: callSid,
  CallStatus: callStatus,
  SequenceNumber: z.string().max(20).optional(),
  Timestamp: z.string().max(64).optional(),
  CallDuration: wholeSeconds.optional().catch(undefined),
  SipResponseCode: z.string().max(20).optional(),
  ErrorCode: z.string().max(20).optional(),
});

const answerer = z.object({ CallSid: callSid, AnsweredBy: z.string().max(64) });

export const recordingSid = z.string().regex(/^RE[0-9a-fA-F]{32}$/);
const recordingStatus = z
  .enum(['in-progress', 'paused', 'stopped', 'processing', 'completed', 'absent', 'failed'])
  .transform((word): CarrierRecording['state'] => RECORDING_STATES[word]);

const recording = z.object({
  CallSid: callSid,
  RecordingSid: recordingSid,
  RecordingStatus: recordingStatus.default('completed'),
  RecordingDuration: wholeSeconds.optional().catch(undefined),
  ErrorCode: z.string().max(20).optional(),
});

/** A recording as the REST API tells of it. */
export const recordingResource = z.object({
  sid: recordingSid,
  callSid,
  status: recordingStatus,
  duration: wholeSeconds.nullish().catch(null),
  errorCode: z.coerce.string().nullish().catch(null),
});

/** A call as the REST API tells of it. Times are read by the SDK. */
export const callResource = z.object({
  sid: callSid,
  status: callStatus,
  dateCreated: z.date().nullish().catch(null),
  startTime: z.date().nullish().catch(null),
  duration: wholeSeconds.nullish().catch(null),
  /** Negative: it is taken from the account. Null for some minutes after the call. */
  price: z.coerce.string().nullish().catch(null),
  priceUnit: z.string().nullish().catch(null),
});

/** @throws CarrierPayloadError */
export function readTwilioVoice(request: CarrierRequest): CarrierVoiceRequest {
  const form = readForm(voice, request);
  return {
    carrierCallId: form.CallSid,
    direction: form.Direction.startsWith('outbound') ? 'OUTBOUND' : 'INBOUND',
    from: form.From,
    to: form.To,
    state: form.CallStatus,
  };
}

/** @throws CarrierPayloadError */
export function readTwilioStatus(request: CarrierRequest): CarrierStatus {
  const form = readForm(status, request);
  const reason = form.ErrorCode ?? (form.SipResponseCode && form.SipResponseCode !== '200' ? `sip-${form.SipResponseCode}` : undefined);
  const at = form.Timestamp ? new Date(form.Timestamp) : null;
  return {
    carrierCallId: form.CallSid,
    state: form.CallStatus,
    // Twilio numbers the events of a call that it was asked to tell of; the number's own callback has no number, but
    // like every webhook a token that is the same when it is sent again.
    eventKey: ['status', form.CallStatus, form.SequenceNumber ?? header(request, 'i-twilio-idempotency-token')].filter(Boolean).join(':'),
    at: at && Number.isFinite(at.getTime()) ? at : null,
    ...(form.CallDuration !== undefined && { durationSeconds: form.CallDuration }),
    ...(reason && { reason }),
  };
}

/** Twilio tells machines apart by how their greeting ended; to us they are one. @throws CarrierPayloadError */
export function readTwilioAnswerer(request: CarrierRequest): CarrierAnswerer {
  const { CallSid: carrierCallId, AnsweredBy: word } = readForm(answerer, request);
  const known = word === 'human' || word === 'fax' ? word : word.startsWith('machine_') ? 'machine' : 'unknown';
  return { carrierCallId, answeredBy: known };
}

/** @throws CarrierPayloadError */
export function readTwilioRecording(request: CarrierRequest): CarrierRecording {
  const form = readForm(recording, request);
  return {
    carrierRecordingId: form.RecordingSid,
    carrierCallId: form.CallSid,
    state: form.RecordingStatus,
    ...(form.RecordingDuration !== undefined && { durationSeconds: form.RecordingDuration }),
    ...(form.ErrorCode && { reason: `carrier-${form.ErrorCode}` }),
  };
}

/** @throws CarrierPayloadError */
export function readForm<T>(schema: z.ZodType<T>, request: CarrierRequest): T {
  const parsed = schema.safeParse(formOf(request));
  if (parsed.success) return parsed.data;
  throw new CarrierPayloadError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}
