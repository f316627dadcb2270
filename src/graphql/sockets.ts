import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, type ServerOptions } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { authenticate, viewerOfSession } from '../domain/identity/authenticate.ts';
import { newId } from '../kit/ids.ts';
import { type ApiParts, createContext, type Exchange } from './context.ts';
import { header, readCredential, readExchange, readWorkspaceId } from './exchange.ts';
import { isTrustedOrigin } from './origins.ts';
import { publicError } from './public-errors.ts';
import { type SessionWatch, watchSession } from './session-watch.ts';
import { type Socket, speakGraphql } from './socket-protocol.ts';
import type { createGraphqlServer } from './yoga.ts';

/** Bytes of one message. */
const MAX_MESSAGE = 256 * 1024;
/** Operations under way on one socket. */
const MAX_OPERATIONS = 100;
/** RFC 6455's registry: the server restarts; come back. */
const SERVICE_RESTART = 1012;

const NOBODY = { reason: 'Sign in first: send { "authorization": "Bearer …" } in connectionParams.' };

/** What a socket was opened with. */
interface Connection {
  readonly exchange: Exchange;
  /** Null where nobody signed in: only what is open to everybody can be asked. */
  readonly session: { readonly id: string; readonly watch: SessionWatch } | null;
}

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1012, so that clients come back to another process. */
  close(): Promise<void>;
}

/** GraphQL over WebSocket in the protocol graphql-transport-ws (github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). */
export function createSockets(app: ApiParts, yoga: ReturnType<typeof createGraphqlServer>): Sockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE, handleProtocols });
  const connections = new WeakMap<object, Connection>();

  const options: ServerOptions<Record<string, unknown>, Socket> = {
    connectionInitWaitTimeout: 10_000,
    async onConnect({ extra, connectionParams }) {
      const { request, socket } = extra;
      const said = sayings(connectionParams);
      const credential = readCredential(app, said('authorization') ?? header(request, 'authorization'), ownCookie(app, request));
      const authenticated = await authenticate(app, credential);
      if ('reason' in authenticated && credential) {
        socket.close(CloseCode.Forbidden, authenticated.reason);
        return false;
      }
      const exchange = readExchange(app, request, null);
      const watch = 'reason' in authenticated ? null : await watchSession(app, authenticated.sessionId);
      watch?.ended.addEventListener('abort', () => socket.close(CloseCode.Forbidden, 'The session has ended'), { once: true });
      connections.set(extra, {
        exchange: { ...exchange, byCookie: credential?.type === 'cookie', workspaceId: readWorkspaceId(said('x-workspace-id')) ?? exchange.workspaceId },
        session: watch && !('reason' in authenticated) ? { id: authenticated.sessionId, watch } : null,
      });
      if (socket.readyState !== socket.OPEN) await watch?.[Symbol.asyncDispose]();
      return true;
    },
    async onClose({ extra }) {
      await connections.get(extra)?.session?.watch[Symbol.asyncDispose]();
    },
    async onSubscribe(ctx, _id, params) {
      const connection = connections.get(ctx.extra);
      if (!connection) throw new Error('an operation on a socket that was never accepted');
      if (Object.keys(ctx.subscriptions).length > MAX_OPERATIONS) {
        return [new GraphQLError(`A socket carries ${MAX_OPERATIONS} operations at once.`, { extensions: { code: 'BAD_USER_INPUT' } })];
      }
      const { exchange: opened, session } = connection;
      // An operation may bring its own: GraphiQL sends what stands in its header editor in this way.
      const said = sayings(params.extensions?.headers);
      const own = readCredential(app, said('authorization'), undefined);
      const exchange = {
        ...opened,
        requestId: newId(),
        receivedAt: app.clock.now(),
        workspaceId: readWorkspaceId(said('x-workspace-id')) ?? opened.workspaceId,
        sessionEnded: (own ? null : session?.watch.ended) ?? null,
      };
      const told = { logger: app.logger, requestId: exchange.requestId };
      try {
        const viewer = own ? await authenticate(app, own) : session && (await viewerOfSession(app, session.id));
        const prepared = createContext(app, exchange, viewer ?? NOBODY);
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({ prepared, params });
        const document = parse(params.query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors.map((error: unknown) => publicError(error, told));
        const args = { schema, document, operationName: params.operationName, variableValues: params.variables, contextValue: await contextFactory() };
        return { ...args, execute, subscribe };
      } catch (error) {
        return [publicError(error, told)];
      }
    },
    // The envelope's own: they carry the plugins.
    execute: (args) => (args as unknown as { execute(args: object): Promise<never> }).execute(args),
    subscribe: async (args) => endWithError(app, await (args as unknown as { subscribe(args: object): Promise<never> }).subscribe(args)),
  };
  const speak = speakGraphql(options, app);

  return {
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, (client) => speak(client, request)),
    async close() {
      for (const client of server.clients) client.close(SERVICE_RESTART, 'Service restart');
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Looks texts up in what a client says of itself, in any case of letters. */
const sayings =
  (said: unknown) =>
  (name: string): string | null => {
    const value = Object.entries(Object(said)).find(([key]) => key.toLowerCase() === name)?.[1];
    return typeof value === 'string' ? value : null;
  };

/** A cookie speaks only for pages that may use it; programs send no Origin. */
function ownCookie(app: ApiParts, request: IncomingMessage): string | undefined {
  const origin = header(request, 'origin');
  return origin === null || isTrustedOrigin(app.config, origin, header(request, 'host')) ? request.headers.cookie : undefined;
}

/** A stream that fails says so in a last result: thrown further, its error would close the socket for all others on it. */
function endWithError(app: ApiParts, results: AsyncIterableIterator<unknown> | object): never {
  if (!(Symbol.asyncIterator in results)) return results as never;
  let failed = false;
  const wrapped: AsyncIterableIterator<unknown> = {
    async next() {
      if (failed) return { done: true, value: undefined };
      try {
        return await results.next();
      } catch (error) {
        failed = true;
        return { done: false, value: { errors: [publicError(error, { logger: app.logger, requestId: newId() })] } };
      }
    },
    return: async () => (await results.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => wrapped,
  };
  return wrapped as never;
}
