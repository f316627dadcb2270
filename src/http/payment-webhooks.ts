import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, type Registry } from 'prom-client';
import { type EventStore, storePaymentEvent } from '../domain/billing/payment-events.ts';
import { subjectOf } from '../domain/billing/payment-subject.ts';
import type { Logger } from '../kit/logger.ts';
import { PaymentEventUnreadable, type Payments } from '../ports/payments.ts';
import { ReceiptRefused, type Receipts, ReceiptsUnreachable } from '../ports/receipts.ts';
import { readBody } from './request-body.ts';

export interface PaymentWebhookApp extends EventStore {
  readonly payments: Payments | null;
  readonly receipts: Receipts | null;
  readonly metrics: Registry;
  readonly logger: Logger;
}

/** Theirs are tens of kilobytes at most. */
const LARGEST_BODY = 1024 * 1024;

/** Why a delivery was not taken. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

type Take = (req: IncomingMessage, body: Buffer) => Promise<Refusal | 'stored'>;

/**
 * What payment services tell: verified, stored once by its id, and only then acknowledged; a job acts upon it. A
 * delivery that is not theirs, or too old, leaves nothing behind.
 *
 * @returns a handler that says whether the request was its to answer.
 */
export function paymentWebhooks(app: PaymentWebhookApp): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const refusals = new Counter({
    name: 'callgraph_payment_webhooks_refused_total',
    help: 'Webhooks of payment services that were not taken, by why.',
    labelNames: ['vendor', 'reason'],
    registers: [app.metrics],
  });
  const { payments, receipts } = app;
  const hooks = new Map<string, Take | null>([
    ['/webhooks/stripe', payments && takePayment(app, payments)],
    ['/webhooks/app-store', receipts && takeReceipt(app, receipts)],
  ]);

  return async (req, res) => {
    const path = (req.url ?? '').split('?', 1)[0] ?? '';
    const take = hooks.get(path);
    if (take === undefined) return false;
    const refuse = ({ status, reason, message }: Refusal): true => {
      refusals.inc({ vendor: path.slice('/webhooks/'.length), reason });
      app.logger.warn({ path, reason, remote: req.socket?.remoteAddress }, 'a webhook was refused');
      // Whoever still sends is not listened to any longer.
      if (!req.complete) res.setHeader('connection', 'close');
      answerJson(res, status, { error: message });
      return true;
    };
    if (!take) return refuse({ status: 404, reason: 'unknown', message: 'There is no such webhook.' });
    if (req.method !== 'POST') return refuse({ status: 405, reason: 'method', message: 'Webhooks are posted.' });
    const body = await readBody(req, LARGEST_BODY).catch(() => undefined);
    if (body === undefined) return true;
    if (body === null) return refuse({ status: 413, reason: 'too-large', message: 'The body is too large.' });
    try {
      const taken = await take(req, body);
      if (taken !== 'stored') return refuse(taken);
      answerJson(res, 200, { received: true });
    } catch (error) {
      app.logger.error({ err: error, path }, 'a webhook could not be stored');
      answerJson(res, 500, { error: 'The webhook could not be stored.' });
    }
    return true;
  };
}

function takePayment(app: PaymentWebhookApp, payments: Payments): Take {
  return async (req, body) => {
    try {
      const signature = req.headers['stripe-signature'];
      const event = await payments.readEvent({ body, signature: Array.isArray(signature) ? signature[0] : signature, now: app.clock.now() });
      if (!event) return { status: 403, reason: 'signature', message: 'The signature does not fit, or is too old.' };
      const { id, type, at, fact } = event;
      await storePaymentEvent(app, { vendor: 'STRIPE', id, type, at, subject: fact && subjectOf(fact), payload: { ...fact } });
      return 'stored';
    } catch (error) {
      if (error instanceof PaymentEventUnreadable) return { status: 400, reason: 'unreadable', message: `This is no event: ${error.message}.` };
      throw error;
    }
  };
}

function takeReceipt(app: PaymentWebhookApp, receipts: Receipts): Take {
  return async (_req, body) => {
    const signedPayload = signedPayloadOf(body);
    if (signedPayload === null) return { status: 400, reason: 'unreadable', message: 'The body has to be {"signedPayload": "…"}.' };
    try {
      const { id, type, at, state } = await receipts.readNotification(signedPayload);
      await storePaymentEvent(app, { vendor: 'APP_STORE', id, type, at, subject: state?.originalTransactionId ?? null, payload: { ...state } });
      return 'stored';
    } catch (error) {
      if (error instanceof ReceiptRefused)
        return { status: 403, reason: error.reason.toLowerCase().replaceAll('_', '-'), message: `Not taken: ${error.message}.` };
      // The store sends it again.
      if (error instanceof ReceiptsUnreachable) return { status: 503, reason: 'unreachable', message: 'The signature could not be checked now.' };
      throw error;
    }
  };
}

function signedPayloadOf(body: Buffer): string | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && 'signedPayload' in parsed && typeof parsed.signedPayload === 'string' ? parsed.signedPayload : null;
  } catch {
    return null;
  }
}

function answerJson(res: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...(status === 405 && { allow: 'POST' }) }).end(body);
}
