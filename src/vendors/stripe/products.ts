import type { Offer, PaidPlan, PublishedOffer } from '../../ports/payments.ts';
import type { AskStripe } from './client.ts';
import { isMissing } from './failures.ts';
import { lookupKey, MARK } from './plans.ts';

/** What the seconds of calls are reported as. */
export const METER_EVENT = 'callgraph_answered_seconds';

/**
 * Makes what is missing of the products, their monthly prices and the meter. Each is found again by a name of its own:
 * a product by its id, a price by its lookup key, a meter by its event. A price that costs something else now is
 * replaced: those who pay the old one go on paying it.
 */
export async function publish(ask: AskStripe, offers: readonly Offer[]): Promise<PublishedOffer[]> {
  const published: PublishedOffer[] = [];
  for (const offer of offers) published.push({ plan: offer.plan, priceId: await ensurePrice(ask, offer, await ensureProduct(ask, offer)) });
  await ensureMeter(ask);
  return published;
}

const productId = (plan: PaidPlan): string => `callgraph_${plan.toLowerCase()}`;

async function ensureProduct(ask: AskStripe, { plan, name }: Offer): Promise<string> {
  const id = productId(plan);
  try {
    const found = await ask('reading a product', (stripe) => stripe.products.retrieve(id));
    if (found.name !== name || !found.active) {
      await ask('changing a product', (stripe) =>
        stripe.products.update(id, { name, active: true }, { idempotencyKey: `product:${id}:${name}:${found.updated}` }),
      );
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
    const product = { id, name, metadata: { [MARK]: plan } };
    await ask('making a product', (stripe) => stripe.products.create(product, { idempotencyKey: `product:${id}:${name}` }));
  }
  return id;
}

async function ensurePrice(ask: AskStripe, { plan, amountMinor, currency }: Offer, product: string): Promise<string> {
  const key = lookupKey(plan);
  const currently = await ask('reading a price', (stripe) => stripe.prices.list({ lookup_keys: [key], limit: 1 }));
  const [found] = currently.data;
  const fits = found?.active && found.unit_amount === amountMinor && found.currency === currency.toLowerCase() && found.recurring?.interval === 'month';
  if (found && fits) return found.id;
  const price = {
    product,
    currency: currency.toLowerCase(),
    unit_amount: amountMinor,
    recurring: { interval: 'month' as const },
    lookup_key: key,
    transfer_lookup_key: true,
    metadata: { [MARK]: plan },
  };
  const idempotencyKey = `price:${key}:${currency}:${amountMinor}:${found?.id ?? 'first'}`;
  return (await ask('making a price', (stripe) => stripe.prices.create(price, { idempotencyKey }))).id;
}

async function ensureMeter(ask: AskStripe): Promise<void> {
  const meters = await ask('listing meters', (stripe) => stripe.billing.meters.list({ status: 'active', limit: 100 }).autoPagingToArray({ limit: 1_000 }));
  if (meters.some(({ event_name }) => event_name === METER_EVENT)) return;
  const meter = {
    display_name: 'Answered seconds of calls',
    event_name: METER_EVENT,
    default_aggregation: { formula: 'sum' as const },
    customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' as const },
    value_settings: { event_payload_key: 'value' },
  };
  await ask('making a meter', (stripe) => stripe.billing.meters.create(meter, { idempotencyKey: `meter:${METER_EVENT}` }));
}
