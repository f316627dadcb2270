import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createLogger } from '../../src/kit/logger.ts';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';

const WhoAmI = graphql(`query WhoAmI { viewer { email } }`);

let api: TestApi;
let ada: Person;
const logged: string[] = [];

beforeAll(async () => {
  api = await testApi({ logger: createLogger('info', {}, { write: (line) => void logged.push(line) }) });
  ada = await api.person();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('what is no GraphQL', () => {
  it.each([
    ['no JSON', '{"query": '],
    ['JSON without a query', '{}'],
    ['a query that is no text', '{"query": 7}'],
    ['variables that are no object', '{"query": "{ viewer { id } }", "variables": [1]}'],
    ['a batch, which is not taken', '[{"query": "{ viewer { id } }"}]'],
    ['an empty body', ''],
    ['a syntax error', '{"query": "{ viewer { "}'],
    ['an unknown field', '{"query": "{ nothing }"}'],
    ['a fragment of itself', '{"query": "{ viewer { ...A } } fragment A on User { ...A }"}'],
    ['an operation that is not in the document', '{"query": "{ __typename }", "operationName": "Nothing"}'],
  ])('is answered with an error and a code: %s', async (_what, body) => {
    const { status, result } = await api.post(body);
    expect(result.errors?.[0]).toMatchObject({ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } });
    expect(result.data).toBeUndefined();
    // 200 for a well-formed request in the media type application/json (GraphQL over HTTP, section 6.4.1).
    expect([200, 400]).toContain(status);
  });

  it('says where in the variables a value is that cannot be read', async () => {
    const query = 'mutation ($input: CreateAssistantInput!) { createAssistant(input: $input) { errors { code } } }';
    const { result } = await api.post({ query, variables: { input: { name: 'Robin', hours: [{ day: 'MONDAY', opens: 'nine', closes: '17:00' }] } } }, ada);
    expect(result.errors?.[0]).toMatchObject({
      message: '"nine" is not a time of day such as "09:30".',
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'hours', '0', 'opens'] },
    });
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
    const response = await fetch(`${api.url}?query=${encodeURIComponent('mutation { signOut { signedOut } }')}`, {
      headers: { authorization: `Bearer ${ada.token}` },
    });
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
    const { headers, result } = await api.post(
      { query: '{ workspace { assistants { edges { node { hours { day } } } } } }' },
      { ...person, headers: { 'x-request-id': 'proxy-1234' } },
    );
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

describe('the consumer platform', () => {
  it('has the same API under /mobile/graphql', async () => {
    const query =
      'mutation { register(input: { email: "phone@example.com", password: "correct horse" }) { user { memberships { workspace { platform } } } errors { code } } }';
    const response = await fetch(api.url.replace('/graphql', '/mobile/graphql'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect((await response.json()).data.register).toEqual({ user: { memberships: [{ workspace: { platform: 'CONSUMER' } }] }, errors: [] });
  });
});
