import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { SECOND } from '../../kit/time.ts';
import { ReceiptsUnreachable, type StoreEnvironment } from '../../ports/receipts.ts';

export interface StoreApiKey {
  readonly issuerId: string;
  readonly keyId: string;
  /** PKCS #8 PEM: the `.p8` file that App Store Connect hands out once. */
  readonly privateKey: string;
}

export interface StoreApiOptions extends StoreApiKey {
  readonly bundleId: string;
  /** Without a slash at the end, a path prefix is kept. Null: Apple's own, by environment. */
  readonly apiUrl: string | null;
  readonly clock: Clock;
  /** Ten seconds unless told otherwise. */
  readonly timeoutMs?: number;
}

const HOSTS: Readonly<Record<StoreEnvironment, string>> = {
  PRODUCTION: 'https://api.storekit.apple.com',
  SANDBOX: 'https://api.storekit-sandbox.apple.com',
};

/** Apple refuses tokens that live longer than an hour. */
const TOKEN_SECONDS = 5 * 60;

const statusReply = z.object({
  data: z.array(
    z.object({
      lastTransactions: z.array(
        z.object({ status: z.int(), originalTransactionId: z.string(), signedTransactionInfo: z.string(), signedRenewalInfo: z.string().optional() }),
      ),
    }),
  ),
});
const errorReply = z.object({ errorCode: z.int(), errorMessage: z.string().optional() });

/** No such transaction, here or in this app. */
const UNKNOWN = new Set([4040005, 4040010, 4000006]);

/** The newest transaction of a line of purchases, still signed. */
export interface LastTransaction {
  readonly status: number;
  readonly signedTransactionInfo: string;
  readonly signedRenewalInfo?: string | undefined;
}

/** The one question that we have for the App Store Server API. @see https://developer.apple.com/documentation/appstoreserverapi */
export function appStoreApi(options: StoreApiOptions) {
  const { issuerId, keyId, bundleId, apiUrl, clock, timeoutMs = 10 * SECOND } = options;
  let key: ReturnType<typeof importPKCS8> | undefined;

  async function token(): Promise<string> {
    key ??= importPKCS8(options.privateKey, 'ES256');
    const now = Math.floor(clock.now().getTime() / SECOND);
    return new SignJWT({ bid: bundleId })
      .setProtectedHeader({ alg: 'ES256', kid: keyId, typ: 'JWT' })
      .setIssuer(issuerId)
      .setAudience('appstoreconnect-v1')
      .setIssuedAt(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .sign(await key);
  }

  /** @returns null where the store knows no such purchase. @throws ReceiptsUnreachable */
  return async ({ originalTransactionId, environment }: { originalTransactionId: string; environment: StoreEnvironment }): Promise<LastTransaction | null> => {
    const url = `${apiUrl ?? HOSTS[environment]}/inApps/v1/subscriptions/${encodeURIComponent(originalTransactionId)}`;
    const headers = { authorization: `Bearer ${await token()}`, accept: 'application/json' };
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
      body = await response.json().catch(() => null);
    } catch (error) {
      throw new ReceiptsUnreachable(`the App Store did not answer: ${error instanceof Error ? error.message : 'for no reason given'}`);
    }
    const refused = errorReply.safeParse(body).data;
    if (!response.ok && refused && UNKNOWN.has(refused.errorCode)) return null;
    const parsed = statusReply.safeParse(body);
    if (!response.ok || !parsed.success)
      throw new ReceiptsUnreachable(`the App Store answered ${response.status} ${refused ? `${refused.errorCode} ${refused.errorMessage ?? ''}` : ''}`.trim());
    return parsed.data.data.flatMap(({ lastTransactions }) => lastTransactions).find((one) => one.originalTransactionId === originalTransactionId) ?? null;
  };
}
