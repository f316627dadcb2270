import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { CarrierReply } from '../../ports/carrier-webhook.ts';
import { spokenText } from './spoken-text.ts';

/**
 * What Twilio is told to do with a call, as TwiML. A document is carried out verb by verb; after `<Connect>` the next
 * is reached when our socket closes, which is how a call whose bridge died comes back to us.
 *
 * @see https://www.twilio.com/docs/voice/twiml
 */
const reply = (response: VoiceResponse): CarrierReply => ({ contentType: 'text/xml; charset=utf-8', body: response.toString() });

/** @param token a stream parameter, because Twilio drops the query of a stream's address. */
export function connectTwiml({ mediaUrl, token, resumeUrl }: { mediaUrl: string; token: string; resumeUrl: string }): CarrierReply {
  const response = new VoiceResponse();
  response.connect().stream({ url: mediaUrl }).parameter({ name: 'token', value: token });
  response.redirect({ method: 'POST' }, resumeUrl);
  return reply(response);
}

export function waitTwiml({ seconds, resumeUrl }: { seconds: number; resumeUrl: string }): CarrierReply {
  const response = new VoiceResponse();
  response.pause({ length: Math.max(1, Math.round(seconds)) });
  response.redirect({ method: 'POST' }, resumeUrl);
  return reply(response);
}

export function hangUpTwiml(sentence?: { say: string; language: string }): CarrierReply {
  const response = new VoiceResponse();
  // The SDK's types list the languages of its day; whether Twilio speaks one is Twilio's to say.
  if (sentence) response.say({ language: sentence.language as VoiceResponse.SayAttributes['language'] }, spokenText(sentence.say));
  response.hangup();
  return reply(response);
}
