import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { ReceiptRefused, type Receipts } from '../../ports/receipts.ts';
import { appStoreApi, type StoreApiKey } from './api.ts';
import { storeState } from './state.ts';
import { appStoreVerifier, type VerifierOptions } from './verifier.ts';

export interface AppStoreOptions extends VerifierOptions {
  /** Null: the store is not asked, and what it last signed counts. */
  readonly api: StoreApiKey | null;
  readonly apiUrl: string | null;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

const notification = z.object({
  notificationType: z.string(),
  subtype: z.string().nullish(),
  notificationUUID: z.string().min(1),
  signedDate: z.number().transform((milliseconds) => new Date(milliseconds)),
  data: z.object({ status: z.int().nullish(), signedTransactionInfo: z.string().nullish(), signedRenewalInfo: z.string().nullish() }).nullish(),
});

/** The App Store: StoreKit 2 transactions and server notifications, version 2. */
export function appStoreReceipts({ api, apiUrl, clock, timeoutMs, ...verifying }: AppStoreOptions): Receipts {
  const verify = appStoreVerifier(verifying);
  const ask = api && appStoreApi({ ...api, bundleId: verifying.bundleId, apiUrl, clock, ...(timeoutMs && { timeoutMs }) });

  const parts = async (signed: { signedTransactionInfo: string; signedRenewalInfo?: string | null | undefined; status?: number | null | undefined }) => ({
    transaction: await verify.transaction(signed.signedTransactionInfo),
    ...(signed.signedRenewalInfo && { renewal: await verify.renewal(signed.signedRenewalInfo) }),
    status: signed.status ?? undefined,
  });
  return {
    readTransaction: async (signedTransaction) => storeState(await parts({ signedTransactionInfo: signedTransaction })),

    async readNotification(signedPayload) {
      const parsed = notification.safeParse(await verify.notification(signedPayload));
      if (!parsed.success) throw new ReceiptRefused('this is no notification', 'UNREADABLE');
      const { notificationType, subtype, notificationUUID, signedDate, data } = parsed.data;
      const type = subtype ? `${notificationType}/${subtype}` : notificationType;
      const { signedTransactionInfo } = data ?? {};
      const about = { id: notificationUUID, type, at: signedDate };
      if (!data || !signedTransactionInfo) return { ...about, state: null };
      const signed = await parts({ ...data, signedTransactionInfo });
      try {
        return { ...about, state: storeState({ ...signed, signedAt: signedDate }) };
      } catch (error) {
        // A one-time purchase, say: it is signed, and none of our business.
        if (error instanceof ReceiptRefused && error.reason === 'NO_SUBSCRIPTION') return { ...about, state: null };
        throw error;
      }
    },

    async currentState(purchase) {
      const last = await ask?.(purchase);
      return last ? storeState(await parts(last)) : null;
    },
  };
}
