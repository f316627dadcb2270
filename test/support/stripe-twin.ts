import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { StripeAccountState } from './stripe-account.ts';
import { perform, type Reply } from './stripe-requests.ts';
import { readForm, STRIPE_VERSION, type StripeOperation, stripeOperations } from './stripe-spec.ts';

// Stripe on a port of its own. Every request is held against Stripe's own declarations (test/fixtures/stripe-api.json),
// and so is every answer; writes are done once for each idempotency key.

export interface StripeTwin extends AsyncDisposable {
  readonly url: string;
  readonly account: StripeAccountState;
  readonly requests: readonly StripeRequest[];
  /** What did not fit the specification; a test that ends with some has found a fault. */
  readonly violations: readonly string[];
  /** Scripts the next requests to an operation, e.g. `POST /v1/customers`; all others are answered as Stripe would. */
  script(operation: string, ...behaviours: StripeBehaviour[]): void;
}

export interface StripeRequest {
  readonly operation: string;
  readonly id: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string | null;
  /** Whether it was answered from an earlier one with the same key. */
  readonly replayed: boolean;
}

export type StripeBehaviour =
  /** Breaks the connection, having done the work or not. */
  | { readonly type: 'break'; readonly done: boolean }
  /** Refuses with an error body of Stripe's, and says that the library is not to try again. */
  | { readonly type: 'refuse'; readonly status: number; readonly code: string }
  /** Does the work at once and answers when told to. */
  | { readonly type: 'wait'; readonly asked: () => void; readonly until: Promise<void> };

export const STRIPE_KEY = 'sk_test_callgraph';

export async function startStripeTwin({
  now = () => Math.floor(Date.now() / 1_000),
  pageSize = 100,
  mark = '',
}: {
  now?: () => number;
  pageSize?: number;
  mark?: string;
} = {}): Promise<StripeTwin> {
  const operations = stripeOperations();
  const account = new StripeAccountState(now, mark);
  const requests: StripeRequest[] = [];
  const violations: string[] = [];
  const scripts = new Map<string, StripeBehaviour[]>();
  const answered = new Map<string, { readonly fingerprint: string; readonly reply: Reply }>();

  const server = http.createServer((req, res) => void take(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function take(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const url = new URL(req.url ?? '', 'http://twin');
    const method = req.method ?? '';
    const form = new URLSearchParams(method !== 'POST' ? url.search : Buffer.concat(chunks).toString('utf8'));
    if (req.headers.authorization !== `Bearer ${STRIPE_KEY}`)
      return send(res, [401, failure('invalid_request_error', 'api_key_invalid', 'Invalid API Key provided')]);
    const operation = operations.find((one) => one.method === method && one.path.test(url.pathname));
    if (!operation) {
      violations.push(`${method} ${url.pathname} is no operation`);
      return send(res, [404, failure('invalid_request_error', 'url_invalid', `Unrecognized request URL (${method}: ${url.pathname})`)]);
    }
    const params = check(operation, req, form);
    const key = header(req, 'idempotency-key');
    const behaviour = scripts.get(operation.name)?.shift();
    if (behaviour?.type === 'refuse')
      return send(res, [behaviour.status, failure('invalid_request_error', behaviour.code, 'scripted')], { 'stripe-should-retry': 'false' });
    if (behaviour?.type === 'break' && !behaviour.done) return void res.destroy();
    const id = operation.path.exec(url.pathname)?.[1] ?? null;
    const { reply, replayed } = act(operation, id, params, method === 'POST' ? key : null);
    requests.push({ operation: operation.name, id, params, idempotencyKey: key, replayed });
    if (behaviour?.type === 'break') return void res.destroy();
    if (behaviour?.type === 'wait') {
      behaviour.asked();
      await behaviour.until;
    }
    send(res, reply, replayed ? { 'idempotent-replayed': 'true' } : {});
  }

  function check(operation: StripeOperation, req: http.IncomingMessage, form: URLSearchParams): Record<string, unknown> {
    const wrong = (what: string) => violations.push(`${operation.name}: ${what}`);
    if (header(req, 'stripe-version') !== STRIPE_VERSION) wrong(`version ${header(req, 'stripe-version')}`);
    if (operation.method === 'POST' && header(req, 'content-type') !== 'application/x-www-form-urlencoded')
      wrong(`content type ${header(req, 'content-type')}`);
    const key = header(req, 'idempotency-key');
    if (operation.method === 'POST' && (!key || key.length > 255)) wrong(`idempotency key ${key}`);
    const params = readForm(form);
    // Coerced in place: from here on numbers are numbers.
    if (operation.params ? !operation.params(params) : Object.keys(params).length > 0)
      wrong(`${JSON.stringify(params)}: ${JSON.stringify(operation.params?.errors)}`);
    return params;
  }

  function act(operation: StripeOperation, id: string | null, params: Record<string, unknown>, key: string | null): { reply: Reply; replayed: boolean } {
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([operation.name, id, params]))
      .digest('hex');
    const before = key ? answered.get(key) : undefined;
    if (before && before.fingerprint !== fingerprint)
      return { reply: [400, failure('idempotency_error', null, 'Keys for idempotent requests can only be used with the same parameters')], replayed: false };
    if (before) return { reply: before.reply, replayed: true };
    const reply = perform(account, operation.name, id, params, pageSize);
    if (reply[0] === 200 && !operation.reply(reply[1])) violations.push(`the twin's answer to ${operation.name}: ${JSON.stringify(operation.reply.errors)}`);
    if (key && reply[0] < 400) answered.set(key, { fingerprint, reply });
    return { reply, replayed: false };
  }

  return {
    url: `http://127.0.0.1:${port}`,
    account,
    requests,
    violations,
    script: (operation, ...behaviours) => void scripts.set(operation, [...(scripts.get(operation) ?? []), ...behaviours]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const header = (req: http.IncomingMessage, name: string) => [req.headers[name] ?? null].flat()[0] ?? null;

const failure = (type: string, code: string | null, message: string) => ({ error: { type, code, message } });

function send(res: http.ServerResponse, [status, body]: Reply, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_twin', ...headers }).end(JSON.stringify(body));
}
