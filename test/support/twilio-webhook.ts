import { createHash, createHmac } from 'node:crypto';

export type WebhookForm = Readonly<Record<string, string>>;

/** Twilio's signature as its documentation describes it, written apart from the SDK that checks it. */
export function twilioSignature(authToken: string, url: string, form: WebhookForm = {}): string {
  const names = Object.keys(form).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const signed = url + names.map((name) => name + form[name]).join('');
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

/** An id of a call as Twilio makes them, the same for the same word. */
export const callSid = (word: string): string => `CA${createHash('md5').update(word).digest('hex')}`;

/** What Twilio posts about a call. */
export const voiceForm = (sid: string, more: WebhookForm = {}): WebhookForm => ({
  AccountSid: `AC${'0'.repeat(32)}`,
  ApiVersion: '2010-04-01',
  CallSid: sid,
  CallStatus: 'ringing',
  Direction: 'inbound',
  From: '+12025550142',
  To: '+12025550100',
  ...more,
});

/** What a reply tells Twilio to do, verb by verb. */
export const verbs = (twiml: string) => [...twiml.replace(/^.*?<Response>/, '').matchAll(/<([A-Z][a-z]+)[ />]/g)].map(([, verb]) => verb);

export const tokenOf = (twiml: string): string => /<Parameter name="token" value="([^"]+)"\/>/.exec(twiml)?.[1] ?? '';

/** Path and query of the address that Twilio is told to ask next. */
export const redirectOf = (twiml: string): string => (/<Redirect method="POST">https:\/\/[^/]+([^<]+)</.exec(twiml)?.[1] ?? '').replaceAll('&amp;', '&');

/** The same of the address that gets what a Gather hears. */
export const actionOf = (twiml: string): string => (/action="https:\/\/[^/]+([^"]+)"/.exec(twiml)?.[1] ?? '').replaceAll('&amp;', '&');

/** What the carrier's voice is told to say, sentence by sentence. */
export const said = (twiml: string): string[] => [...twiml.matchAll(/<Say[^>]*>([^<]*)</g)].map(([, text = '']) => text.replaceAll('&apos;', "'"));
