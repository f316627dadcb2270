import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiParts } from './context.ts';
import { header, readExchange } from './exchange.ts';
import { createSockets } from './sockets.ts';
import { createGraphqlServer, isUpload } from './yoga.ts';

const PATH = /^(\/mobile)?\/graphql\/?(\?|$)/;

/** The API over HTTP, server-sent events and WebSocket, to be put into an http server. */
export interface GraphqlHandler {
  /** Answers `/graphql` and, for the consumer platform's apps, `/mobile/graphql`; 404 everywhere else. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes sockets with 1012 and breaks off event streams: their clients reconnect. Answers under way are left to finish. */
  close(): Promise<void>;
}

export function graphqlHandler(app: ApiParts): GraphqlHandler {
  const yoga = createGraphqlServer(app);
  const uploads = createGraphqlServer(app, { uploads: true });
  const sockets = createSockets(app, yoga);
  const streams = new Set<ServerResponse>();
  return {
    async handle(request, response) {
      if (!PATH.test(request.url ?? '')) {
        response
          .writeHead(404, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'NOT_FOUND', message: 'There is nothing here. The API is at /graphql.' }));
        return;
      }
      const exchange = readExchange(app, request, (cookie) => response.appendHeader('set-cookie', cookie));
      response.setHeader('x-request-id', exchange.requestId);
      if (header(request, 'accept')?.includes('text/event-stream')) {
        streams.add(response);
        response.once('close', () => streams.delete(response));
      }
      await (isUpload(request) ? uploads : yoga)(request, response, { exchange });
    },
    upgrade(request, socket, head) {
      if (PATH.test(request.url ?? '')) return sockets.upgrade(request, socket, head);
      socket.on('error', () => {});
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
    async close() {
      // A stream that ended properly would tell its client that nothing more will come.
      for (const response of streams) response.destroy();
      await sockets.close();
      await Promise.all([yoga.dispose(), uploads.dispose()]);
    },
  };
}
