import { z } from 'zod';
import { CarrierRejected, CarrierUncertain } from '../../ports/carrier.ts';

/** Twilio's error codes by what they mean to a call. @see https://www.twilio.com/docs/api/errors */
const KINDS: Readonly<Record<number, CarrierRejected['kind']>> = {
  21211: 'invalid-number',
  21214: 'invalid-number',
  21217: 'invalid-number',
  21215: 'not-permitted',
  21216: 'not-permitted',
  21219: 'not-permitted',
  10004: 'busy-account',
  20429: 'busy-account',
  10001: 'configuration',
  20003: 'configuration',
  20005: 'configuration',
  20404: 'configuration',
  21201: 'configuration',
  21205: 'configuration',
  21210: 'configuration',
  21212: 'configuration',
};

const HTTP_KINDS: Readonly<Record<number, CarrierRejected['kind']>> = { 401: 'configuration', 403: 'configuration', 404: 'configuration', 429: 'busy-account' };

/** The request never left: nobody was there to take it. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

// The SDK's own RestException, told by its shape: the class would have to be loaded with the client.
const restError = z.object({ status: z.int(), code: z.int().optional(), message: z.string().optional() });
const networkError = z.object({ code: z.string().optional(), message: z.string() });

/** What an error of the SDK means. `status` is the HTTP status, or null where no answer came. */
export interface TwilioFailure {
  readonly status: number | null;
  readonly code: string;
  readonly error: CarrierRejected | CarrierUncertain;
}

/**
 * A 4xx is a refusal: nothing was done. A 5xx, a time-out or a broken connection may have dialed. A connection that
 * could not be opened has not.
 */
export function twilioFailure(error: unknown): TwilioFailure {
  const rest = restError.safeParse(error);
  if (rest.success) {
    const { status, code, message } = rest.data;
    const told = String(code ?? status);
    const text = `Twilio answered ${status}${code ? ` (${code})` : ''}: ${message ?? 'no message'}`;
    if (status >= 500 || status < 400) return { status, code: told, error: new CarrierUncertain(text, { cause: error }) };
    const kind = (code === undefined ? undefined : KINDS[code]) ?? HTTP_KINDS[status] ?? 'other';
    return { status, code: told, error: new CarrierRejected(text, told, kind, error) };
  }
  const network = networkError.safeParse(error);
  const code = (network.success && network.data.code) || 'unknown';
  // Without its cause: the HTTP client's error carries the whole request, and with it our password.
  const text = `Twilio did not answer: ${network.success ? network.data.message : 'for no reason given'} (${code})`;
  return { status: null, code, error: UNSENT.has(code) ? new CarrierRejected(text, code, 'other') : new CarrierUncertain(text) };
}
