import { Readable } from 'node:stream';
import type { Twilio } from 'twilio';
import { MINUTE } from '../../kit/time.ts';
import { CarrierRejected, CarrierUncertain } from '../../ports/carrier.ts';
import type { CarrierRecording, CarrierRecordings } from '../../ports/carrier-recordings.ts';
import type { TwilioAccount } from './client.ts';
import { recordingResource } from './payloads.ts';
import { twilioFailure } from './rejections.ts';

const VENDOR_URL = 'https://api.twilio.com';
/** Recordings of one call: there is one, unless somebody else begins more. */
const LISTED = 20;
/** A long call is tens of megabytes. */
const DOWNLOAD_TIMEOUT_MS = 10 * MINUTE;
/** The call or its recording is over already. */
const NOT_CHANGEABLE = new Set(['21220', '20404']);

/**
 * Twilio's recordings: each side in a channel of its own, made at once and fetched when Twilio has them ready.
 *
 * @see https://www.twilio.com/docs/voice/api/recording
 */
export function twilioRecordings(account: TwilioAccount, client: () => Promise<Twilio>): CarrierRecordings {
  return {
    async startRecording({ carrierCallId, statusUrl }) {
      const { calls } = await client();
      const created = calls(carrierCallId).recordings.create({
        recordingChannels: 'dual',
        recordingTrack: 'both',
        recordingStatusCallback: statusUrl,
        recordingStatusCallbackMethod: 'POST',
        recordingStatusCallbackEvent: ['completed', 'absent'],
      });
      return readRecording(await created.catch(rethrow));
    },

    async stopRecording({ carrierCallId, carrierRecordingId }) {
      const { calls } = await client();
      try {
        await calls(carrierCallId).recordings(carrierRecordingId).update({ status: 'stopped' });
      } catch (error) {
        const failure = twilioFailure(error);
        if (!NOT_CHANGEABLE.has(failure.code) && failure.status !== 404) throw failure.error;
      }
    },

    async findRecordings(carrierCallId) {
      const { calls } = await client();
      try {
        const listed = await calls(carrierCallId).recordings.list({ limit: LISTED, pageSize: LISTED });
        return listed.map(readRecording).reverse();
      } catch (error) {
        if (error instanceof CarrierUncertain) throw error;
        const failure = twilioFailure(error);
        if (failure.status === 404) return [];
        throw failure.error instanceof CarrierUncertain ? failure.error : new CarrierUncertain(failure.error.message, { cause: failure.error });
      }
    },

    async openRecording(carrierRecordingId, signal, channels = 2) {
      const { accountSid, authToken, apiUrl } = account;
      const url = `${apiUrl ?? VENDOR_URL}/2010-04-01/Accounts/${accountSid}/Recordings/${carrierRecordingId}.wav${channels === 2 ? '?RequestedChannels=2' : ''}`;
      const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
      const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
      // Where it leads to another host, `fetch` leaves the password behind.
      const response = await fetch(url, { headers: { authorization }, signal: signal ? AbortSignal.any([signal, timeout]) : timeout }).catch(
        (error: unknown) => {
          throw new CarrierUncertain('Twilio did not answer for a recording', { cause: error });
        },
      );
      if (response.ok && response.body) return { mediaType: mediaType(response), body: Readable.from(response.body) };
      await response.body?.cancel();
      if (response.status === 404) return null;
      const text = `Twilio answered ${response.status} for a recording`;
      if (response.status >= 500 || response.status === 429 || response.status < 400) throw new CarrierUncertain(text);
      throw new CarrierRejected(text, String(response.status), response.status === 401 || response.status === 403 ? 'configuration' : 'other');
    },

    async deleteRecording(carrierRecordingId) {
      const { recordings } = await client();
      try {
        await recordings(carrierRecordingId).remove();
      } catch (error) {
        const failure = twilioFailure(error);
        if (failure.status !== 404) throw failure.error;
      }
    },
  };
}

const mediaType = (response: Response): string => response.headers.get('content-type')?.split(';', 1)[0]?.trim() || 'audio/x-wav';

function readRecording(resource: unknown): CarrierRecording {
  const parsed = recordingResource.safeParse(resource);
  if (!parsed.success) throw new CarrierUncertain(`Twilio answered something that is no recording: ${parsed.error.message}`);
  const { sid, callSid, status, duration, errorCode } = parsed.data;
  return {
    carrierRecordingId: sid,
    carrierCallId: callSid,
    state: status,
    ...(typeof duration === 'number' && duration > 0 && { durationSeconds: duration }),
    ...(errorCode && { reason: `carrier-${errorCode}` }),
  };
}

function rethrow(error: unknown): never {
  throw twilioFailure(error).error;
}
