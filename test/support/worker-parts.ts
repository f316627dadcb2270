import os from 'node:os';
import path from 'node:path';
import { DEFAULT_PRICES } from '../../src/config/prices.ts';
import { createSealer } from '../../src/kit/seal.ts';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';
import { diskBlobs } from '../../src/vendors/embedded/blobs.ts';

export const SECRET = 'a secret key for tests, 32 characters';

/** A mailer that keeps what it was given. */
export interface Outbox extends Mailer {
  readonly mails: Mail[];
}

export const outbox = (): Outbox => {
  const mails: Mail[] = [];
  return { mails, send: async (mail) => void mails.push(mail) };
};

/** The parts of a worker's app that have nothing to do with calls. */
export const workerParts = () => ({
  calendar: null,
  textModel: null,
  transcriber: null,
  payments: null,
  receipts: null,
  mailer: outbox(),
  blobs: diskBlobs({ folder: path.join(os.tmpdir(), `callgraph-blobs-${process.pid}`) }),
  sealer: createSealer([SECRET]),
  config: {
    mailFrom: 'Callgraph <no-reply@example.com>',
    frontendUrl: 'http://localhost:5173',
    publicUrl: 'https://voice.example.com',
    secretKeys: [SECRET] as const,
    prices: DEFAULT_PRICES,
    production: true,
    callsPerSecond: 0,
    callsPerNumberADay: 0,
    twilio: null,
  },
});
