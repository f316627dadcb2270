import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { Fault, ok, type Result, refuse } from '../../kit/errors.ts';
import { PAID_PLANS, type PaidPlan, type PaymentPage, type Payments, PaymentsRejected, PaymentsUnreachable } from '../../ports/payments.ts';
import { CATALOGUE, type PlanKey } from '../plans/catalogue.ts';
import { customerOf, findCustomer } from './customer.ts';
import { counting, goesOn } from './paid-state.ts';

export interface CheckoutApp {
  readonly db: TenantDb;
  readonly clock: Clock;
  /** Null where no payment service is configured. */
  readonly payments: Payments | null;
  readonly config: { readonly frontendUrl: string };
}

const NOT_CONFIGURED = 'Payments are not set up on this server.';

/**
 * Where to buy a plan. Whoever has one already is led to its change instead: to a dearer one at once, to a cheaper one
 * from the next period on; nobody pays for two.
 *
 * @returns INVALID for a plan that is not sold here, ILLEGAL_STATE where they have it or nothing can be sold,
 *   PAYMENT_REQUIRED where a payment of theirs is owing.
 */
export async function openCheckout(app: CheckoutApp, { planKey }: { planKey: PlanKey }): Promise<Result<PaymentPage>> {
  const { db, payments, config } = app;
  if (!payments) return refuse('ILLEGAL_STATE', NOT_CONFIGURED);
  const plan = PAID_PLANS.find((key) => key === planKey);
  const at = ['input', 'planKey'];
  if (planKey === 'CONSUMER_WEEKLY') return refuse('INVALID', 'This plan is bought in the app, through the App Store.', at);
  if (!plan) return refuse('INVALID', 'A trial is not bought: it comes with the workspace.', at);
  const workspace = await db.workspace.findFirst({ select: { platform: true } });
  if (workspace?.platform !== CATALOGUE[plan].platform) return refuse('INVALID', 'This plan is for businesses; the one for you is bought in the app.', at);

  return guarded(async () => {
    const customerId = await customerOf({ ...app, payments });
    const current = counting(await payments.subscriptionsOf(customerId));
    if (current && goesOn(current)) return change(payments, config, customerId, current, plan);
    const successUrl = `${billingPage(config, 'checkout=success')}&session_id={CHECKOUT_SESSION_ID}`;
    const cancelUrl = billingPage(config, 'checkout=canceled');
    return ok(await payments.checkout({ customerId, workspaceId: db.$workspaceId, plan, successUrl, cancelUrl }));
  });
}

async function change(
  payments: Payments,
  config: CheckoutApp['config'],
  customerId: string,
  current: { readonly id: string; readonly plan: PlanKey | null; readonly status: string },
  plan: PaidPlan,
): Promise<Result<PaymentPage>> {
  if (current.status === 'PAST_DUE' || current.status === 'UNPAID')
    return refuse('PAYMENT_REQUIRED', 'The last payment did not go through. Pay it in the customer portal first.');
  if (current.plan === plan) return refuse('ILLEGAL_STATE', `The workspace has ${CATALOGUE[plan].name} already. The customer portal shows it.`);
  return ok(await payments.portal({ customerId, returnUrl: billingPage(config, 'plan=changed'), change: { subscriptionId: current.id, plan } }));
}

/**
 * Where whoever pays sees invoices, changes the card and cancels.
 *
 * @returns ILLEGAL_STATE where nothing was ever bought by card.
 */
export async function openPortal({ db, payments, config }: CheckoutApp): Promise<Result<PaymentPage>> {
  if (!payments) return refuse('ILLEGAL_STATE', NOT_CONFIGURED);
  const customerId = await findCustomer(db);
  if (!customerId) return refuse('ILLEGAL_STATE', 'Nothing was bought by card yet: begin with a checkout.');
  return guarded(async () => ok(await payments.portal({ customerId, returnUrl: billingPage(config, '') })));
}

/** A page of our own web client: nobody else says where people come back to. */
function billingPage({ frontendUrl }: CheckoutApp['config'], query: string): string {
  const page = new URL('/billing', frontendUrl);
  page.search = query;
  return page.href;
}

/** What the payment service says no to is for the person to know; where it does not answer, they try again. */
async function guarded<T>(ask: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PaymentsRejected) return refuse('UPSTREAM_REJECTED', 'The payment service cannot do this now. Nothing was charged.');
    if (error instanceof PaymentsUnreachable)
      throw new Fault('UPSTREAM_UNAVAILABLE', 'The payment service does not answer. Try again.', { service: 'payments' }, error);
    throw error;
  }
}
