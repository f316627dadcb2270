import { pino, stdTimeFunctions } from 'pino';

export type Logger = ReturnType<typeof createLogger>;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

const SECRETS = ['authorization', 'cookie', 'password', 'passwordHash', 'token', 'accessToken', 'refreshToken', 'authToken', 'apiKey', 'secret', 'secretKey'];
const WORDS = ['text', 'heardText', 'transcript', 'arguments', 'result', 'instructions', 'body', 'details', 'customerName', 'callerName'];

/**
 * One JSON line per event on standard output. Secrets are redacted at every level; what people said
 * is redacted at info and above and shown only to somebody who asked for debug.
 */
export function createLogger(level: LogLevel, base: Record<string, unknown> = {}, destination?: { write(line: string): void }) {
  const hidden = level === 'debug' || level === 'trace' ? SECRETS : [...SECRETS, ...WORDS];
  const options = {
    level,
    base,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
