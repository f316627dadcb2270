import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { sign, withoutFragment } from './signature.ts';

/** The vendor's time limit for an answer. In real time, however fast the calls are: whoever answers is not any faster. */
const TIMEOUT_MS = 15_000;
const MAXIMUM_BODY_BYTES = 65_536;

export interface WebhookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly form: URLSearchParams;
  readonly idempotencyToken?: string;
}

export interface WebhookAnswer {
  /** Null where none came. */
  readonly status: number | null;
  readonly contentType: string;
  readonly body: string;
  readonly error: string | null;
  readonly idempotencyToken: string;
}

/**
 * Sends one signed webhook. As the vendor does it: a connection that cannot be made is tried once more, an error or a
 * slow answer is not, and the token is the same for both tries. Never rejects.
 */
export async function sendWebhook({ authToken }: { authToken: string }, request: WebhookRequest): Promise<WebhookAnswer> {
  const idempotencyToken = request.idempotencyToken ?? randomUUID();
  const target = withoutFragment(request.url);
  const url = request.method === 'GET' ? withQuery(target, request.form) : target;
  const body = request.method === 'GET' ? '' : request.form.toString();
  const headers = {
    accept: '*/*',
    'user-agent': 'TwilioProxy/1.1',
    'x-twilio-signature': sign(authToken, url, request.method === 'GET' ? undefined : request.form),
    'i-twilio-idempotency-token': idempotencyToken,
    ...(request.method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'content-length': Buffer.byteLength(body) }),
  };
  const attempt = () => exchange(url, { method: request.method, headers }, body);
  const first = await attempt();
  const answer = first.connected ? first : await attempt();
  return { status: answer.status, contentType: answer.contentType, body: answer.body, error: answer.error, idempotencyToken };
}

interface Exchange {
  readonly connected: boolean;
  readonly status: number | null;
  readonly contentType: string;
  readonly body: string;
  readonly error: string | null;
}

function exchange(url: string, options: http.RequestOptions, body: string): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  let connected = false;
  const fail = (error: Error) => resolve({ connected, status: null, contentType: '', body: '', error: error.message || error.name });
  const request = (url.startsWith('https:') ? https : http).request(url, { ...options, agent: false, timeout: TIMEOUT_MS }, (response) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAXIMUM_BODY_BYTES) request.destroy(new Error('the answer is longer than 64 KB'));
      else chunks.push(chunk);
    });
    response.on('error', fail);
    response.on('end', () =>
      resolve({
        connected,
        status: response.statusCode ?? null,
        contentType: response.headers['content-type'] ?? '',
        body: Buffer.concat(chunks).toString(),
        error: null,
      }),
    );
  });
  request.on('timeout', () => request.destroy(new Error('no answer within 15 seconds')));
  request.on('socket', (socket) => socket.once('connect', () => (connected = true)));
  request.on('error', fail);
  request.end(body);
  return promise;
}

function withQuery(url: string, form: URLSearchParams): string {
  const query = form.toString();
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}
