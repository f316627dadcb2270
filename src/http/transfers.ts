import { z } from 'zod';
import type { AnswerScope } from '../domain/calls/answer-call.ts';
import { afterTransfer, type NamedTransfer, offerCall, recordPerson, takeCall } from '../domain/calls/transfer/offer-call.ts';
import type { CarrierReply, CarrierRequest } from '../ports/carrier-webhook.ts';
import { ourId, readQuery } from './query.ts';

const transferQuery = z.object({ call: ourId, transfer: ourId, keys: z.literal('1').optional() });
const perhaps = z.object({ transfer: z.string().optional() });

/** Whether a question or a report is about a transfer of a call rather than about the call. @throws CarrierPayloadError */
export const isAboutTransfer = (request: CarrierRequest): boolean => readQuery(perhaps, request).transfer !== undefined;

/** The person was reached: what do they hear, and which key did they press? */
export async function answerPerson(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  const { keys, ...named } = read(request);
  return keys ? takeCall(app, named, app.carrier.transfers.readKeys(request)) : offerCall(app, named);
}

/** The transfer is over, one way or the other: what now? */
export async function resumeAfterTransfer(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  return afterTransfer(app, read(request), app.carrier.transfers.readTransfer(request));
}

/** What the carrier tells of the person's telephone. */
export async function recordPersonStatus(app: AnswerScope, request: CarrierRequest): Promise<void> {
  await recordPerson(app, read(request), app.carrier.readStatus(request));
}

function read(request: CarrierRequest): NamedTransfer & { keys: boolean } {
  const { call, transfer, keys } = readQuery(transferQuery, request);
  return { callId: call, transferId: transfer, keys: keys !== undefined };
}
