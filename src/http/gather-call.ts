import { z } from 'zod';
import type { AnswerScope } from '../domain/calls/answer-call.ts';
import { APOLOGY } from '../domain/calls/connect-call.ts';
import { hearGather } from '../domain/calls/gather/hear-gather.ts';
import { endRecordedMessage } from '../domain/calls/gather/recorded-message.ts';
import { CarrierPayloadError } from '../ports/carrier.ts';
import type { CarrierHeard } from '../ports/carrier-speech.ts';
import type { CarrierReply, CarrierRequest } from '../ports/carrier-webhook.ts';
import { ourId, readQuery } from './query.ts';

const count = z.coerce.number().int().min(0).max(1_000_000);

const gatherQuery = z.object({
  call: ourId,
  step: z.enum(['heard', 'next', 'recorded']),
  after: count,
  quiet: count.default(0),
  asked: count.default(0),
  tries: count.default(0),
  retry: count.default(0),
  /** What was heard when we could not take it: a redirect does not carry the carrier's own fields. */
  words: z.string().default(''),
  digits: z.string().default(''),
});

const MOST_RETRIES = 5;
/** Of the words that go along with a retry: an address has an end. */
const KEPT_CHARACTERS = 1_500;

/** A turn of a call that goes by the carrier's own speech. */
export async function hearTurn(app: AnswerScope, request: CarrierRequest): Promise<CarrierReply> {
  const { call: callId, retry, words, digits, ...place } = readQuery(gatherQuery, request);
  if (place.step === 'recorded') return endRecordedMessage(app, { callId, recorded: app.carrier.speech.readRecorded(request), place });
  const told = app.carrier.speech.readHeard(request);
  const heard = { ...told, words: told.words || words, digits: told.digits || digits };
  try {
    return await hearGather(app, { callId, heard, place });
  } catch (error) {
    if (error instanceof CarrierPayloadError) throw error;
    app.logger.error({ err: error, callId }, 'a turn could not be taken; the carrier asks again');
    return askAgain(app, request, heard, retry);
  }
}

/** While we cannot answer, say because the database restarts, the caller is kept, and so is what they said. */
function askAgain(app: AnswerScope, request: CarrierRequest, heard: CarrierHeard, retries: number): CarrierReply {
  if (retries >= MOST_RETRIES) return app.carrier.hangUpReply(APOLOGY);
  const url = new URL(app.config.publicUrl + request.pathAndQuery);
  url.searchParams.set('retry', String(retries + 1));
  if (heard.words) url.searchParams.set('words', heard.words.slice(0, KEPT_CHARACTERS));
  if (heard.digits) url.searchParams.set('digits', heard.digits);
  return app.carrier.waitReply({ seconds: 1, resumeUrl: url.href });
}
