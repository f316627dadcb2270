import type { Stripe } from 'stripe';
import { SECOND } from '../../kit/time.ts';
import { stripeFailure } from './failures.ts';

export interface StripeAccount {
  readonly secretKey: string;
  /** An origin without a path: the vendor's library has no room for one. Null: the vendor's own. */
  readonly apiUrl: string | null;
  /** Ten seconds unless told otherwise. */
  readonly timeoutMs?: number;
}

/** What the adapter was written for; the account's own setting plays no part. */
const STRIPE_VERSION = '2026-10-28.endive';

/** Asks Stripe for something, and says in our words what went wrong. @param doing for the message. */
export type AskStripe = <T>(doing: string, request: (stripe: Stripe) => Promise<T>) => Promise<T>;

/**
 * The vendor's client, loaded when it is first needed: it costs 120 ms and 25 MB. It tries again by itself where no
 * answer came: every write carries an idempotency key, so that it is done once.
 */
export function stripeClient({ secretKey, apiUrl, timeoutMs = 10 * SECOND }: StripeAccount): AskStripe {
  let loaded: Promise<Stripe> | undefined;
  const load = () => {
    loaded ??= import('stripe').then(({ Stripe: Client }) => {
      const url = apiUrl ? new URL(apiUrl) : null;
      const protocol = url?.protocol === 'http:' ? 'http' : 'https';
      const elsewhere = url && { host: url.hostname, port: url.port || (protocol === 'http' ? 80 : 443), protocol: protocol as 'http' | 'https' };
      return new Client(secretKey, { apiVersion: STRIPE_VERSION, timeout: timeoutMs, maxNetworkRetries: 2, telemetry: false, ...elsewhere });
    });
    return loaded;
  };
  return async (doing, request) => {
    const stripe = await load();
    try {
      return await request(stripe);
    } catch (error) {
      throw stripeFailure(doing, error);
    }
  };
}
