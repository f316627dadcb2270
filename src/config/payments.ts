import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import type { Environment } from './env.ts';

export interface StripeConfig {
  readonly secretKey: string;
  /** Null: no webhook of Stripe's is believed. */
  readonly webhookSecret: string | null;
  /** An origin; null: the vendor's own. */
  readonly apiUrl: string | null;
  /** Null: the plan cannot be sold. */
  readonly prices: Readonly<Record<'BUSINESS_BASIC' | 'BUSINESS_PROFESSIONAL' | 'BUSINESS_ENTERPRISE', string | null>>;
}

export interface AppStoreConfig {
  readonly bundleId: string;
  readonly appId: number | null;
  /** DER. */
  readonly rootCertificates: readonly Buffer[];
  readonly environments: readonly ('PRODUCTION' | 'SANDBOX')[];
  readonly onlineChecks: boolean;
  readonly api: { readonly issuerId: string; readonly keyId: string; readonly privateKey: string } | null;
  /** Null: Apple's own, by environment. */
  readonly apiUrl: string | null;
}

/** The part of Stripe's settings with which products and prices are made; the others come of that. */
export function stripeConfig(env: Environment, problems: string[]): StripeConfig | null {
  const others = [env.STRIPE_WEBHOOK_SECRET, env.STRIPE_PRICE_BASIC, env.STRIPE_PRICE_PROFESSIONAL, env.STRIPE_PRICE_ENTERPRISE];
  if (!env.STRIPE_SECRET_KEY) {
    if (others.some(Boolean)) problems.push('STRIPE_SECRET_KEY: required with STRIPE_WEBHOOK_SECRET and STRIPE_PRICE_*');
    return null;
  }
  const apiUrl = env.STRIPE_API_URL ? new URL(env.STRIPE_API_URL) : null;
  if (apiUrl && apiUrl.pathname !== '/') problems.push("STRIPE_API_URL: an origin without a path; Stripe's library has no room for one");
  return {
    secretKey: env.STRIPE_SECRET_KEY,
    webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? null,
    apiUrl: apiUrl?.origin ?? null,
    prices: {
      BUSINESS_BASIC: env.STRIPE_PRICE_BASIC ?? null,
      BUSINESS_PROFESSIONAL: env.STRIPE_PRICE_PROFESSIONAL ?? null,
      BUSINESS_ENTERPRISE: env.STRIPE_PRICE_ENTERPRISE ?? null,
    },
  };
}

/** In production what is sold has to be wholly set up: money that comes in unheard of is worse than none. */
export function incompleteStripe(stripe: StripeConfig): string[] {
  const price = ([plan, id]: [string, string | null]) =>
    id ? [] : [`STRIPE_PRICE_${plan.replace('BUSINESS_', '')}: required in production with STRIPE_SECRET_KEY; npm run stripe:products makes it`];
  const secret = stripe.webhookSecret ? [] : ['STRIPE_WEBHOOK_SECRET: required in production with STRIPE_SECRET_KEY; without it payments are not heard of'];
  return [...secret, ...Object.entries(stripe.prices).flatMap(price)];
}

export function appStoreConfig(env: Environment, problems: string[]): AppStoreConfig | null {
  const { APP_STORE_BUNDLE_ID: bundleId, APP_STORE_ISSUER_ID: issuerId, APP_STORE_KEY_ID: keyId, APP_STORE_PRIVATE_KEY: privateKey } = env;
  const key = { APP_STORE_ISSUER_ID: issuerId, APP_STORE_KEY_ID: keyId, APP_STORE_PRIVATE_KEY: privateKey };
  if (!bundleId) {
    if (env.APP_STORE_ROOT_CERTIFICATES || Object.values(key).some(Boolean)) problems.push('APP_STORE_BUNDLE_ID: required with the other APP_STORE_* settings');
    return null;
  }
  if (Object.values(key).some(Boolean)) {
    for (const [name, value] of Object.entries(key)) if (!value) problems.push(`${name}: required with the rest of the key of the App Store Server API`);
  }
  return {
    bundleId,
    appId: env.APP_STORE_APP_ID ?? null,
    rootCertificates: rootCertificates(env.APP_STORE_ROOT_CERTIFICATES, problems),
    // In a sandbox anybody buys for nothing.
    environments: env.NODE_ENV === 'production' ? ['PRODUCTION'] : ['PRODUCTION', 'SANDBOX'],
    onlineChecks: env.APP_STORE_ONLINE_CHECKS ?? false,
    api: issuerId && keyId && privateKey ? { issuerId, keyId, privateKey: pem(privateKey) } : null,
    apiUrl: env.APP_STORE_API_URL?.replace(/\/+$/, '') ?? null,
  };
}

/** A key in one line: its line ends written as `\n`, or all of it in base64. */
const pem = (text: string): string => (text.includes('-----BEGIN') ? text.replaceAll('\\n', '\n') : Buffer.from(text, 'base64').toString('utf8'));

const PEM_BLOCKS = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @param given files (DER or PEM) or certificates (PEM, or DER in base64), separated by commas. */
function rootCertificates(given: string | undefined, problems: string[]): Buffer[] {
  const name = 'APP_STORE_ROOT_CERTIFICATES';
  if (!given) {
    problems.push(`${name}: required with APP_STORE_BUNDLE_ID; see https://www.apple.com/certificateauthority/`);
    return [];
  }
  const sources = given.includes('-----BEGIN') ? [given.replaceAll('\\n', '\n')] : given.split(',').map((source) => source.trim());
  return sources.flatMap((source) => {
    try {
      const content = source.includes('-----BEGIN') ? Buffer.from(source) : fs.existsSync(source) ? fs.readFileSync(source) : Buffer.from(source, 'base64');
      const blocks = content.toString('latin1').match(PEM_BLOCKS) ?? [content];
      return blocks.map((block) => new X509Certificate(block).raw);
    } catch {
      problems.push(`${name}: ${source.length > 80 ? `${source.slice(0, 80)}…` : source} is neither a file nor a certificate`);
      return [];
    }
  });
}
