import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { schema } from '../../src/graphql/schema.ts';
import { TOUR_ACCOUNT, tour } from '../../src/graphql/tour.ts';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';

const WhoBrowses = graphql(`query WhoBrowses { viewer { email } }`);

let api: TestApi;
let ada: Person;

beforeAll(async () => {
  api = await testApi({ env: { ALLOWED_ORIGINS: 'https://app.example.com' } });
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

describe("a browser's sign-in by cookie", () => {
  it('is out of reach of scripts and other sites, and good for requests and sockets', async () => {
    const setCookie = await withCookie();
    expect(setCookie).toHaveLength(1);
    expect(setCookie[0]).toMatch(/^callgraph_session=ey[\w.-]+; Expires=.+; Path=\/; HttpOnly; SameSite=Lax$/);
    const cookie = cookieOf(setCookie);
    expect((await api.gql(WhoBrowses, {}, { headers: { cookie } })).data?.viewer?.email).toBe(ada.email);
    // Its token is no access token.
    expect((await api.gql(WhoBrowses, {}, { token: cookie.split('=')[1] })).data?.viewer).toBeNull();
    expect(await socketEmail({ cookie })).toBe(ada.email);
    expect(await socketEmail({ cookie, origin: 'https://app.example.com' })).toBe(ada.email);
    expect(await socketEmail({ cookie, origin: new URL(api.url).origin })).toBe(ada.email);
  });

  it('is not lent to the pages of another site', async () => {
    const cookie = cookieOf(await withCookie());
    expect(await socketEmail({ cookie, origin: 'https://evil.example' })).toBeNull();
    const form = {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query={viewer{email}}',
    };
    const forged = await fetch(api.url, form);
    expect([forged.status, (await forged.json()).errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    const text = await fetch(api.url, { ...form, headers: { ...form.headers, 'content-type': 'text/plain' }, body: '{"query":"{ viewer { email } }"}' });
    expect(text.status).toBe(403);
    const get = await fetch(`${api.url}?query={viewer{email}}`, { headers: { cookie, 'sec-fetch-site': 'cross-site' } });
    expect(get.status).toBe(403);
  });

  it('cannot be started by a form on another site either', async () => {
    const body = new URLSearchParams({
      query: `mutation { signIn(input: { email: "${ada.email}", password: "${ada.password}", cookie: true }) { errors { code } } }`,
    });
    const forged = await fetch(api.url, { method: 'POST', headers: { origin: 'https://evil.example' }, body });
    expect([forged.status, forged.headers.getSetCookie()]).toEqual([403, []]);
  });

  it('ends with signing out, which clears the cookie', async () => {
    const cookie = cookieOf(await withCookie());
    const { headers } = await api.post({ query: 'mutation { signOut { signedOut } }' }, { headers: { cookie } });
    expect(headers.getSetCookie()).toEqual(['callgraph_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    expect((await api.gql(WhoBrowses, {}, { headers: { cookie } })).data?.viewer).toBeNull();
  });

  it('is answered to pages on the allow-list alone', async () => {
    const allowed = async (origin: string) => {
      const response = await fetch(api.url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,authorization' },
      });
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

describe('GraphiQL', () => {
  it('is a page that needs nothing from elsewhere', async () => {
    const response = await fetch(api.url, { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')).toContain('text/html');
    const page = await response.text();
    // The tags are at the top; what follows is one script.
    const tags = page.slice(0, page.indexOf('<script>')).replace(/<style>[\s\S]*<\/style>/, '');
    expect([...tags.matchAll(/(?:src|href)="?([^">\s]{5})/g)].map((match) => match[1])).toEqual(['data:']);
    expect(page).not.toMatch(/unpkg\.com|jsdelivr|cdnjs/);
    expect(page).toContain('"subscriptionsProtocol":"WS"');
    // Or else a tab leaps from under the pointer that presses it.
    expect(page.indexOf('.graphiql-tab { transform: none !important; }')).toBeLessThan(page.indexOf('</head>'));
    expect(page).toContain('.graphiql-tab { transform: none !important; }');
  });

  it('sends its headers with each operation on a socket, where they speak too', async () => {
    const socket = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws');
    const asked = (Authorization: string) =>
      new Promise((resolve) => {
        const id = Authorization || 'nobody';
        socket.on('message', (text) => {
          const message = JSON.parse(String(text));
          if (message.id === id && message.type === 'next') resolve(message.payload.data.viewer?.email ?? null);
        });
        socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: '{ viewer { email } }', extensions: { headers: { Authorization } } } }));
      });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"connection_init"}');
    await new Promise((resolve) => socket.once('message', resolve));
    expect([await asked(`Bearer ${ada.token}`), await asked(''), await asked('Bearer not.a.token')]).toEqual([ada.email, null, null]);
    socket.terminate();
  });

  it.each([true, false])('has tabs that a newcomer can run from left to right (simulated: %s)', async (simulated) => {
    const { parse, validate } = await import('graphql');
    const tabs = tour(simulated);
    for (const { query, variables } of tabs) {
      expect(validate(schema, parse(query))).toEqual([]);
      if (variables) JSON.parse(variables);
    }
    expect(tabs.length).toBe(8);
  });

  it('signs in with the account that is made at the start', async () => {
    const { DEMO_EMAIL, DEMO_PASSWORD } = await import('../../prisma/seed.ts');
    expect(TOUR_ACCOUNT).toEqual({ email: DEMO_EMAIL, password: DEMO_PASSWORD });
  });
});
