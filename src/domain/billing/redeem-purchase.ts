import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import { Fault, ok, type Result, refuse } from '../../kit/errors.ts';
import { ReceiptRefused, type Receipts, ReceiptsUnreachable, type StoreState } from '../../ports/receipts.ts';
import { bindPurchase } from './bind-purchase.ts';
import { takePurchase } from './take-purchase.ts';

export interface RedeemApp {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Null where no app store is configured. */
  readonly receipts: Receipts | null;
  readonly workspaceId: string;
}

const AT = ['input', 'signedTransaction'];

/**
 * Turns a purchase in the App Store into the workspace's subscription. The same purchase again changes nothing.
 *
 * @param input.signedTransaction the JWS that StoreKit 2 gave the app.
 * @returns INVALID where the App Store has not signed it for us, CONFLICT where it belongs to another workspace,
 *   ILLEGAL_STATE where no store is configured.
 */
export async function redeemPurchase(app: RedeemApp, { signedTransaction }: { signedTransaction: string }): Promise<Result<null>> {
  const { root, receipts, workspaceId } = app;
  if (!receipts) return refuse('ILLEGAL_STATE', 'Purchases in the App Store are not set up on this server.');
  const db = tenantDb(root, workspaceId);
  const workspace = await db.workspace.findFirst({ select: { platform: true } });
  if (workspace?.platform !== 'CONSUMER')
    return refuse('INVALID', 'The plan of the App Store is for people, not for businesses. A business buys its plan on the web.');
  let signed: StoreState;
  let states: StoreState[];
  try {
    signed = await receipts.readTransaction(signedTransaction);
    const now = await receipts.currentState(signed);
    states = now ? [signed, now] : [signed];
  } catch (error) {
    if (error instanceof ReceiptRefused) return refuse('INVALID', `The purchase cannot be taken: ${error.message}.`, AT);
    if (error instanceof ReceiptsUnreachable)
      throw new Fault('UPSTREAM_UNAVAILABLE', 'The App Store does not answer. Try again.', { service: 'app-store' }, error);
    throw error;
  }
  const owner = await bindPurchase(app, signed, workspaceId);
  if (owner !== workspaceId) return refuse('CONFLICT', 'This purchase belongs to another account. Sign in with the account that it was first used with.', AT);
  await takePurchase({ ...app, db }, states);
  return ok(null);
}
