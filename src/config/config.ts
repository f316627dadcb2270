import path from 'node:path';
import type { LogLevel } from '../kit/logger.ts';
import { ConfigError, type Environment } from './env.ts';
import { type AppStoreConfig, appStoreConfig, incompleteStripe, type StripeConfig, stripeConfig } from './payments.ts';
import { type PriceList, priceList } from './prices.ts';
import { developmentSecret } from './secrets.ts';

export interface Config {
  readonly production: boolean;
  readonly logLevel: LogLevel;
  /** Where the embedded defaults keep their files. */
  readonly dataDir: string;
  /** Null: embedded Postgres in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Null: Postgres LISTEN/NOTIFY. */
  readonly redisUrl: string | null;
  readonly host: string;
  readonly ports: { readonly api: number; readonly media: number; readonly worker: number };
  /** What vendors are told, without a slash at the end; webhook signatures are checked against it. */
  readonly publicUrl: string;
  readonly mediaPublicUrl: string;
  /** The first signs; all verify. */
  readonly secretKeys: readonly [string, ...string[]];
  readonly frontendUrl: string;
  readonly allowedOrigins: readonly string[];
  /** How many proxies in front are ours: that many entries of X-Forwarded-For are believed. */
  readonly trustedProxies: number;
  readonly rateLimits: boolean;
  readonly drainSeconds: number;
  /** Null: no simulator. */
  readonly simulator: { readonly speed: number } | null;
  readonly twilio: TwilioConfig | null;
  readonly openai: OpenAiConfig | null;
  readonly google: GoogleConfig | null;
  /** Where recordings are kept; null: in `dataDir`. */
  readonly recordings: BucketConfig | null;
  readonly stripe: StripeConfig | null;
  readonly appStore: AppStoreConfig | null;
  /** The first of the platform's staff, made at the start; null: nobody is. The address is in lower case. */
  readonly staff: { readonly email: string; readonly password: string } | null;
  /** Who mails are from: `Name <address>` or an address. */
  readonly mailFrom: string;
  /** Calls that campaigns place a second with the carrier's account, all workspaces together; 0: no limit. */
  readonly callsPerSecond: number;
  /** Calls that campaigns place a day from one number; 0: no limit. */
  readonly callsPerNumberADay: number;
  /** What vendors charge, for the costs of calls. */
  readonly prices: PriceList;
}

export interface TwilioConfig {
  readonly accountSid: string;
  readonly authToken: string;
  /** The shared number, E.164. */
  readonly phoneNumber: string | null;
  /** Null: the vendor's own. */
  readonly apiUrl: string | null;
}

export interface BucketConfig {
  readonly bucket: string;
  readonly region: string;
  /** Null: Amazon's own. */
  readonly endpoint: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface OpenAiConfig {
  readonly apiKey: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly realtimeUrl: string;
  readonly realtimeModel: string;
  readonly textModel: string;
  readonly transcriptionModel: string;
}

export interface GoogleConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The origin of the APIs, with a slash at the end. */
  readonly apiUrl: string;
  /** The origin of the Forms API, with a slash at the end. */
  readonly formsUrl: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
}

/**
 * Turns the environment into settings: fills the defaults and checks what has to fit together.
 *
 * @throws ConfigError naming the variable that is missing or contradicts another.
 */
export function resolveConfig(env: Environment): Config {
  const production = env.NODE_ENV === 'production';
  const problems: string[] = [];
  const dataDir = path.resolve(env.DATA_DIR ?? '.data');
  const twilio = twilioConfig(env, problems);
  const openai = openAiConfig(env);
  const google = googleConfig(env, problems);
  const recordings = bucketConfig(env, problems);
  const prices = priceList(env.PRICE_LIST, problems);
  const stripe = stripeConfig(env, problems);
  const appStore = appStoreConfig(env, problems);
  const simulated = env.SIMULATOR ?? (!production && !twilio && !openai);

  if (production) {
    if (!env.SECRET_KEY) problems.push('SECRET_KEY: required in production; 32 characters or more');
    if (!env.DATABASE_URL) problems.push('DATABASE_URL: required in production; the embedded database is for development');
    if (!env.PUBLIC_URL) problems.push('PUBLIC_URL: required in production; carriers call back to it');
    if (!env.MEDIA_PUBLIC_URL) problems.push('MEDIA_PUBLIC_URL: required in production; carriers open their media sockets there');
    if (simulated) problems.push('SIMULATOR: cannot be on in production');
    if (stripe) problems.push(...incompleteStripe(stripe));
  }
  if (simulated && (twilio || openai)) problems.push('SIMULATOR: cannot be on together with TWILIO_* or OPENAI_* keys; calls would be half real');
  if (env.STAFF_EMAIL && !env.STAFF_PASSWORD) problems.push('STAFF_PASSWORD: required with STAFF_EMAIL');
  if (env.STAFF_PASSWORD && !env.STAFF_EMAIL) problems.push('STAFF_EMAIL: required with STAFF_PASSWORD');
  if (env.CARRIER_CALLS_PER_SECOND === 0 && production) {
    problems.push('CARRIER_CALLS_PER_SECOND: more than 0 in production; carriers queue or refuse what is too much');
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const ports = { api: env.PORT ?? 4000, media: env.MEDIA_PORT ?? 4100, worker: env.WORKER_PORT ?? 4200 };
  const frontendUrl = env.FRONTEND_URL ?? 'http://localhost:5173';
  return {
    production,
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    dataDir,
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    ports,
    publicUrl: withoutSlash(env.PUBLIC_URL ?? `http://localhost:${ports.api}`),
    mediaPublicUrl: withoutSlash(env.MEDIA_PUBLIC_URL ?? `ws://localhost:${ports.media}`),
    secretKeys: [env.SECRET_KEY ?? developmentSecret(dataDir), ...(env.SECRET_KEY_PREVIOUS ? [env.SECRET_KEY_PREVIOUS] : [])],
    frontendUrl,
    allowedOrigins: (env.ALLOWED_ORIGINS ?? frontendUrl).split(',').map((origin) => withoutSlash(origin.trim())),
    trustedProxies: env.TRUST_PROXY ?? 0,
    rateLimits: env.RATE_LIMITS ?? true,
    drainSeconds: env.DRAIN_SECONDS ?? 300,
    simulator: simulated ? { speed: env.SIMULATOR_SPEED ?? 1 } : null,
    twilio,
    openai,
    google,
    recordings,
    stripe,
    appStore,
    staff: env.STAFF_EMAIL && env.STAFF_PASSWORD ? { email: env.STAFF_EMAIL, password: env.STAFF_PASSWORD } : null,
    mailFrom: env.MAIL_FROM ?? 'Callgraph <no-reply@localhost>',
    callsPerSecond: env.CARRIER_CALLS_PER_SECOND ?? 1,
    callsPerNumberADay: env.CALLS_PER_NUMBER_A_DAY ?? 500,
    prices,
  };
}

function twilioConfig(env: Environment, problems: string[]): TwilioConfig | null {
  if (!env.TWILIO_ACCOUNT_SID && !env.TWILIO_AUTH_TOKEN) return null;
  if (!env.TWILIO_ACCOUNT_SID) problems.push('TWILIO_ACCOUNT_SID: required with TWILIO_AUTH_TOKEN');
  if (!env.TWILIO_AUTH_TOKEN) problems.push('TWILIO_AUTH_TOKEN: required with TWILIO_ACCOUNT_SID');
  return {
    accountSid: env.TWILIO_ACCOUNT_SID ?? '',
    authToken: env.TWILIO_AUTH_TOKEN ?? '',
    phoneNumber: env.TWILIO_PHONE_NUMBER ?? null,
    apiUrl: env.TWILIO_API_URL ? withoutSlash(env.TWILIO_API_URL) : null,
  };
}

function openAiConfig(env: Environment): OpenAiConfig | null {
  if (!env.OPENAI_API_KEY) return null;
  const restUrl = withoutSlash(env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1');
  return {
    apiKey: env.OPENAI_API_KEY,
    baseUrl: restUrl,
    realtimeUrl: env.OPENAI_REALTIME_URL ?? `${restUrl.replace(/^http/, 'ws')}/realtime`,
    realtimeModel: env.OPENAI_REALTIME_MODEL ?? 'gpt-realtime',
    textModel: env.OPENAI_TEXT_MODEL ?? 'gpt-4.1-mini',
    transcriptionModel: env.OPENAI_TRANSCRIPTION_MODEL ?? 'gpt-4o-mini-transcribe',
  };
}

function bucketConfig(env: Environment, problems: string[]): BucketConfig | null {
  const { RECORDINGS_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket) {
    if (accessKeyId || secretAccessKey || env.S3_ENDPOINT) problems.push('RECORDINGS_BUCKET: required with S3_*; without them recordings are kept in DATA_DIR');
    return null;
  }
  if (!accessKeyId) problems.push('S3_ACCESS_KEY_ID: required with RECORDINGS_BUCKET');
  if (!secretAccessKey) problems.push('S3_SECRET_ACCESS_KEY: required with RECORDINGS_BUCKET');
  return {
    bucket,
    region: env.S3_REGION ?? 'us-east-1',
    endpoint: env.S3_ENDPOINT ? withoutSlash(env.S3_ENDPOINT) : null,
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: secretAccessKey ?? '',
  };
}

function googleConfig(env: Environment, problems: string[]): GoogleConfig | null {
  if (!env.GOOGLE_CLIENT_ID && !env.GOOGLE_CLIENT_SECRET) return null;
  if (!env.GOOGLE_CLIENT_ID) problems.push('GOOGLE_CLIENT_ID: required with GOOGLE_CLIENT_SECRET');
  if (!env.GOOGLE_CLIENT_SECRET) problems.push('GOOGLE_CLIENT_SECRET: required with GOOGLE_CLIENT_ID');
  const apiUrl = new URL(env.GOOGLE_API_URL ?? 'https://www.googleapis.com');
  if (apiUrl.pathname !== '/') problems.push("GOOGLE_API_URL: an origin without a path; Google's library loses the path");
  const tokenUrl = withPath(env.GOOGLE_TOKEN_URL ?? 'https://oauth2.googleapis.com', '/token');
  return {
    clientId: env.GOOGLE_CLIENT_ID ?? '',
    clientSecret: env.GOOGLE_CLIENT_SECRET ?? '',
    apiUrl: apiUrl.href,
    authorizeUrl: withPath(env.GOOGLE_OAUTH_URL ?? 'https://accounts.google.com', '/o/oauth2/v2/auth'),
    tokenUrl,
    formsUrl: `${new URL(env.GOOGLE_FORMS_URL ?? 'https://forms.googleapis.com').origin}/`,
    // Google's are neighbours: https://oauth2.googleapis.com/token and /revoke.
    revokeUrl: new URL('revoke', tokenUrl).href,
  };
}

/** An address as it stands, or, where it is an origin alone, with a path. */
function withPath(address: string, path: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = path;
  return url.href;
}

const withoutSlash = (address: string) => address.replace(/\/+$/, '');
