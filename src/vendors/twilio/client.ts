import type { Twilio } from 'twilio';
import { createClock } from '../../kit/clock.ts';
import { SECOND } from '../../kit/time.ts';
import { askPatiently } from './patience.ts';

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
 * audio never asks the carrier for anything. A lost answer is not asked for again, because we do not know what it has
 * done; a refusal that says when to come back is (patience.ts).
 */
export function twilioClient({ accountSid, authToken, apiUrl, timeoutMs = TIMEOUT_MS }: TwilioAccount): () => Promise<Twilio> {
  let loaded: Promise<Twilio> | undefined;
  return () => {
    loaded ??= Promise.all([import('twilio/lib/rest/Twilio.js'), import('twilio/lib/base/RequestClient.js')]).then(
      ([{ default: Client }, { default: RequestClient }]) => {
        const clock = createClock();
        const httpClient = new RequestClient({ timeout: timeoutMs, autoRetry: false });
        const request = httpClient.request.bind(httpClient);
        httpClient.request = (options) => askPatiently(clock, () => request(options));
        const client = new Client(accountSid, authToken, { httpClient });
        if (apiUrl) client.api.baseUrl = apiUrl;
        return client;
      },
    );
    return loaded;
  };
}
