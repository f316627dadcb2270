import { createPayments } from './app.ts';
import { readEnvironment } from './config/env.ts';
import { stripeConfig } from './config/payments.ts';
import { CATALOGUE } from './domain/plans/catalogue.ts';
import { PAID_PLANS } from './ports/payments.ts';

/** `npm run stripe:products`: makes what is missing of products, prices and the meter, and prints the settings that name the prices. */
async function publishProducts(): Promise<number> {
  const problems: string[] = [];
  const payments = createPayments({ stripe: stripeConfig(readEnvironment(), problems) });
  if (!payments || problems.length > 0) {
    console.error(problems.join('\n') || 'STRIPE_SECRET_KEY: required, to make products at Stripe');
    return 1;
  }
  const offers = PAID_PLANS.map((plan) => ({ plan, name: CATALOGUE[plan].name, amountMinor: CATALOGUE[plan].priceCents, currency: 'USD' }));
  for (const { plan, priceId } of await payments.publish(offers)) console.log(`STRIPE_PRICE_${plan.replace('BUSINESS_', '')}=${priceId}`);
  return 0;
}

if (import.meta.main) process.exitCode = await publishProducts();
