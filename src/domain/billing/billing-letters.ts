import { CATALOGUE, type PlanKey } from '../plans/catalogue.ts';

export interface TrialEnding {
  readonly subscriptionId: string;
  readonly planKey: PlanKey;
  readonly endsAt: Date;
  /** Whether it ends with the trial. */
  readonly cancels: boolean;
  /** The workspace's. */
  readonly timeZone: string;
  readonly to: { readonly address: string; readonly name: string | null };
  readonly frontendUrl: string;
}

/** What whoever pays is told some days before the first payment. One for each end of a trial. */
export function trialEndingMail({ subscriptionId, planKey, endsAt, cancels, timeZone, to, frontendUrl }: TrialEnding) {
  const { name, priceCents } = CATALOGUE[planKey];
  const day = new Intl.DateTimeFormat('en-US', { timeZone, dateStyle: 'full' }).format(endsAt);
  const price = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(priceCents / 100);
  const next = cancels
    ? 'You have canceled it: nothing will be charged, and the assistants stop answering then.'
    : `From then on ${price} a month is charged to the card that you gave. You can cancel before that at no cost.`;
  return {
    key: `trial-ending:${subscriptionId}:${endsAt.toISOString()}`,
    to,
    subject: `Your trial of ${name} ends on ${day}`,
    text: [
      `${to.name ? `Hello ${to.name},` : 'Hello,'}`,
      `your trial of ${name} ends on ${day}. ${next}`,
      `Your subscription: ${new URL('/billing', frontendUrl).href}`,
    ].join('\n\n'),
  };
}
