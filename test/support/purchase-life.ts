import { randomUUID } from 'node:crypto';
import { APP_ID, type AppStoreTwin, BUNDLE_ID } from './app-store-twin.ts';

const WEEK = 7 * 86_400_000;

/** A week's subscription as the App Store describes it. */
export const transaction = ({ at, ...more }: { at: number } & Readonly<Record<string, unknown>>) => ({
  originalTransactionId: '2000000000000001',
  transactionId: '2000000000000001',
  bundleId: BUNDLE_ID,
  productId: 'weekly',
  subscriptionGroupIdentifier: '1',
  type: 'Auto-Renewable Subscription',
  inAppOwnershipType: 'PURCHASED',
  environment: 'Production',
  purchaseDate: at,
  originalPurchaseDate: at,
  expiresDate: at + WEEK,
  signedDate: at,
  transactionReason: 'PURCHASE',
  price: 4_990,
  currency: 'USD',
  ...more,
});

export const renewal = ({ at, ...more }: { at: number } & Readonly<Record<string, unknown>>) => ({
  originalTransactionId: '2000000000000001',
  productId: 'weekly',
  autoRenewProductId: 'weekly',
  autoRenewStatus: 1,
  environment: 'Production',
  signedDate: at,
  ...more,
});

export interface NotificationWish {
  readonly at: number;
  readonly subtype?: string;
  readonly status?: number;
  readonly environment?: string;
  readonly transaction?: object;
  readonly renewal?: object;
}

/** A notification, version 2, as it is posted: signed, and all within it signed. */
export const notification = (twin: AppStoreTwin, notificationType: string, wish: NotificationWish): string =>
  twin.signNotification({
    notificationType,
    ...(wish.subtype && { subtype: wish.subtype }),
    notificationUUID: randomUUID(),
    version: '2.0',
    signedDate: wish.at,
    data: {
      environment: wish.environment ?? 'Production',
      bundleId: BUNDLE_ID,
      appAppleId: APP_ID,
      ...(wish.status && { status: wish.status }),
      ...(wish.transaction && { signedTransactionInfo: twin.signTransaction(wish.transaction) }),
      ...(wish.renewal && { signedRenewalInfo: twin.signRenewal(wish.renewal) }),
    },
  });
