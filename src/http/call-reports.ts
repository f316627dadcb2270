import type { AnswerScope } from '../domain/calls/answer-call.ts';
import { recordAnswerer } from '../domain/calls/record-answerer.ts';
import { recordRecording } from '../domain/calls/record-recording.ts';
import type { CarrierRequest } from '../ports/carrier-webhook.ts';
import { callNamedBy } from './inbound-call.ts';

/** What picked up one of our calls. */
export async function hearAnswerer(app: AnswerScope, request: CarrierRequest): Promise<null> {
  await recordAnswerer(app, { answerer: app.carrier.readAnswerer(request), ...callNamedBy(request) });
  return null;
}

/** What became of a recording. */
export async function hearRecording(app: AnswerScope, request: CarrierRequest): Promise<null> {
  await recordRecording(app, { told: app.carrier.readRecording(request), ...callNamedBy(request) });
  return null;
}
