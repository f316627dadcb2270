import { z } from 'zod';
import { openCheckout, openPortal } from '../../domain/billing/open-checkout.ts';
import { redeemPurchase } from '../../domain/billing/redeem-purchase.ts';
import type { PlanKey as PlanKeyValue } from '../../domain/plans/catalogue.ts';
import type { Workspace as WorkspaceRow } from '../../generated/prisma/client.ts';
import type { PaymentPage } from '../../ports/payments.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { asManager } from '../roles.ts';
import { PlanKey } from './plans.ts';
import { Workspace } from './workspaces.ts';

const CreateCheckoutSessionInput = builder.inputRef<{ planKey: PlanKeyValue }>('CreateCheckoutSessionInput').implement({
  description: 'What to buy.',
  fields: (t) => ({
    planKey: t.field({ type: PlanKey, required: true, description: 'The plan: one that businesses pay for.' }),
  }),
});

const page = (name: string, description: string, url: string) =>
  payload<PaymentPage>(name, description, (t) => ({
    url: t.expose('url', { type: 'URL', nullable: true, description: url }),
    sessionId: t.exposeString('sessionId', { nullable: true, description: "The payment service's own id of the page." }),
  }));

const CreateCheckoutSessionPayload = page(
  'CreateCheckoutSessionPayload',
  'Where to pay, or why nothing can be bought.',
  'Send the browser there. It comes back to the page `/billing` of the web client.',
);
const CreatePortalSessionPayload = page(
  'CreatePortalSessionPayload',
  'Where to see invoices, change the card and cancel, or why there is nothing.',
  'Send the browser there soon: it is good once, and not for long. It comes back to the page `/billing` of the web client.',
);

const RedeemAppStorePurchaseInput = builder.inputRef<{ signedTransaction: string }>('RedeemAppStorePurchaseInput').implement({
  description: 'What the App Store gave the app.',
  validate: z.looseObject({
    signedTransaction: z.string().trim().min(1, 'The signed transaction is missing.').max(100_000, 'This is too long for a signed transaction.'),
  }),
  fields: (t) => ({
    signedTransaction: t.string({ required: true, description: 'The JWS of the transaction: `jwsRepresentation` of StoreKit 2.' }),
  }),
});

const RedeemAppStorePurchasePayload = payload<{ workspace: WorkspaceRow }>(
  'RedeemAppStorePurchasePayload',
  'The workspace, whose subscription it now is, or why it cannot be taken.',
  (t) => ({ workspace: t.expose('workspace', { type: Workspace, nullable: true, description: 'The active workspace.' }) }),
);

builder.mutationFields((t) => ({
  createCheckoutSession: t.field({
    type: CreateCheckoutSessionPayload,
    description:
      'Begins to buy a plan for the active workspace; for owners and managers. Where it has another one already, the page changes that: to a dearer one at once, the rest of the period counted against it; to a cheaper one from the next period on. Errors: INVALID (not sold by card), ILLEGAL_STATE (it has the plan, or payments are not configured), PAYMENT_REQUIRED (a payment is owing), UPSTREAM_REJECTED.',
    args: { input: t.arg({ type: CreateCheckoutSessionInput, required: true, description: 'What to buy.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await openCheckout(asManager(scope), input), ({ url, sessionId }) => ({ url, sessionId })),
  }),
  createPortalSession: t.field({
    type: CreatePortalSessionPayload,
    description:
      'Opens the customer portal of the active workspace; for owners and managers. Canceling there ends the plan with its period. Errors: ILLEGAL_STATE (nothing was ever bought by card, or payments are not configured), UPSTREAM_REJECTED.',
    resolve: async (_root, _args, { scope }) => answer(await openPortal(asManager(scope)), ({ url, sessionId }) => ({ url, sessionId })),
  }),
  redeemAppStorePurchase: t.field({
    type: RedeemAppStorePurchasePayload,
    description:
      "Makes a purchase in the App Store the active workspace's subscription; for owners and managers. The same one again changes nothing. Errors: INVALID (the App Store has not signed it for this app, or the workspace is a business), CONFLICT (it belongs to another workspace), ILLEGAL_STATE (the App Store is not configured).",
    args: { input: t.arg({ type: RedeemAppStorePurchaseInput, required: true, description: 'What the App Store gave the app.' }) },
    resolve: async (_root, { input }, { scope, db }) => {
      const redeemed = await redeemPurchase(asManager(scope), input);
      if (!redeemed.ok) return { errors: redeemed.problems };
      return { errors: [], workspace: await db.workspace.findUniqueOrThrow({ where: { id: scope.workspaceId } }) };
    },
  }),
}));
