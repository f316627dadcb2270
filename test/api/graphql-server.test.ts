import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createLogger } from '../../src/kit/logger.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, take, type TestApi, testApi } from '../support/api.ts';
import { fillWorkspace } from '../support/world.ts';

const WhoAmI = graphql(`query WhoAmI { viewer { email } }`);

let api: TestApi;
let ada: Person;
const logged: string[] = [];

beforeAll(async () => {
  api = await testApi({ logger: createLogger('info', {}, { write: (line) => void logged.push(line) }), env: { ALLOWED_ORIGINS: 'https://app.example.com' } });
  ada = await api.person();
});
afterAll(() => api[Symbol.asyncDispose]());

const withCookie = async (person = ada) => {
  const input = { email: person.email, password: person.password, cookie: true };
  const { headers, result } = await api.post({ query: 'mutation ($input: SignInInput!) { signIn(input: $input) { errors { code } } }', variables: { input } });
  expect(result.errors).toBeUndefined();
  return headers.getSetCookie();
};
const cookieOf = (setCookie: readonly string[]) => setCookie[0]?.split(';')[0] ?? '';

describe('what is no GraphQL', () => {
  it.each([
    ['no JSON', '{"query": ', 400],
    ['JSON without a query', '{}', 400],
    ['a query that is no text', '{"query": 7}', 400],
    ['variables that are no object', '{"query": "{ viewer { id } }", "variables": [1]}', 400],
    ['a batch, which is not taken', '[{"query": "{ viewer { id } }"}]', 400],
    ['an empty body', '', 400],
    ['a syntax error', '{"query": "{ viewer { "}', 200],
    ['an unknown field', '{"query": "{ nothing }"}', 200],
    ['a fragment of itself', '{"query": "{ viewer { ...A } } fragment A on User { ...A }"}', 200],
    ['a subscription that is not waited for', '{"query": "{ __typename }", "operationName": "Nothing"}', 200],
  ])('is answered with one error and a code: %s', async (_what, body, status) => {
    const answer = await api.post(body);
    expect(answer.result.errors?.[0]).toMatchObject({ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } });
    expect([status, 400]).toContain(answer.status);
  });

  it('is refused by its size, in a request or a message', async () => {
    const { status } = await api.post({ query: `{ viewer { id } } # ${'x'.repeat(1_100_000)}` });
    expect(status).toBe(413);
    const socket = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    socket.on('error', () => {});
    socket.send(JSON.stringify({ type: 'connection_init', payload: { waste: 'x'.repeat(10_000_000) } }));
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1009);
  });

  it('is refused by its number of words', async () => {
    const { result } = await api.post({ query: `{ ${'a: __typename '.repeat(6_000)} }` });
    expect(result.errors?.[0]?.message).toContain('contains more than 10000 tokens');
  });

  it('has no mutation by GET', async () => {
    const response = await fetch(`${api.url}?query=${encodeURIComponent('mutation { signOut { signedOut } }')}`, { headers: { authorization: `Bearer ${ada.token}` } });
    expect(response.status).toBe(405);
    expect((await api.gql(WhoAmI, {}, ada)).data?.viewer?.email).toBe(ada.email);
  });

  it('is 404 beside the API, for requests and sockets, with one JSON object', async () => {
    const response = await fetch(api.url.replace('/graphql', '/nothing'));
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ error: 'NOT_FOUND' })]);
    const socket = new WebSocket(api.url.replace('http', 'ws').replace('/graphql', '/nothing'), 'graphql-transport-ws');
    expect(await new Promise((resolve) => socket.once('error', (error) => resolve(error.message)))).toContain('404');
  });
});

describe('an operation that is too large', () => {
  it.each([
    ['pages in pages', '{ workspace { assistants(first: 100) { edges { node { calls(first: 100) { edges { node { id } } } } } } } }', 'complexity'],
    ['deep', `{ viewer { ${'memberships { workspace { members { user { '.repeat(4)} id ${'} } } } '.repeat(4)} } }`, 'depth'],
    ['broad', `{ ${Array.from({ length: 400 }, (_, index) => `a${index}: viewer { id }`).join(' ')} }`, 'breadth'],
  ])('is refused before it runs: %s', async (_what, query, measure) => {
    const { result } = await api.post({ query }, ada);
    expect(result.errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(result.errors?.[0]?.message).toContain(`its ${measure} is`);
  });

  it('may not ask for more than 100 entries of a list', async () => {
    const { result } = await api.post({ query: '{ workspace { assistants(first: 101) { totalCount } } }' }, ada);
    expect(result.errors?.[0]).toMatchObject({ message: 'A page has 100 entries at most.', extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('may introspect, which is what GraphiQL does', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const { result } = await api.post({ query: getIntrospectionQuery() });
    expect(result.errors).toBeUndefined();
  });
});

describe('an error that nobody foresaw', () => {
  it('is masked, and logged once with the id that the client is told', async () => {
    const person = await api.person('Eve');
    await api.database.root.assistant.create({
      data: {
        id: 'broken',
        workspaceId: person.workspaceId,
        name: 'Broken',
        greeting: '',
        voice: 'marin',
        tone: 'FRIENDLY',
        language: 'en',
        timeZone: 'America/New_York',
        hours: 'the password is hunter2',
        faqs: [],
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
    logged.length = 0;
    const { headers, result } = await api.post({ query: '{ workspace { assistants { edges { node { hours { day } } } } } }' }, { ...person, headers: { 'x-request-id': 'proxy-1234' } });
    expect(result.errors).toHaveLength(1);
    expect(result.errors?.[0]).toMatchObject({
      message: 'Something went wrong on our side. Quote the request id when you report it.',
      path: ['workspace', 'assistants', 'edges', 0, 'node', 'hours'],
      extensions: { code: 'INTERNAL', requestId: 'proxy-1234' },
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(headers.get('x-request-id')).toBe('proxy-1234');
    const lines = logged.map((line) => JSON.parse(line) as { requestId?: string; level: string });
    expect(lines.filter(({ requestId, level }) => requestId === 'proxy-1234' && level === 'error')).toHaveLength(1);
  });

  it('is given an id of its own where the request brought none that can be logged', async () => {
    const { headers } = await api.post({ query: '{ viewer { id } }' }, { headers: { 'x-request-id': 'short' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("a browser's sign-in by cookie", () => {
  it('is out of reach of scripts and other sites, and good for requests and sockets', async () => {
    const setCookie = await withCookie();
    expect(setCookie).toHaveLength(1);
    expect(setCookie[0]).toMatch(/^callgraph_session=ey[\w.-]+; Expires=.+; Path=\/; HttpOnly; SameSite=Lax$/);
    const cookie = cookieOf(setCookie);
    expect((await api.gql(WhoAmI, {}, { headers: { cookie } })).data?.viewer?.email).toBe(ada.email);
    // Its token is no access token.
    expect((await api.gql(WhoAmI, {}, { token: cookie.split('=')[1] })).data?.viewer).toBeNull();
    expect(await socketEmail({ cookie })).toBe(ada.email);
    expect(await socketEmail({ cookie, origin: 'https://app.example.com' })).toBe(ada.email);
    expect(await socketEmail({ cookie, origin: new URL(api.url).origin })).toBe(ada.email);
  });

  it('is not lent to the pages of another site', async () => {
    const cookie = cookieOf(await withCookie());
    expect(await socketEmail({ cookie, origin: 'https://evil.example' })).toBeNull();
    const form = { method: 'POST', headers: { cookie, origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={viewer{email}}' };
    const forged = await fetch(api.url, form);
    expect([forged.status, (await forged.json()).errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    const text = await fetch(api.url, { ...form, headers: { ...form.headers, 'content-type': 'text/plain' }, body: '{"query":"{ viewer { email } }"}' });
    expect(text.status).toBe(403);
    const get = await fetch(`${api.url}?query={viewer{email}}`, { headers: { cookie, 'sec-fetch-site': 'cross-site' } });
    expect(get.status).toBe(403);
  });

  it('cannot be started by a form on another site either', async () => {
    const body = new URLSearchParams({ query: `mutation { signIn(input: { email: "${ada.email}", password: "${ada.password}", cookie: true }) { errors { code } } }` });
    const forged = await fetch(api.url, { method: 'POST', headers: { origin: 'https://evil.example' }, body });
    expect([forged.status, forged.headers.getSetCookie()]).toEqual([403, []]);
  });

  it('ends with signing out, which clears the cookie', async () => {
    const cookie = cookieOf(await withCookie());
    const { headers } = await api.post({ query: 'mutation { signOut { signedOut } }' }, { headers: { cookie } });
    expect(headers.getSetCookie()).toEqual(['callgraph_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    expect((await api.gql(WhoAmI, {}, { headers: { cookie } })).data?.viewer).toBeNull();
  });

  it('is answered to pages on the allow-list alone', async () => {
    const allowed = async (origin: string) => {
      const response = await fetch(api.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,authorization' } });
      return [response.headers.get('access-control-allow-origin'), response.headers.get('access-control-allow-credentials')];
    };
    expect(await allowed('https://app.example.com')).toEqual(['https://app.example.com', 'true']);
    expect((await allowed('https://evil.example'))[0]).not.toBe('https://evil.example');
  });

  async function socketEmail(headers: Record<string, string>): Promise<string | null> {
    const socket = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
    const messages: { type: string; payload?: { data?: { viewer: { email: string } | null } } }[] = [];
    const email = new Promise<string | null>((resolve) =>
      socket.on('message', (text) => {
        const message = JSON.parse(String(text));
        messages.push(message);
        if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ viewer { email } }' } }));
        if (message.type === 'next') resolve(message.payload.data.viewer?.email ?? null);
      }),
    );
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    try {
      return await email;
    } finally {
      socket.terminate();
    }
  }
});

describe('a socket', () => {
  const closing = (socket: WebSocket) => new Promise<[number, string]>((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
  const open = async (init?: object, protocol = 'graphql-transport-ws') => {
    const socket = new WebSocket(api.url.replace('http', 'ws'), protocol);
    await new Promise((resolve) => socket.once('open', resolve));
    if (init) socket.send(JSON.stringify({ type: 'connection_init', payload: init }));
    return socket;
  };

  it('is closed with 4403 where its token is not good', async () => {
    expect(await closing(await open({ authorization: 'Bearer not.a.token' }))).toEqual([4403, 'The access token is not valid. Sign in for a new one.']);
  });

  it('is closed with 4400 for what is no message, and 4401 for asking first', async () => {
    const garbage = await open();
    garbage.send('{');
    expect((await closing(garbage))[0]).toBe(4400);
    const early = await open();
    early.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }));
    expect((await closing(early))[0]).toBe(4401);
  });

  it('acts in the workspace that its connectionParams name', async () => {
    const { workspaceId } = await api.person('Ben');
    await api.database.root.membership.create({ data: { workspaceId, userId: ada.userId, role: 'MEMBER', createdAt: new Date() } });
    const world = await fillWorkspace(api.database.root, workspaceId, 'Ben');
    const follow = { toString: () => `subscription { call(id: "${nodeId('Call', world.Call)}") { status } }` };
    await using elsewhere = api.subscribe(follow, {}, { ...ada, over: 'ws' });
    expect((await take(elsewhere, 1))[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await using there = api.subscribe(follow, {}, { ...ada, headers: { 'x-workspace-id': nodeId('Workspace', workspaceId) }, over: 'ws' });
    expect((await take(there, 1))[0]?.errors).toBeUndefined();
  });

  it('carries a hundred operations and refuses one more', async () => {
    const socket = await open({ authorization: `Bearer ${ada.token}` });
    const refusals: string[] = [];
    const refused = new Promise<void>((resolve) =>
      socket.on('message', (text) => {
        const message = JSON.parse(String(text));
        if (message.type === 'connection_ack') {
          for (let id = 1; id <= 101; id++) socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: 'subscription { calls { id } }' } }));
        }
        if (message.type === 'error') {
          refusals.push(message.id);
          resolve();
        }
      }),
    );
    await refused;
    expect(refusals).toEqual(['101']);
    socket.terminate();
  });

  it('is closed with 1012 when the server stops, and event streams are broken off', async () => {
    const stopping = await testApi();
    const person = await stopping.person();
    const { Call } = await fillWorkspace(stopping.database.root, person.workspaceId, 'Ada');
    const follow = { toString: () => `subscription { call(id: "${nodeId('Call', Call)}") { status } }` };
    const socket = stopping.subscribe(follow, {}, { ...person, over: 'ws' });
    const events = stopping.subscribe(follow, {}, { ...person, over: 'sse' });
    await Promise.all([take(socket, 1), take(events, 1)]);
    const [closed, broken] = [take(socket, 1), events.next().then(() => 'ended', () => 'broken')];
    await stopping[Symbol.asyncDispose]();
    expect((await closed)[0]?.errors?.[0]?.extensions.code).toBe('CLOSED 1012');
    expect(await broken).toBe('broken');
  });

  it('survives a client that vanishes in the middle of the handshake', async () => {
    const { port } = new URL(api.url);
    const raw = net.connect(Number(port), '127.0.0.1');
    raw.write('GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n');
    raw.destroy();
    expect((await api.gql(WhoAmI, {}, ada)).data?.viewer?.email).toBe(ada.email);
  });
});

describe('the consumer platform', () => {
  it('has the same API under /mobile/graphql', async () => {
    const query = 'mutation { register(input: { email: "phone@example.com", password: "correct horse" }) { user { memberships { workspace { platform } } } errors { code } } }';
    const response = await fetch(api.url.replace('/graphql', '/mobile/graphql'), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
    expect((await response.json()).data.register).toEqual({ user: { memberships: [{ workspace: { platform: 'CONSUMER' } }] }, errors: [] });
  });
});

describe('GraphiQL', () => {
  it('is a page that needs nothing from elsewhere', async () => {
    const response = await fetch(api.url, { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')).toContain('text/html');
    const page = await response.text();
    const loaded = [...page.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="?([^">\s]+)/g)].map((match) => match[1]);
    expect(loaded.filter((address) => !address?.startsWith('data:'))).toEqual([]);
    expect(page).not.toContain('unpkg.com');
    expect(page).toContain('"subscriptionsProtocol":"WS"');
  });
});
