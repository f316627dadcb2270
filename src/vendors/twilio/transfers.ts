import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { z } from 'zod';
import type { CarrierTransfer, CarrierTransfers } from '../../ports/carrier-transfers.ts';
import type { CarrierReply } from '../../ports/carrier-webhook.ts';
import type { twilioClient } from './client.ts';
import { callSid, callStatus, readForm } from './payloads.ts';
import { twilioFailure } from './rejections.ts';
import { spokenText } from './spoken-text.ts';

const RESULTS = {
  completed: 'answered',
  answered: 'answered',
  busy: 'busy',
  'no-answer': 'no-answer',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<string, CarrierTransfer['result']>;

const done = z.object({
  CallSid: callSid,
  CallStatus: callStatus,
  // Missing where the question comes again by way of a `<Redirect>`.
  DialCallStatus: z
    .enum(['completed', 'answered', 'busy', 'no-answer', 'failed', 'canceled'])
    .optional()
    .transform((word) => (word ? RESULTS[word] : ('unknown' as const))),
});
const keys = z.object({ Digits: z.string().max(100).default('') });

type Language = VoiceResponse.SayAttributes['language'];

/**
 * `<Dial>`: Twilio rings the person and lets the caller hear it ring. `<Number url>` is carried out on the person's side
 * before the two are joined; where it ends without a hang-up, they are.
 *
 * @see https://www.twilio.com/docs/voice/twiml/dial
 */
export function twilioTransfers(client: ReturnType<typeof twilioClient>): CarrierTransfers {
  return {
    transferReply({ say, to, callerId, ringSeconds, maximumSeconds, offerUrl, answeredUrl, doneUrl }) {
      const response = new VoiceResponse();
      // The SDK's types list the languages of its day; whether Twilio speaks one is Twilio's to say.
      if (say) response.say({ language: say.language as Language }, spokenText(say.say));
      const dial = response.dial({ action: doneUrl, method: 'POST', callerId, timeout: ringSeconds, timeLimit: maximumSeconds });
      dial.number(
        {
          ...(offerUrl && { url: offerUrl, method: 'POST' }),
          statusCallback: answeredUrl,
          statusCallbackMethod: 'POST',
          statusCallbackEvent: ['answered'],
        },
        to,
      );
      return reply(response);
    },

    offerReply({ say, language, keyUrl, waitSeconds }) {
      const response = new VoiceResponse();
      const gather = response.gather({ input: ['dtmf'], numDigits: 1, timeout: waitSeconds, action: keyUrl, method: 'POST' });
      gather.say({ language: language as Language }, spokenText(say));
      response.hangup();
      return reply(response);
    },

    joinReply: () => reply(new VoiceResponse()),

    async redirectCall(carrierCallId, url) {
      const { calls } = await client();
      await calls(carrierCallId)
        .update({ url, method: 'POST' })
        .catch((error: unknown) => {
          throw twilioFailure(error).error;
        });
    },

    readKeys: (request) => readForm(keys, request).Digits.replace(/[^\d*#]/g, ''),

    readTransfer(request) {
      const form = readForm(done, request);
      return { carrierCallId: form.CallSid, state: form.CallStatus, result: form.DialCallStatus };
    },
  };
}

const reply = (response: VoiceResponse): CarrierReply => ({ contentType: 'text/xml; charset=utf-8', body: response.toString() });
