import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { STRIPE_KEY, startStripeTwin } from '../support/stripe-twin.ts';

const PROGRAM = path.join(import.meta.dirname, '..', '..', 'src', 'stripe-products.ts');
const run = (env: Record<string, string>) => promisify(execFile)(process.execPath, [PROGRAM], { env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env } });

test('products, prices and the meter are made, and named as settings; a second run makes nothing', async () => {
  await using twin = await startStripeTwin();
  const env = { STRIPE_SECRET_KEY: STRIPE_KEY, STRIPE_API_URL: twin.url };
  const first = await run(env);
  expect(first.stdout).toMatch(/^STRIPE_PRICE_BASIC=price_\w+\nSTRIPE_PRICE_PROFESSIONAL=price_\w+\nSTRIPE_PRICE_ENTERPRISE=price_\w+\n$/);
  expect((await run(env)).stdout).toBe(first.stdout);
  const { products, prices, meters } = twin.account;
  expect([...products.values()].map(({ name }) => name)).toEqual(['Basic', 'Professional', 'Enterprise']);
  expect([...prices.values()].map(({ unit_amount, currency }) => [unit_amount, currency])).toEqual([
    [4_999, 'usd'],
    [9_900, 'usd'],
    [29_900, 'usd'],
  ]);
  expect([...meters.values()].map(({ event_name }) => event_name)).toEqual(['callgraph_answered_seconds']);
  expect(twin.violations).toEqual([]);
});

test('without a key it says which setting is missing', async () => {
  await expect(run({})).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('STRIPE_SECRET_KEY: required') });
});
