/**
 * Subscriptions that are bought in an app store. What the store says is signed by it, and reaches us from the phone or
 * by a notification; what is true now can be asked for where we hold a key of the store's.
 *
 * Throws:
 *
 * - ReceiptRefused: the store has not signed this, or not for us: nothing in it is true.
 * - ReceiptsUnreachable: the store, or who vouches for its certificates, did not answer: ask again.
 */
export interface Receipts {
  /** What a phone was given for a purchase. @throws ReceiptRefused | ReceiptsUnreachable */
  readTransaction(signedTransaction: string): Promise<StoreState>;
  /** A notification, as it was posted. @throws ReceiptRefused | ReceiptsUnreachable */
  readNotification(signedPayload: string): Promise<StoreNotice>;
  /** What the store says now. @returns null where it cannot be asked, or knows no such purchase. @throws ReceiptRefused | ReceiptsUnreachable */
  currentState(purchase: { originalTransactionId: string; environment: StoreEnvironment }): Promise<StoreState | null>;
}

export type StoreEnvironment = 'PRODUCTION' | 'SANDBOX';

/** A line of purchases that renew one another, as the store had it when it signed this. */
export interface StoreState {
  /** Names the line. */
  readonly originalTransactionId: string;
  /** Names the newest period. */
  readonly transactionId: string;
  readonly productId: string;
  readonly environment: StoreEnvironment;
  /** What the app said the purchase is for: a UUID as 32 hexadecimal digits, or null. */
  readonly boughtFor: string | null;
  /** Whether somebody else of the family bought it. */
  readonly familyShared: boolean;
  /** RETRY: the renewal failed and the store goes on trying. REVOKED: the money went back, or the family is shared with no more. */
  readonly status: 'ACTIVE' | 'GRACE' | 'RETRY' | 'EXPIRED' | 'REVOKED';
  readonly purchasedAt: Date;
  readonly expiresAt: Date;
  readonly graceEndsAt: Date | null;
  /** Null where it is not told. */
  readonly willRenew: boolean | null;
  readonly revokedAt: Date | null;
  /** What the newest period cost, in minor units; null where it is not told, or somebody else paid. */
  readonly price: { readonly amountMinor: number; readonly currency: string /** How much of it went back. */; readonly refundedMinor: number } | null;
  /** By the store's clock: of two the later one is right. */
  readonly signedAt: Date;
}

export interface StoreNotice {
  /** The store's own id of it. */
  readonly id: string;
  /** The store's own name of its kind and what is below it, e.g. `DID_RENEW/BILLING_RECOVERY`. */
  readonly type: string;
  readonly at: Date;
  /** Null where it is about no purchase. */
  readonly state: StoreState | null;
}

export class ReceiptRefused extends Error {
  override readonly name = 'ReceiptRefused';
  readonly reason: 'UNREADABLE' | 'NOT_SIGNED' | 'OTHER_APP' | 'OTHER_ENVIRONMENT' | 'NO_SUBSCRIPTION';

  constructor(message: string, reason: ReceiptRefused['reason']) {
    super(message);
    this.reason = reason;
  }
}

export class ReceiptsUnreachable extends Error {
  override readonly name = 'ReceiptsUnreachable';
}
