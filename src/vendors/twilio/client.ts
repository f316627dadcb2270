import type { Twilio } from 'twilio';
import { SECOND } from '../../kit/time.ts';

/** Placing a call takes well under a second; a longer silence is an uncertain answer, not a slow one. */
const TIMEOUT_MS = 10 * SECOND;

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** Null: the vendor's own. A path prefix is kept. */
  readonly apiUrl: string | null;
  /** Ten seconds unless told otherwise. */
  readonly timeoutMs?: number;
}

/**
 * The vendor's REST client, loaded when it is first needed: it costs 80 ms and 20 MB, and a process that only bridges
 * audio never asks the carrier for anything. It does not retry: we do not know what a lost answer has done.
 */
export function twilioClient({ accountSid, authToken, apiUrl, timeoutMs = TIMEOUT_MS }: TwilioAccount): () => Promise<Twilio> {
  let loaded: Promise<Twilio> | undefined;
  return () => {
    loaded ??= import('twilio/lib/rest/Twilio.js').then(({ default: Client }) => {
      const client = new Client(accountSid, authToken, { timeout: timeoutMs, autoRetry: false });
      if (apiUrl) client.api.baseUrl = apiUrl;
      return client;
    });
    return loaded;
  };
}
