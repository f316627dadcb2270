import type { SignedDataVerifier } from '@apple/app-store-server-library';
import { z } from 'zod';
import { ReceiptRefused, ReceiptsUnreachable, type StoreEnvironment } from '../../ports/receipts.ts';

export interface VerifierOptions {
  readonly bundleId: string;
  /** The app's number in the App Store; null: the bundle id alone tells our app. */
  readonly appId: number | null;
  /** DER. The chain of a signature has to end at one of them, whichever it brings along. */
  readonly rootCertificates: readonly Buffer[];
  /** Whose signatures count. */
  readonly environments: readonly StoreEnvironment[];
  /** Asks Apple whether a certificate was revoked, and holds its dates against today's. */
  readonly onlineChecks: boolean;
}

/** Checks signatures with Apple's library and hands out what was signed. */
export interface Verifier {
  transaction(jws: string): Promise<unknown>;
  renewal(jws: string): Promise<unknown>;
  notification(jws: string): Promise<unknown>;
}

const NAMES = { PRODUCTION: 'Production', SANDBOX: 'Sandbox' } as const;

// What Apple's library calls the reasons (VerificationStatus).
const RETRYABLE = 2;
const OTHER_APP = 3;
const OTHER_ENVIRONMENT = 4;
const verificationError = z.object({ status: z.int() });

const claimed = z.object({ environment: z.string() });
const claimedWithin = z.object({
  data: claimed.optional(),
  summary: claimed.optional(),
  appData: claimed.optional(),
  externalPurchaseToken: z.unknown().optional(),
});

/**
 * The environment is read from what is claimed, to know which verifier to ask; the verifier then checks that claim. The
 * environments in which nothing is signed, Xcode and LocalTesting, have no verifier.
 */
export function appStoreVerifier(options: VerifierOptions): Verifier {
  const loaded = new Map<StoreEnvironment, Promise<SignedDataVerifier>>();
  const verifier = (environment: StoreEnvironment) => {
    const known = loaded.get(environment) ?? load(options, environment);
    loaded.set(environment, known);
    return known;
  };
  const verify = async (claim: string | undefined, check: (verifier: SignedDataVerifier) => Promise<unknown>): Promise<unknown> => {
    const environment = options.environments.find((one) => NAMES[one] === claim);
    if (!environment) throw new ReceiptRefused(`purchases of the environment ${claim ?? 'unknown'} do not count here`, 'OTHER_ENVIRONMENT');
    try {
      return await check(await verifier(environment));
    } catch (error) {
      throw refusal(error);
    }
  };
  return {
    transaction: (jws) => verify(claimed.safeParse(payloadOf(jws)).data?.environment, (one) => one.verifyAndDecodeTransaction(jws)),
    renewal: (jws) => verify(claimed.safeParse(payloadOf(jws)).data?.environment, (one) => one.verifyAndDecodeRenewalInfo(jws)),
    notification(jws) {
      const parts = claimedWithin.safeParse(payloadOf(jws)).data;
      const token = parts?.externalPurchaseToken ? 'Production' : undefined;
      return verify((parts?.data ?? parts?.summary ?? parts?.appData)?.environment ?? token, (one) => one.verifyAndDecodeNotification(jws));
    },
  };
}

/** Loaded when it is first needed: it costs 80 ms and 10 MB. */
async function load({ bundleId, appId, rootCertificates, onlineChecks }: VerifierOptions, environment: StoreEnvironment): Promise<SignedDataVerifier> {
  const { SignedDataVerifier: Library, Environment } = await import('@apple/app-store-server-library');
  class OurVerifier extends Library {
    protected override verifyNotification(bundle?: string, app?: number, claim?: string): void {
      // Where the app's number is not configured the bundle id tells our app.
      super.verifyNotification(bundle, appId === null ? this.appAppleId : app, claim);
    }
  }
  const name = environment === 'PRODUCTION' ? Environment.PRODUCTION : Environment.SANDBOX;
  return new OurVerifier([...rootCertificates], onlineChecks, name, bundleId, appId ?? 0);
}

/** What is claimed, unverified. */
function payloadOf(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    throw new ReceiptRefused('this is no signed data', 'UNREADABLE');
  }
}

function refusal(error: unknown): Error {
  const status = verificationError.safeParse(error).data?.status;
  if (status === undefined) return error instanceof Error ? error : new Error(String(error));
  if (status === RETRYABLE) return new ReceiptsUnreachable('whether a certificate was revoked could not be asked');
  if (status === OTHER_APP) return new ReceiptRefused('this was signed for another app', 'OTHER_APP');
  if (status === OTHER_ENVIRONMENT) return new ReceiptRefused('this was signed for another environment', 'OTHER_ENVIRONMENT');
  return new ReceiptRefused(`the signature is none of the App Store's (${status})`, 'NOT_SIGNED');
}
