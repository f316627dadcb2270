import { createSealer } from '../../src/kit/seal.ts';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';

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
  payments: null,
  receipts: null,
  mailer: outbox(),
  sealer: createSealer([SECRET]),
  config: { mailFrom: 'Callgraph <no-reply@example.com>', frontendUrl: 'http://localhost:5173' },
});
