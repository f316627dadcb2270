import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { serveApi } from '../../src/api.ts';
import { type App, createApp } from '../../src/app.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { encodeNodeId } from '../../src/graphql/node-ids.ts';
import { createLogger, type Logger } from '../../src/kit/logger.ts';
import type { CallLab } from '../../src/ports/call-lab.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { readEvents } from './sse.ts';

/** A document with the types that codegen.ts gave it. */
interface TypedDocument<R, V> {
  toString(): string;
  __apiType?: (variables: V) => R;
}

export interface ApiError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

export interface ApiResult<R> {
  readonly data?: R | null;
  readonly errors?: readonly ApiError[];
}

export interface Sender {
  /** An access token. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A person with a workspace of their own. */
export interface Person extends Sender {
  readonly token: string;
  readonly refreshToken: string;
  readonly email: string;
  readonly password: string;
  /** Row ids. */
  readonly userId: string;
  readonly workspaceId: string;
}

/** A subscription under way. */
export type Stream<R> = AsyncIterableIterator<ApiResult<R>, void> & AsyncDisposable;

export interface TestApi extends AsyncDisposable {
  readonly app: App;
  readonly database: TestDatabase;
  /** `http://127.0.0.1:port/graphql` */
  readonly url: string;
  gql<R, V>(document: TypedDocument<R, V>, variables: V, sender?: Sender): Promise<ApiResult<R>>;
  /** As `gql`, with what HTTP says besides. */
  post(body: unknown, sender?: Sender): Promise<{ status: number; headers: Headers; result: ApiResult<Record<string, unknown>> }>;
  subscribe<R, V>(document: TypedDocument<R, V>, variables: V, sender: Sender & { over: 'ws' | 'sse' }): Stream<R>;
  /** Makes a person by `register`. */
  person(name?: string): Promise<Person>;
}

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken refreshToken } errors { code message } } }';

export interface TestApiOptions {
  /** Settings besides the defaults of a test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
  readonly callLab?: CallLab | null;
}

/** The whole API on a port and a private database. */
export async function testApi({ env = {}, logger = createLogger('silent'), callLab = null }: TestApiOptions = {}): Promise<TestApi> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase());
  const settings = {
    NODE_ENV: 'test',
    PORT: '0',
    SECRET_KEY: 'a secret key for tests, 32 characters',
    DATABASE_URL: database.url,
    SIMULATOR: 'off',
    RATE_LIMITS: 'off',
  };
  const app = opened.use(await createApp(resolveConfig(readEnvironment({ ...settings, ...env })), { worker: false, connections: 8, logger, callLab }));
  const { port } = opened.use(await serveApi(app));
  const url = `http://127.0.0.1:${port}/graphql`;
  const headersOf = (sender: Sender) => ({ ...(sender.token && { authorization: `Bearer ${sender.token}` }), ...sender.headers });

  async function post(body: unknown, sender: Sender = {}) {
    const headers = { 'content-type': 'application/json', ...headersOf(sender) };
    const response = await fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
    return { status: response.status, headers: response.headers, result: (await response.json()) as ApiResult<Record<string, unknown>> };
  }

  let people = 0;
  const disposal = opened.move();
  return {
    app,
    database,
    url,
    post,
    gql: async <R, V>(document: TypedDocument<R, V>, variables: V, sender: Sender = {}) =>
      (await post({ query: document.toString(), variables }, sender)).result as ApiResult<R>,
    subscribe: (document, variables, { over, ...sender }) => {
      const operation = { query: document.toString(), variables: variables as Record<string, unknown> };
      return over === 'ws' ? overSocket(url, operation, headersOf(sender)) : overEvents(url, operation, headersOf(sender));
    },
    async person(name = 'Ada') {
      const input = { email: `${name}.${++people}@example.com`.toLowerCase(), password: 'correct horse battery', name };
      const { result } = await post({ query: REGISTER, variables: { input } });
      const { session } = Object(result.data?.register);
      const user = await database.root.user.findUniqueOrThrow({ where: { email: input.email }, include: { memberships: true } });
      const workspaceId = user.memberships[0]?.workspaceId ?? '';
      return { ...input, token: session.accessToken, refreshToken: session.refreshToken, userId: user.id, workspaceId };
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** The global id of a row. */
export const nodeId = encodeNodeId;

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

function overSocket<R>(url: string, operation: Operation, connectionParams: Record<string, string>): Stream<R> {
  const client: Client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
  const results = client.iterate(operation) as AsyncIterableIterator<ApiResult<R>, void>;
  return {
    // A refused operation comes as an `error` message, which this client throws.
    next: () => results.next().catch((thrown: unknown) => ({ done: false as const, value: { errors: Array.isArray(thrown) ? thrown : [closing(thrown)] } })),
    return: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await results.return?.();
      await client.dispose();
    },
  };
}

/** How a socket was closed, in the shape of an error. */
function closing(event: unknown): ApiError {
  const { code, reason } = event as { code: number; reason: string };
  return { message: reason, extensions: { code: `CLOSED ${code}` } };
}

function overEvents<R>(url: string, operation: Operation, headers: Record<string, string>): Stream<R> {
  const controller = new AbortController();
  const results = (async function* (): AsyncGenerator<ApiResult<R>, void> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(operation),
    };
    const response = await fetch(url, { ...request, signal: controller.signal });
    if (!response.body) return;
    for await (const { event, data } of readEvents(response.body)) {
      if (event === 'next') yield JSON.parse(data) as ApiResult<R>;
      if (event === 'complete') return;
    }
  })();
  return {
    next: () => results.next(),
    return: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
      await results.next().catch(() => {});
    },
  };
}

/** The next `count` results. @throws where the stream ends before. */
export async function take<R>(stream: Stream<R>, count: number): Promise<ApiResult<R>[]> {
  const results: ApiResult<R>[] = [];
  while (results.length < count) {
    const next = await stream.next();
    if (next.done) throw new Error(`the stream ended after ${results.length} of ${count} results`);
    results.push(next.value);
  }
  return results;
}

/** Everything until the stream ends. */
export async function drain<R>(stream: Stream<R>): Promise<ApiResult<R>[]> {
  const results: ApiResult<R>[] = [];
  for (let next = await stream.next(); !next.done; next = await stream.next()) results.push(next.value);
  return results;
}
