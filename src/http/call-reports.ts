import { z } from 'zod';
import type { AnswerScope } from '../domain/calls/answer-call.ts';
import { recordAnswerer } from '../domain/calls/answerer/record-answerer.ts';
import { recordSpokenMessage } from '../domain/calls/gather/recorded-message.ts';
import { recordRecording } from '../domain/calls/recording/record-recording.ts';
import type { CarrierRequest } from '../ports/carrier-webhook.ts';
import { callNamedBy } from './inbound-call.ts';
import { readQuery } from './query.ts';

/** What picked up one of our calls. */
export async function hearAnswerer(app: AnswerScope, request: CarrierRequest): Promise<null> {
  await recordAnswerer(app, { answerer: app.carrier.readAnswerer(request), ...callNamedBy(request) });
  return null;
}

const messageQuery = z.object({ message: z.literal('1').optional() });

/** What became of a recording: of the call, or of a message that a caller spoke after a tone. */
export async function hearRecording(app: AnswerScope, request: CarrierRequest): Promise<null> {
  if (readQuery(messageQuery, request).message) await recordSpokenMessage(app, { told: app.carrier.readRecording(request), ...callNamedBy(request) });
  else await recordRecording(app, { told: app.carrier.readRecording(request), ...callNamedBy(request) });
  return null;
}
