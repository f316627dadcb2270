import { parse } from 'node:querystring';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import type { CarrierRequest } from '../../ports/carrier-webhook.ts';

const FORM = 'application/x-www-form-urlencoded';

/**
 * Whether a webhook carries Twilio's signature: HMAC-SHA1 over the address it was sent to and its form parameters, or
 * over an address that holds the hash of a body of another kind.
 *
 * @param publicUrl our address as Twilio knows it; what a Host header claims plays no part.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function isSignedByTwilio({ authToken, publicUrl }: { authToken: string; publicUrl: string }, request: CarrierRequest): boolean {
  const signature = header(request, 'x-twilio-signature');
  if (!signature || !request.pathAndQuery.startsWith('/')) return false;
  const url = publicUrl + request.pathAndQuery;
  if (!URL.canParse(url)) return false;
  if (request.method === 'GET') return webhooks.validateRequest(authToken, signature, url, {});
  if (header(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() === FORM) {
    return webhooks.validateRequest(authToken, signature, url, formOf(request));
  }
  return webhooks.validateRequestWithBody(authToken, signature, url, request.body.toString('utf8'));
}

/**
 * Whether the upgrade of a media socket carries Twilio's signature: made over the address that the TwiML named, by some
 * of its servers with a slash at the end.
 *
 * @param streamUrl the address as we wrote it into the TwiML.
 * @see https://www.twilio.com/docs/voice/media-streams#validate-the-x-twilio-signature-header
 */
export function isStreamSignedByTwilio({ authToken, streamUrl }: { authToken: string; streamUrl: string }, request: Pick<CarrierRequest, 'headers'>): boolean {
  const signature = header(request, 'x-twilio-signature');
  return Boolean(signature) && [streamUrl, `${streamUrl}/`].some((url) => webhooks.validateRequest(authToken, signature ?? '', url, {}));
}

/** Whether a form speaks of our account: one that names another was not meant for us, whoever signed it. */
export function isOfAccount(accountSid: string, request: CarrierRequest): boolean {
  const { AccountSid: named = accountSid } = formOf(request);
  return named === accountSid;
}

/** The parameters of a form; a name that is given twice has a list of values. */
export const formOf = (request: CarrierRequest): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(parse(request.body.toString('utf8'))).map(([name, value]) => [name, value ?? '']));

/** A header's first value. */
export function header(request: Pick<CarrierRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
