import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Config, resolveConfig } from '../../src/config/config.ts';
import { readEnvironment, VARIABLES } from '../../src/config/env.ts';
import { makeCertificate } from '../support/certificates.ts';

const DATA_DIR = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-config-'));
afterAll(() => fs.rmSync(DATA_DIR, { recursive: true }));

const configOf = (variables: Record<string, string>): Config => resolveConfig(readEnvironment({ DATA_DIR, ...variables }));

const PRODUCTION = {
  NODE_ENV: 'production',
  SECRET_KEY: 'k'.repeat(32),
  DATABASE_URL: 'postgresql://callgraph@db/callgraph',
  PUBLIC_URL: 'https://api.example.com/',
  MEDIA_PUBLIC_URL: 'wss://media.example.com',
};

test('with nothing configured everything has a default that works on one machine', () => {
  expect(configOf({})).toMatchObject({
    production: false,
    databaseUrl: null,
    redisUrl: null,
    host: '127.0.0.1',
    ports: { api: 4000, media: 4100, worker: 4200 },
    publicUrl: 'http://localhost:4000',
    mediaPublicUrl: 'ws://localhost:4100',
    allowedOrigins: ['http://localhost:5173'],
    trustedProxies: 0,
    rateLimits: true,
    drainSeconds: 300,
    simulator: { speed: 1 },
    twilio: null,
    openai: null,
  });
});

test('the generated key is kept, and readable by its owner alone', () => {
  const [key] = configOf({}).secretKeys;
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(configOf({}).secretKeys).toEqual([key]);
  expect(fs.statSync(path.join(DATA_DIR, 'secret-key')).mode & 0o777).toBe(0o600);
});

test.each([
  ['SECRET_KEY', '32 characters'],
  ['DATABASE_URL', 'required in production'],
  ['PUBLIC_URL', 'required in production'],
  ['MEDIA_PUBLIC_URL', 'required in production'],
] as const)('in production a missing %s is named', (variable, why) => {
  const { [variable]: _, ...rest } = PRODUCTION;
  expect(() => configOf(rest)).toThrow(`${variable}: `);
  expect(() => configOf(rest)).toThrow(why);
});

test('all that is wrong is told at once', () => {
  expect(() => configOf({ NODE_ENV: 'production' })).toThrow(/SECRET_KEY: .*DATABASE_URL: .*PUBLIC_URL: .*MEDIA_PUBLIC_URL: /s);
  expect(() => configOf({ PORT: 'http', REDIS_URL: 'localhost', RATE_LIMITS: 'perhaps' })).toThrow(/REDIS_URL: .*PORT: .*RATE_LIMITS: /s);
});

test('in production nothing is simulated, and vendors that are not configured stay out', () => {
  expect(configOf(PRODUCTION)).toMatchObject({
    production: true,
    simulator: null,
    twilio: null,
    openai: null,
    host: '0.0.0.0',
    publicUrl: 'https://api.example.com',
  });
  expect(() => configOf({ ...PRODUCTION, SIMULATOR: 'on' })).toThrow('SIMULATOR: cannot be on in production');
});

test('a vendor that is half configured is an error, and a real one turns the simulator off', () => {
  const sid = `AC${'0'.repeat(32)}`;
  expect(() => configOf({ TWILIO_ACCOUNT_SID: sid })).toThrow('TWILIO_AUTH_TOKEN: required');
  expect(() => configOf({ TWILIO_AUTH_TOKEN: 't' })).toThrow('TWILIO_ACCOUNT_SID: required');
  expect(() => configOf({ OPENAI_API_KEY: 'k', SIMULATOR: 'on' })).toThrow('SIMULATOR: cannot be on together');
  expect(configOf({ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: 't' })).toMatchObject({ simulator: null, twilio: { accountSid: sid, apiUrl: null } });
});

test('half of Google is an error; its addresses are origins or whole, and that of the APIs has no path', () => {
  expect(configOf({})).toMatchObject({ google: null, mailFrom: 'Callgraph <no-reply@localhost>' });
  expect(() => configOf({ GOOGLE_CLIENT_ID: 'i' })).toThrow('GOOGLE_CLIENT_SECRET: required');
  expect(() => configOf({ GOOGLE_CLIENT_SECRET: 's' })).toThrow('GOOGLE_CLIENT_ID: required');
  const client = { GOOGLE_CLIENT_ID: 'i', GOOGLE_CLIENT_SECRET: 's' };
  expect(configOf(client).google).toMatchObject({
    apiUrl: 'https://www.googleapis.com/',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
  });
  const gateway = { GOOGLE_API_URL: 'http://g:1', GOOGLE_OAUTH_URL: 'http://g:1/', GOOGLE_TOKEN_URL: 'http://g:1/google/token' };
  expect(configOf({ ...client, ...gateway }).google).toMatchObject({
    apiUrl: 'http://g:1/',
    authorizeUrl: 'http://g:1/o/oauth2/v2/auth',
    tokenUrl: 'http://g:1/google/token',
    revokeUrl: 'http://g:1/google/revoke',
  });
  expect(() => configOf({ ...client, GOOGLE_API_URL: 'http://g:1/google' })).toThrow('GOOGLE_API_URL: an origin');
});

test('payments that are half configured are an error, in production also what is missing to hear of them and to sell', () => {
  expect(configOf({})).toMatchObject({ stripe: null, appStore: null });
  const stripe = { STRIPE_SECRET_KEY: 'sk' };
  expect(configOf({ ...stripe, STRIPE_API_URL: 'http://s:1' }).stripe).toMatchObject({
    webhookSecret: null,
    apiUrl: 'http://s:1',
    prices: { BUSINESS_BASIC: null },
  });
  expect(() => configOf({ ...stripe, STRIPE_API_URL: 'http://s:1/stripe' })).toThrow('STRIPE_API_URL: an origin');
  expect(() => configOf({ STRIPE_WEBHOOK_SECRET: 'whsec' })).toThrow('STRIPE_SECRET_KEY: required');
  expect(() => configOf({ ...PRODUCTION, ...stripe })).toThrow(
    /STRIPE_WEBHOOK_SECRET: .*STRIPE_PRICE_BASIC: .*STRIPE_PRICE_PROFESSIONAL: .*STRIPE_PRICE_ENTERPRISE: /s,
  );
});

test('the App Store needs its app and the roots that vouch for it; a key is whole or not there', () => {
  const root = makeCertificate({ name: 'Root', authority: true }).der;
  const pem = `-----BEGIN CERTIFICATE-----\n${root.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-roots-'));
  const [der, text] = [path.join(folder, 'root.cer'), path.join(folder, 'roots.pem')];
  fs.writeFileSync(der, root);
  fs.writeFileSync(text, pem + pem);
  const app = { APP_STORE_BUNDLE_ID: 'com.example.app' };
  const rootsOf = (given: string) => configOf({ ...app, APP_STORE_ROOT_CERTIFICATES: given }).appStore?.rootCertificates.map((one) => one.equals(root));
  expect(rootsOf(der)).toEqual([true]);
  expect(rootsOf(`${der}, ${text}`)).toEqual([true, true, true]);
  expect(rootsOf(root.toString('base64'))).toEqual([true]);
  expect(rootsOf(pem.replaceAll('\n', '\\n'))).toEqual([true]);
  expect(() => rootsOf('/no/such/file.cer')).toThrow('APP_STORE_ROOT_CERTIFICATES: /no/such/file.cer is neither');
  expect(() => configOf(app)).toThrow('APP_STORE_ROOT_CERTIFICATES: required');
  expect(() => configOf({ APP_STORE_KEY_ID: 'k' })).toThrow('APP_STORE_BUNDLE_ID: required');
  const rooted = { ...app, APP_STORE_ROOT_CERTIFICATES: der };
  expect(() => configOf({ ...rooted, APP_STORE_KEY_ID: 'k', APP_STORE_ISSUER_ID: 'i' })).toThrow('APP_STORE_PRIVATE_KEY: required');
  expect(configOf(rooted).appStore).toMatchObject({ api: null, environments: ['PRODUCTION', 'SANDBOX'], onlineChecks: false, appId: null });
  expect(configOf({ ...PRODUCTION, ...rooted }).appStore).toMatchObject({ environments: ['PRODUCTION'] });
});

test('the realtime address follows the gateway that OpenAI is reached by', () => {
  const { openai } = configOf({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://gateway.example.com/openai/v1/' });
  expect(openai?.realtimeUrl).toBe('wss://gateway.example.com/openai/v1/realtime');
});

test('an empty variable counts as not set', () => {
  expect(configOf({ PORT: '', REDIS_URL: '', SECRET_KEY_PREVIOUS: '' })).toMatchObject({ ports: { api: 4000 }, redisUrl: null });
});

test('.env.example documents every setting, and holds no other', () => {
  const example = fs.readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const documented = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  expect(documented.toSorted()).toEqual(VARIABLES.toSorted());
});

test('.env.example as it stands configures nothing, and each value in it can be used', () => {
  const example = fs.readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const values = [...example.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  expect(values.filter(([, mark]) => mark === '')).toEqual([]);
  expect(() => readEnvironment(Object.fromEntries(values.map(([, , name, value]) => [name, value])))).not.toThrow();
});
