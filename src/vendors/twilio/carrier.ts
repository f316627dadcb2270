import { microsOf } from '../../kit/price.ts';
import type { Carrier, CarrierCall } from '../../ports/carrier.ts';
import { CarrierUncertain } from '../../ports/carrier.ts';
import { type TwilioAccount, twilioClient } from './client.ts';
import { twilioNumbers } from './numbers.ts';
import { callResource, readTwilioAnswerer, readTwilioRecording, readTwilioStatus, readTwilioVoice } from './payloads.ts';
import { twilioRecordings } from './recordings.ts';
import { twilioFailure } from './rejections.ts';
import { isOfAccount, isSignedByTwilio, isStreamSignedByTwilio } from './signature.ts';
import { twilioSpeech } from './speech.ts';
import { twilioTransfers } from './transfers.ts';
import { connectTwiml, hangUpTwiml, waitTwiml } from './twiml.ts';

export interface TwilioOptions extends TwilioAccount {
  /** Our address as Twilio knows it: signatures are made over it. */
  readonly publicUrl: string;
  /** The same of the media process. */
  readonly mediaPublicUrl: string;
  /** What answers in Twilio's place is the simulator. */
  readonly simulated?: boolean;
}

/** Twilio reports only the end of a call unless it is asked for more. */
const STATUS_EVENTS = ['initiated', 'ringing', 'answered', 'completed'];
/** Enough to find one call to a number among those of a few minutes. */
const LISTED = 100;
const CALL_NOT_CHANGEABLE = '21220';

/** Twilio Programmable Voice: REST API 2010-04-01, webhooks and TwiML. */
export function twilioCarrier(options: TwilioOptions): Carrier {
  const client = twilioClient(options);
  return {
    name: options.simulated ? 'SIMULATED' : 'TWILIO',
    path: 'twilio',
    recordings: twilioRecordings(options, client),
    numbers: twilioNumbers(options.accountSid, client),
    speech: twilioSpeech,
    transfers: twilioTransfers(client),

    async placeCall({ to, from, answerUrl, statusUrl, answererUrl, ringSeconds, maximumSeconds }) {
      const { calls } = await client();
      const created = calls.create({
        to,
        from,
        url: answerUrl,
        method: 'POST',
        statusCallback: statusUrl,
        statusCallbackMethod: 'POST',
        statusCallbackEvent: STATUS_EVENTS,
        timeout: ringSeconds,
        timeLimit: maximumSeconds,
        // Beside the call, which begins at once; of a machine we hear when its greeting is over.
        ...(answererUrl !== null && {
          machineDetection: 'DetectMessageEnd',
          asyncAmd: 'true',
          asyncAmdStatusCallback: answererUrl,
          asyncAmdStatusCallbackMethod: 'POST',
        }),
      });
      return readCall(await created.catch(rethrow));
    },

    async endCall(carrierCallId) {
      const { calls } = await client();
      try {
        await calls(carrierCallId).update({ status: 'completed' });
      } catch (error) {
        const failure = twilioFailure(error);
        if (failure.code !== CALL_NOT_CHANGEABLE && failure.status !== 404) throw failure.error;
      }
    },

    async fetchCall(carrierCallId) {
      const { calls } = await client();
      try {
        return readCall(await calls(carrierCallId).fetch());
      } catch (error) {
        if (error instanceof CarrierUncertain) throw error;
        const failure = twilioFailure(error);
        if (failure.status === 404) return null;
        throw asUncertain(failure.error);
      }
    },

    async findCalls({ from, to, since }) {
      const { calls } = await client();
      // Not by StartTime: a call that still waits in Twilio's queue has none.
      const listed = await calls.list({ from, to, limit: LISTED, pageSize: LISTED }).catch((error: unknown) => {
        throw asUncertain(twilioFailure(error).error);
      });
      return listed
        .map(readCall)
        .filter(({ startedAt }) => !startedAt || startedAt >= since)
        .sort((a, b) => (b.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) - (a.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) || 0);
    },

    isAuthentic: (request) => isSignedByTwilio(options, request) && isOfAccount(options.accountSid, request),
    isAuthenticStream: (request) => isStreamSignedByTwilio({ ...options, streamUrl: `${options.mediaPublicUrl}/media/twilio` }, request),
    readVoice: readTwilioVoice,
    readStatus: readTwilioStatus,
    readAnswerer: readTwilioAnswerer,
    readRecording: readTwilioRecording,
    connectReply: connectTwiml,
    waitReply: waitTwiml,
    hangUpReply: hangUpTwiml,
  };
}

function readCall(resource: unknown): CarrierCall {
  const parsed = callResource.safeParse(resource);
  if (!parsed.success) throw new CarrierUncertain(`Twilio answered something that is no call: ${parsed.error.message}`);
  const { sid, status, dateCreated, startTime, duration, price, priceUnit } = parsed.data;
  const startedAt = dateCreated ?? startTime;
  const micros = price ? microsOf(price) : null;
  return {
    carrierCallId: sid,
    state: status,
    ...(startedAt && { startedAt }),
    ...(typeof duration === 'number' && { durationSeconds: duration }),
    ...(micros !== null && { price: { micros: Math.abs(micros), currency: priceUnit ?? 'USD' } }),
  };
}

function rethrow(error: unknown): never {
  throw twilioFailure(error).error;
}

/** A question that was refused leaves us as wise as one that was lost. */
const asUncertain = (error: Error): CarrierUncertain => (error instanceof CarrierUncertain ? error : new CarrierUncertain(error.message, { cause: error }));
