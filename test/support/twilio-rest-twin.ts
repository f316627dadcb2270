import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeTrouble, type NetworkTrouble } from './network-trouble.ts';
import { type TwinCall, TwinCalls } from './twilio-calls-resource.ts';
import { TwinNumbers } from './twilio-numbers-resource.ts';
import { TwinRecordings } from './twilio-recordings-resource.ts';
import { type Answered, notFound, type Parameters, refusal } from './twilio-spec.ts';

/**
 * Twilio's REST API on a local port. Every request is held against Twilio's own specification (test/fixtures/twilio-*.json),
 * and so is every answer, so that the twin cannot be kinder than the vendor.
 */
export interface TwilioRestTwin extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly TwinRequest[];
  /** What did not fit the specification, in either direction; a test that ends with some has found a fault. */
  readonly violations: readonly string[];
  /** In the order in which they were created. */
  readonly calls: TwinCall[];
  /** What is on sale and what the account holds. */
  readonly numbers: TwinNumbers;
  readonly recordings: TwinRecordings;
  /** Scripts the next requests that match, in order; all others are answered as the vendor would. */
  script(method: string, ...behaviours: Behaviour[]): void;
  /** Resolves when the next request has arrived whole and was acted upon. */
  nextRequest(): Promise<TwinRequest>;
}

export interface TwinRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: Parameters;
}

export type Behaviour =
  /** Refuses with an error body of Twilio's. */
  | { readonly type: 'refuse'; readonly status: number; readonly code: number; readonly message: string; readonly retryAfter?: string }
  | NetworkTrouble
  /** Does the work at once and answers when told to. */
  | { readonly type: 'slow'; readonly until: Promise<void> };

export async function startTwilioRestTwin(account: { accountSid: string; authToken: string }): Promise<TwilioRestTwin> {
  const requests: TwinRequest[] = [];
  const violations: string[] = [];
  const calls = new TwinCalls(account.accountSid, violations);
  const numbers = new TwinNumbers(account.accountSid, violations);
  const recordings = new TwinRecordings(account.accountSid, violations);
  const resources = [calls, numbers, recordings];
  const scripts = new Map<string, Behaviour[]>();
  const waiting: ((request: TwinRequest) => void)[] = [];
  const authorization = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`;

  const server = http.createServer((req, res) => void answer(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function answer(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const url = new URL(req.url ?? '', 'http://twin');
    const method = (req.method ?? '').toUpperCase();
    const parameters = collect(method === 'GET' ? url.searchParams : new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    const request = { method, path: url.pathname, parameters };
    requests.push(request);
    try {
      if (url.pathname.startsWith('/media-host/') && recordings.download(req, res, url)) return;
      if (req.headers.authorization !== authorization) return send(res, ...refusal(401, 20003, 'Authenticate'));
      if (recordings.download(req, res, url)) return;
      const specified = resources.flatMap((resource) => resource.operations.map((operation) => ({ resource, operation })));
      const found = specified.find(({ operation }) => operation.method === method && operation.path.test(url.pathname));
      if (!found) return send(res, ...notFound(url));
      const { resource, operation } = found;
      if (method === 'POST' && req.headers['content-type'] !== 'application/x-www-form-urlencoded')
        violations.push(`content-type ${req.headers['content-type']}`);
      if (!url.pathname.includes(account.accountSid)) violations.push(`another account: ${url.pathname}`);
      if (!operation.parameters(structuredClone(parameters))) violations.push(`${method} ${url.pathname}: ${JSON.stringify(operation.parameters.errors)}`);
      await perform(scripts.get(method)?.shift(), () => resource.act(method, url, parameters), res);
    } finally {
      waiting.shift()?.(request);
    }
  }

  async function perform(behaviour: Behaviour | undefined, work: () => Answered, res: http.ServerResponse) {
    if (!behaviour) return send(res, ...work());
    switch (behaviour.type) {
      case 'refuse': {
        const { status, code, message, retryAfter } = behaviour;
        if (retryAfter !== undefined) res.setHeader('retry-after', retryAfter);
        return send(res, ...refusal(status, code, message));
      }
      case 'slow': {
        const answered = work();
        void behaviour.until.then(() => send(res, ...answered));
        return;
      }
      default:
        makeTrouble(behaviour, work, res);
    }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    violations,
    calls: calls.calls,
    numbers,
    recordings,
    script: (method, ...behaviours) => void scripts.set(method, [...(scripts.get(method) ?? []), ...behaviours]),
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function collect(form: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(names.map((name) => [name, form.getAll(name).length > 1 ? form.getAll(name) : (form.get(name) ?? '')]));
}

function send(res: http.ServerResponse, status: number, body: object | null): void {
  if (body === null) res.writeHead(status).end();
  else res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
