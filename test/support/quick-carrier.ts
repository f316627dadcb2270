import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/kit/clock.ts';
import { ACCOUNT } from './call-app.ts';
import { rfc2822 } from './twilio-spec.ts';
import { tokenOf, twilioSignature } from './twilio-webhook.ts';

/** One telephone that rang. */
export interface Ring {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  /** Our id of the call, as it stands in the address that is asked when somebody answers. */
  readonly callId: string;
  readonly createdAt: Date;
  status: 'queued' | 'busy' | 'no-answer' | 'failed' | 'in-progress' | 'completed' | 'canceled';
}

export type Plot =
  | { readonly type: 'busy' | 'no-answer' | 'failed' }
  /** A person answers and talks, or hangs up before anybody has said anything. */
  | { readonly type: 'talks' | 'hangs-up' }
  /** The carrier says that there is no such number. */
  | { readonly type: 'no-number' }
  /** It rings, and the answer to the request is lost; or the request is, and nothing rings. */
  | { readonly type: 'answer-lost' | 'request-lost' }
  /** How it ended is never told: it has to be asked. */
  | { readonly type: 'end-lost' };

export interface QuickCarrier extends AsyncDisposable {
  readonly url: string;
  readonly rings: readonly Ring[];
  /** The most that rang at one instant. */
  readonly mostAtOnce: number;
}

/**
 * A carrier whose calls take some milliseconds: Twilio's calls alone, with its signed webhooks. For thousands of calls; that
 * each request is right is tested with the other twin.
 *
 * @param options.plot what becomes of a call to a number, the how-manieth it is.
 * @param options.talk what happens between an answered call's token and its end.
 */
export async function quickCarrier(options: {
  clock: Clock;
  plot(to: string, nth: number): Plot;
  talk(call: { token: string; ring: Ring }): Promise<void>;
  onError(error: unknown): void;
}): Promise<QuickCarrier> {
  const { clock } = options;
  const rings: Ring[] = [];
  const bySid = new Map<string, Ring>();
  const times = new Map<string, number>();
  let [live, mostAtOnce] = [0, 0];
  const underway = new Set<Promise<void>>();

  async function tell(url: string, form: Record<string, string>): Promise<string> {
    const signature = twilioSignature(ACCOUNT.authToken, url, form);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
    const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.text();
  }

  const formOf = ({ sid, to, from }: Ring, status: string) => ({
    AccountSid: ACCOUNT.accountSid,
    ApiVersion: '2010-04-01',
    CallSid: sid,
    CallStatus: status,
    Direction: 'outbound-api',
    From: from,
    To: to,
  });

  async function play(ring: Ring, plot: Plot, { url, statusUrl }: { url: string; statusUrl: string }): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 10 + (rings.length % 5) * 10));
    const end = async (status: Ring['status'], more: Record<string, string> = {}) => {
      ring.status = status;
      live--;
      if (plot.type !== 'end-lost') await tell(statusUrl, { ...formOf(ring, status), ...more });
    };
    switch (plot.type) {
      case 'busy':
      case 'no-answer':
      case 'failed':
        return end(plot.type);
      case 'end-lost':
        return end('busy');
      default: {
        ring.status = 'in-progress';
        const token = tokenOf(await tell(url, formOf(ring, 'in-progress')));
        if (plot.type !== 'hangs-up' && token) await options.talk({ token, ring });
        return end('completed', { CallDuration: '7' });
      }
    }
  }

  function ring(form: URLSearchParams): { ring: Ring; plot: Plot } {
    const [to, from, url] = [form.get('To') ?? '', form.get('From') ?? '', form.get('Url') ?? ''];
    const nth = (times.get(to) ?? 0) + 1;
    times.set(to, nth);
    const sid = `CA${createHash('md5').update(`${rings.length}:${url}`).digest('hex')}`;
    const made: Ring = { sid, to, from, callId: new URL(url).searchParams.get('call') ?? '', createdAt: clock.now(), status: 'queued' };
    const plot = options.plot(to, nth);
    if (plot.type === 'no-number' || plot.type === 'request-lost') return { ring: made, plot };
    rings.push(made);
    bySid.set(sid, made);
    live++;
    mostAtOnce = Math.max(mostAtOnce, live);
    const playing = play(made, plot, { url, statusUrl: form.get('StatusCallback') ?? '' }).catch(options.onError);
    underway.add(playing);
    void playing.finally(() => underway.delete(playing));
    return { ring: made, plot };
  }

  const resource = ({ sid, to, from, status, createdAt }: Ring) => ({
    sid,
    account_sid: ACCOUNT.accountSid,
    to,
    from,
    status,
    direction: 'outbound-api',
    date_created: rfc2822(createdAt),
    date_updated: rfc2822(createdAt),
    start_time: rfc2822(createdAt),
    duration: status === 'completed' ? '7' : null,
    price: status === 'completed' ? '-0.01300' : null,
    price_unit: 'USD',
  });

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const address = new URL(request.url ?? '/', 'http://carrier');
    const send = (status: number, body: object) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const sid = /\/Calls\/(CA[0-9a-f]{32})\.json$/.exec(address.pathname)?.[1];
    if (sid) {
      const known = bySid.get(sid);
      return void (known ? send(200, resource(known)) : send(404, { status: 404, code: 20404, message: 'no such call' }));
    }
    if (request.method === 'POST') {
      const { ring: made, plot } = ring(new URLSearchParams(Buffer.concat(chunks).toString()));
      if (plot.type === 'no-number') return void send(400, { status: 400, code: 21211, message: 'Invalid To' });
      if (plot.type === 'request-lost' || plot.type === 'answer-lost') return void send(500, { status: 500, code: 20500, message: 'Internal error' });
      return void send(201, resource(made));
    }
    const [to, from] = [address.searchParams.get('To'), address.searchParams.get('From')];
    const calls = rings
      .filter((one) => one.to === to && one.from === from)
      .toReversed()
      .map(resource);
    return void send(200, { calls, page: 0, page_size: calls.length, next_page_uri: null, uri: address.pathname });
  }

  const server = http.createServer((request, response) => void answer(request, response).catch(options.onError));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rings,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(underway);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
