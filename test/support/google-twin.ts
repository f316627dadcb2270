import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { GoogleCalendarState, type GoogleEvent } from './google-calendar-state.ts';
import { EVENTS_SCOPE, FREE_BUSY_SCOPE, GoogleOAuthState } from './google-oauth-state.ts';
import { googleOperations, type Operation } from './google-spec.ts';
import { makeTrouble, type NetworkTrouble } from './network-trouble.ts';

// Google as far as we ask it: consent, tokens and the calendar, on a port of its own. Requests and its own answers are
// checked against Google's discovery document.

export interface GoogleTwin extends AsyncDisposable {
  readonly url: string;
  readonly oauth: GoogleOAuthState;
  /** The account's main calendar, which also goes by the account's address. */
  readonly calendar: GoogleCalendarState;
  readonly requests: readonly TwinRequest[];
  /** What did not fit the specification; a test that ends with some has found a fault. */
  violations(): readonly string[];
  /** Which events people were told of by mail, in order. */
  readonly invitations: readonly string[];
  /** Scripts the next requests to an operation, e.g. `events.insert` or `token`; all others are answered as Google would. */
  script(operation: string, ...behaviours: Behaviour[]): void;
  /** The twin's clock goes so far before the machine's. */
  skewMs: number;
}

export interface TwinRequest {
  /** As the discovery document calls it; `token`, `revoke`, `userinfo` or `unknown`. */
  readonly operation: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Behaviour =
  /** Refuses with an error body of Google's. */
  | { readonly type: 'refuse'; readonly status: number; readonly reason: string; readonly retryAfter?: string }
  | NetworkTrouble
  /** Does the work once told to, and tells when it has been asked. */
  | { readonly type: 'wait'; readonly asked: () => void; readonly until: Promise<void> };

export const ACCOUNT = { id: '1000', email: 'owner@example.com' };

/** Settings that point the whole program at a twin. */
export const googleSettings = ({ url, oauth }: GoogleTwin) => ({
  GOOGLE_CLIENT_ID: oauth.client.id,
  GOOGLE_CLIENT_SECRET: oauth.client.secret,
  GOOGLE_API_URL: url,
  GOOGLE_TOKEN_URL: url,
  GOOGLE_OAUTH_URL: url,
});

type Answer = readonly [status: number, body: object | null];

export async function startGoogleTwin({ pageSize = 2_500, now = Date.now }: { pageSize?: number; now?: () => number } = {}): Promise<GoogleTwin> {
  const { operations, userinfo } = googleOperations();
  const requests: TwinRequest[] = [];
  const violations: string[] = [];
  const invitations: string[] = [];
  const scripts = new Map<string, Behaviour[]>();
  const calendar = new GoogleCalendarState('America/Chicago');
  const oauth = new GoogleOAuthState(() => now() + twin.skewMs);

  const server = http.createServer((req, res) => void answer(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function answer(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(req.url ?? '', 'http://twin');
    const found = operations.find(({ httpMethod, path }) => httpMethod === req.method && path.test(url.pathname));
    const name = found?.name ?? ({ '/token': 'token', '/revoke': 'revoke', '/oauth2/v2/userinfo': 'userinfo' }[url.pathname] || 'unknown');
    const query = Object.fromEntries(url.searchParams);
    const isForm = req.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
    requests.push({ operation: name, query, body: text === '' ? null : isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text) });
    if (found) check(found, url, text === '' ? null : JSON.parse(text));
    if (name === 'unknown') violations.push(`${req.method} ${url.pathname} is not known`);

    const work = (): Answer => {
      if (name === 'token' || name === 'revoke') {
        if (!isForm) violations.push(`${name} with ${req.headers['content-type']}`);
        const { status, body } = oauth[name](new URLSearchParams(text));
        return [status, body];
      }
      const grant = oauth.whoAsks(req.headers.authorization);
      if (!grant) return failure(401, 'authError');
      if (name === 'userinfo') {
        const body = { id: grant.accountId, email: ACCOUNT.email, verified_email: true };
        if (!userinfo(body)) violations.push(JSON.stringify(userinfo.errors));
        return [200, body];
      }
      const scope = name === 'freebusy.query' ? FREE_BUSY_SCOPE : EVENTS_SCOPE;
      if (!grant.scope.split(' ').includes(scope)) return failure(403, 'insufficientPermissions');
      if (!found) return failure(404, 'notFound');
      const done = perform(found, url, text === '' ? {} : JSON.parse(text), req.headers['if-match']);
      if (done[0] === 200 && found.reply && !found.reply(done[1])) violations.push(`the twin's own ${name}: ${JSON.stringify(found.reply.errors)}`);
      return done;
    };
    await behave(scripts.get(name)?.shift(), work, res, name === 'token' || name === 'revoke');
  }

  function check({ name, query, body, pathNames }: Operation, url: URL, given: unknown): void {
    const parameters = Object.fromEntries([...new Set(url.searchParams.keys())].map((key) => [key, single(url.searchParams.getAll(key))]));
    if (!query(parameters)) violations.push(`${name}: ${JSON.stringify(query.errors)}`);
    if (body && !body(given)) violations.push(`${name}: ${JSON.stringify(body.errors)}`);
    if (!body && given !== null) violations.push(`${name} takes no body`);
    if (pathNames.length > 0 && url.pathname.includes('//')) violations.push(`${name}: a name in the path is empty`);
  }

  async function behave(behaviour: Behaviour | undefined, work: () => Answer, res: http.ServerResponse, ofTokens: boolean): Promise<void> {
    const refusal = (status: number, reason: string): Answer => (ofTokens ? [status, { error: reason }] : failure(status, reason));
    if (!behaviour) return send(res, ...work());
    switch (behaviour.type) {
      case 'refuse':
        if (behaviour.retryAfter) res.setHeader('retry-after', behaviour.retryAfter);
        return send(res, ...refusal(behaviour.status, behaviour.reason));
      case 'wait':
        behaviour.asked();
        await behaviour.until;
        return send(res, ...work());
      default:
        makeTrouble(behaviour, work, res);
    }
  }

  function perform({ name, path }: Operation, url: URL, body: Record<string, unknown>, ifMatch: string | undefined): Answer {
    const [, calendarId = '', eventId = ''] = (path.exec(url.pathname) ?? []).map(decodeURIComponent);
    const named = name === 'freebusy.query' ? ((body.items as { id: string }[])[0]?.id ?? '') : calendarId;
    const isThere = named === 'primary' || named === ACCOUNT.email;
    const invite = (id: string) => void (url.searchParams.get('sendUpdates') === 'all' && invitations.push(`${name} ${id}`));
    if (name === 'freebusy.query') {
      const { timeMin, timeMax } = body as { timeMin: string; timeMax: string };
      if (Date.parse(timeMax) - Date.parse(timeMin) > 62 * 86_400_000) return failure(400, 'timeRangeTooLong');
      const told = isThere ? { busy: calendar.busy(new Date(timeMin), new Date(timeMax)) } : { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
      return [200, { kind: 'calendar#freeBusy', timeMin, timeMax, calendars: { [named]: told } }];
    }
    if (!isThere) return failure(404, 'notFound');
    const event = calendar.find(eventId);
    switch (name) {
      case 'events.list':
        return list(url.searchParams);
      case 'events.insert': {
        const given = body as Partial<GoogleEvent> & { id: string };
        if (!/^[0-9a-v]{5,1024}$/.test(given.id) || !given.start || !given.end) return failure(400, 'invalid');
        if (calendar.find(given.id)) return failure(409, 'duplicate');
        invite(given.id);
        return [200, calendar.write({ ...given, status: 'confirmed', iCalUID: `${given.id}@google.com` })];
      }
      case 'events.get':
        return event ? [200, event] : failure(404, 'notFound');
      case 'events.patch':
        if (!event) return failure(404, 'notFound');
        if (ifMatch && ifMatch !== event.etag) return failure(412, 'conditionNotMet');
        invite(eventId);
        return [200, calendar.write({ ...(body as object), id: eventId })];
      case 'events.delete':
        if (!event) return failure(404, 'notFound');
        if (event.status === 'cancelled') return failure(410, 'deleted');
        invite(eventId);
        calendar.remove(eventId);
        return [204, null];
      default:
        return failure(404, 'notFound');
    }
  }

  function list(query: URLSearchParams): Answer {
    const syncToken = query.get('syncToken');
    const clashes = ['timeMin', 'timeMax', 'orderBy', 'q', 'updatedMin', 'iCalUID', 'privateExtendedProperty'].filter((name) => query.has(name));
    if (syncToken && clashes.length > 0) return failure(400, 'invalid');
    const range = [new Date(query.get('timeMin') ?? 0), new Date(query.get('timeMax') ?? '9999-01-01')] as const;
    const all = syncToken ? calendar.changedSince(syncToken) : calendar.between(...range).filter(({ id }) => !calendar.hidden.has(id));
    if (!all) return failure(410, 'fullSyncRequired');
    const start = Number(query.get('pageToken')?.replace('page-', '') ?? 0);
    const items = all.slice(start, start + pageSize);
    const isLast = start + pageSize >= all.length;
    const more = isLast ? { nextSyncToken: calendar.token() } : { nextPageToken: `page-${start + pageSize}` };
    return [200, { kind: 'calendar#events', timeZone: calendar.timeZone, items, ...more }];
  }

  const twin: GoogleTwin = {
    url: `http://127.0.0.1:${port}`,
    oauth,
    calendar,
    requests,
    violations: () => [...violations, ...oauth.violations],
    invitations,
    script: (operation, ...behaviours) => void scripts.set(operation, [...(scripts.get(operation) ?? []), ...behaviours]),
    skewMs: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return twin;
}

const single = (values: readonly string[]) => (values.length > 1 ? values : values[0]);

function failure(status: number, reason: string): Answer {
  const message = `the twin says ${reason}`;
  return [status, { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } }];
}

function send(res: http.ServerResponse, status: number, body: object | null): void {
  if (body === null) res.writeHead(status).end();
  else res.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}
