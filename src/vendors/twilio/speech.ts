import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { z } from 'zod';
import type { CarrierSpeech, SpokenText } from '../../ports/carrier-speech.ts';
import type { CarrierReply } from '../../ports/carrier-webhook.ts';
import { callSid, callStatus, readForm, recordingSid, wholeSeconds } from './payloads.ts';
import { spokenText } from './spoken-text.ts';

const heard = z.object({ CallSid: callSid, CallStatus: callStatus, SpeechResult: z.string().max(10_000).default(''), Digits: z.string().max(100).default('') });

const recorded = z.object({
  CallSid: callSid,
  CallStatus: callStatus,
  RecordingSid: recordingSid.optional(),
  RecordingDuration: wholeSeconds.optional().catch(undefined),
});

/** Twilio takes so many hints, with so many characters in all. */
const MOST_HINTS = 100;
const HINT_CHARACTERS = 1_000;
/** So long a silence ends a recording. */
const RECORDING_SILENCE_SECONDS = 6;

/**
 * `<Gather>` and `<Record>`: Twilio speaks, listens and writes down.
 *
 * @see https://www.twilio.com/docs/voice/twiml/gather
 */
export const twilioSpeech: CarrierSpeech = {
  listenReply({ say, language, hints, seconds, heardUrl }) {
    const response = new VoiceResponse();
    const gather = response.gather({
      input: ['speech', 'dtmf'],
      action: heardUrl,
      method: 'POST',
      // The SDK's types list the languages of its day; whether Twilio understands one is Twilio's to say.
      language: language as VoiceResponse.GatherAttributes['language'],
      speechTimeout: 'auto',
      timeout: seconds,
      // Without it silence falls through to the next verb, and nobody is asked.
      actionOnEmptyResult: true,
      ...(hints.length > 0 && { hints: withinLimit(hints) }),
    });
    if (say) speak(gather, say);
    // Reached where Twilio does not ask although it was told to.
    response.redirect({ method: 'POST' }, heardUrl);
    return reply(response);
  },

  sayReply({ say, waitSeconds, nextUrl }) {
    const response = new VoiceResponse();
    if (say) speak(response, say);
    if (waitSeconds > 0) response.pause({ length: Math.ceil(waitSeconds) });
    response.redirect({ method: 'POST' }, nextUrl);
    return reply(response);
  },

  recordReply({ say, maximumSeconds, recordedUrl, statusUrl }) {
    const response = new VoiceResponse();
    speak(response, say);
    response.record({
      action: recordedUrl,
      method: 'POST',
      maxLength: maximumSeconds,
      timeout: RECORDING_SILENCE_SECONDS,
      finishOnKey: '#',
      playBeep: true,
      trim: 'trim-silence',
      recordingStatusCallback: statusUrl,
      recordingStatusCallbackMethod: 'POST',
      recordingStatusCallbackEvent: ['completed', 'absent'],
    });
    // Reached where nothing was recorded.
    response.redirect({ method: 'POST' }, recordedUrl);
    return reply(response);
  },

  readHeard(request) {
    const form = readForm(heard, request);
    return { carrierCallId: form.CallSid, state: form.CallStatus, words: form.SpeechResult.trim(), digits: form.Digits.replace(/[^\d*#]/g, '') };
  },

  readRecorded(request) {
    const form = readForm(recorded, request);
    return {
      carrierCallId: form.CallSid,
      state: form.CallStatus,
      carrierRecordingId: form.RecordingSid ?? null,
      durationSeconds: form.RecordingDuration ?? 0,
    };
  },
};

interface Speaking {
  say(attributes: VoiceResponse.SayAttributes, message: string): unknown;
}

function speak(verb: Speaking, { text, language }: SpokenText): void {
  verb.say({ language: language as VoiceResponse.SayAttributes['language'] }, spokenText(text));
}

/** Commas stand between hints. */
const plain = (hint: string) => spokenText(hint).replaceAll(',', ' ');

function withinLimit(hints: readonly string[]): string {
  let text = '';
  for (const hint of hints.slice(0, MOST_HINTS)) {
    const longer = text ? `${text}, ${plain(hint)}` : plain(hint);
    if (longer.length > HINT_CHARACTERS) break;
    text = longer;
  }
  return text;
}

const reply = (response: VoiceResponse): CarrierReply => ({ contentType: 'text/xml; charset=utf-8', body: response.toString() });
