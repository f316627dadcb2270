import fs from 'node:fs';
import { z } from 'zod';
import { StartError } from '../kit/errors.ts';

const text = z.string().trim().min(1).optional();
const url = z.url().optional();
const port = z.coerce.number().int().min(0).max(65535).optional();
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['1', 'true', 'on', 'yes', '0', 'false', 'off', 'no']))
  .transform((word) => ['1', 'true', 'on', 'yes'].includes(word))
  .optional();

/** Every variable that the program reads; the meaning of each is in `.env.example`. */
const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).optional(),
  DATABASE_URL: url,
  REDIS_URL: url,
  DATA_DIR: text,
  HOST: text,
  PORT: port,
  MEDIA_PORT: port,
  WORKER_PORT: port,
  PUBLIC_URL: url,
  MEDIA_PUBLIC_URL: url,
  SECRET_KEY: z.string().min(32).optional(),
  SECRET_KEY_PREVIOUS: z.string().min(32).optional(),
  SIMULATOR: flag,
  SIMULATOR_SPEED: z.coerce.number().min(0.1).max(50).optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/)
    .optional(),
  TWILIO_AUTH_TOKEN: text,
  TWILIO_PHONE_NUMBER: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/)
    .optional(),
  TWILIO_API_URL: url,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: url,
  OPENAI_REALTIME_URL: url,
  OPENAI_REALTIME_MODEL: text,
  OPENAI_TEXT_MODEL: text,
  OPENAI_TRANSCRIPTION_MODEL: text,
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  GOOGLE_API_URL: url,
  GOOGLE_FORMS_URL: url,
  GOOGLE_OAUTH_URL: url,
  GOOGLE_TOKEN_URL: url,
  STAFF_EMAIL: z.email().toLowerCase().optional(),
  STAFF_PASSWORD: z.string().min(8).max(256).optional(),
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRET: text,
  STRIPE_API_URL: url,
  STRIPE_PRICE_BASIC: text,
  STRIPE_PRICE_PROFESSIONAL: text,
  STRIPE_PRICE_ENTERPRISE: text,
  APP_STORE_BUNDLE_ID: text,
  APP_STORE_APP_ID: z.coerce.number().int().min(1).optional(),
  APP_STORE_ISSUER_ID: text,
  APP_STORE_KEY_ID: text,
  APP_STORE_PRIVATE_KEY: text,
  APP_STORE_ROOT_CERTIFICATES: text,
  APP_STORE_API_URL: url,
  APP_STORE_ONLINE_CHECKS: flag,
  MAIL_FROM: text,
  RECORDINGS_BUCKET: text,
  S3_ENDPOINT: url,
  S3_REGION: text,
  S3_ACCESS_KEY_ID: text,
  S3_SECRET_ACCESS_KEY: text,
  CARRIER_CALLS_PER_SECOND: z.coerce.number().min(0).max(1_000).optional(),
  CALLS_PER_NUMBER_A_DAY: z.coerce.number().int().min(0).optional(),
  PRICE_LIST: text,
  FRONTEND_URL: url,
  ALLOWED_ORIGINS: text,
  TRUST_PROXY: z.coerce.number().int().min(0).optional(),
  RATE_LIMITS: flag,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  DRAIN_SECONDS: z.coerce.number().int().min(0).optional(),
});

export const VARIABLES: readonly string[] = Object.keys(environment.shape);

export type Environment = z.infer<typeof environment>;

/**
 * Reads the process's environment once; an empty variable counts as not set.
 *
 * @param variables by default the process's own, and below them those of a file `.env` where it was started.
 * @throws ConfigError naming each variable that cannot be used, and why.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = withEnvFile()): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

function withEnvFile(): NodeJS.ProcessEnv {
  // Tests run the same whatever a developer has configured.
  if (process.env.NODE_ENV !== 'test' && fs.existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}
