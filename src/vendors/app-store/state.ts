import { z } from 'zod';
import { ReceiptRefused, type StoreState } from '../../ports/receipts.ts';

const stamp = z.number().transform((milliseconds) => new Date(milliseconds));

const transaction = z.object({
  originalTransactionId: z.string().min(1),
  transactionId: z.string().min(1),
  productId: z.string(),
  type: z.string(),
  environment: z.enum(['Production', 'Sandbox']),
  purchaseDate: stamp,
  expiresDate: stamp,
  signedDate: stamp,
  appAccountToken: z.string().nullish(),
  inAppOwnershipType: z.string().nullish(),
  revocationDate: stamp.nullish(),
  revocationType: z.string().nullish(),
  /** Thousandths of a percent. */
  revocationPercentage: z.number().nullish(),
  price: z.number().nullish(),
  currency: z.string().nullish(),
});
const renewal = z.object({
  originalTransactionId: z.string(),
  signedDate: stamp,
  autoRenewStatus: z.number().nullish(),
  isInBillingRetryPeriod: z.boolean().nullish(),
  gracePeriodExpiresDate: stamp.nullish(),
});

type Transaction = z.output<typeof transaction>;
type Renewal = z.output<typeof renewal>;

/** @see https://developer.apple.com/documentation/appstoreserverapi/status */
const STATUSES: Readonly<Record<number, StoreState['status']>> = { 1: 'ACTIVE', 2: 'EXPIRED', 3: 'RETRY', 4: 'GRACE', 5: 'REVOKED' };

export interface SignedParts {
  /** All of them verified. */
  readonly transaction: unknown;
  readonly renewal?: unknown;
  /** The number that the store gives the state; left out where it does not. */
  readonly status?: number | undefined;
  /** Of what they came in, if that was signed too. */
  readonly signedAt?: Date | undefined;
}

/** What signed parts come to. @throws ReceiptRefused where they are no subscription's */
export function storeState(parts: SignedParts): StoreState {
  const bought = transaction.safeParse(parts.transaction);
  if (!bought.success || bought.data.type !== 'Auto-Renewable Subscription') throw new ReceiptRefused('this is no subscription', 'NO_SUBSCRIPTION');
  const renews = parts.renewal === undefined ? null : (renewal.safeParse(parts.renewal).data ?? null);
  const { data } = bought;
  const familyShared = data.inAppOwnershipType === 'FAMILY_SHARED';
  const signedAt = new Date(Math.max(...[data.signedDate, renews?.signedDate, parts.signedAt].flatMap((date) => date?.getTime() ?? [])));
  return {
    originalTransactionId: data.originalTransactionId,
    transactionId: data.transactionId,
    productId: data.productId,
    environment: data.environment === 'Production' ? 'PRODUCTION' : 'SANDBOX',
    boughtFor: data.appAccountToken?.replaceAll('-', '').toLowerCase() ?? null,
    familyShared,
    status: statusOf(data, renews, parts.status, signedAt),
    purchasedAt: data.purchaseDate,
    expiresAt: data.expiresDate,
    graceEndsAt: renews?.gracePeriodExpiresDate ?? null,
    willRenew: renews?.autoRenewStatus == null ? null : renews.autoRenewStatus === 1,
    revokedAt: data.revocationDate ?? null,
    price: familyShared ? null : priceOf(data),
    signedAt,
  };
}

function statusOf(bought: Transaction, renews: Renewal | null, told: number | undefined, signedAt: Date): StoreState['status'] {
  if (bought.revocationDate) return 'REVOKED';
  if (told !== undefined && STATUSES[told]) return STATUSES[told];
  if (bought.expiresDate > signedAt) return 'ACTIVE';
  if (renews?.gracePeriodExpiresDate && renews.gracePeriodExpiresDate > signedAt) return 'GRACE';
  return renews?.isInBillingRetryPeriod ? 'RETRY' : 'EXPIRED';
}

function priceOf({ price, currency, revocationDate, revocationType, revocationPercentage }: Transaction): StoreState['price'] {
  if (price == null || !currency) return null;
  const amountMinor = minorUnits(price, currency);
  // What a family no longer shares was not paid back.
  const share = !revocationDate || revocationType === 'FAMILY_REVOKE' ? 0 : (revocationPercentage ?? 100_000) / 100_000;
  return { amountMinor, currency, refundedMinor: Math.round(amountMinor * share) };
}

/** Prices are told in thousandths of the currency's unit. @param currency ISO 4217 */
function minorUnits(thousandths: number, currency: string): number {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return Math.round((thousandths * 10 ** digits) / 1_000);
}
