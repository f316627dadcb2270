import type { IncomingMessage } from 'node:http';
import { CloseCode, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { SECOND } from '../kit/time.ts';

/** What a connection is told apart by, from its first message to its end. */
export interface Socket {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** A peer that answers no ping within this time is gone. */
const PING_MS = 15 * SECOND;

/** Speaks graphql-transport-ws on sockets that were just opened. */
export function speakGraphql(options: ServerOptions<Record<string, unknown>, Socket>, { logger, clock }: { logger: Logger; clock: Clock }) {
  const server = makeServer(options);
  return (socket: WebSocket, request: IncomingMessage): void => {
    // A frame that is too large or broken: ws closes the socket with the right code by itself.
    socket.on('error', (error) => logger.info({ err: error.message }, 'a socket sent what is no message'));
    let answered = true;
    socket.on('pong', () => {
      answered = true;
    });
    const pings = clock.every(PING_MS, () => {
      if (!answered) return socket.terminate();
      answered = false;
      socket.ping();
    });
    const closed = server.opened(
      {
        protocol: socket.protocol,
        // Awaited by the protocol, so that a slow reader is sent no more than it takes.
        send: (data) =>
          new Promise((resolve, reject) => (socket.readyState === socket.OPEN ? socket.send(data, (error) => (error ? reject(error) : resolve())) : resolve())),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', async (data) => {
            try {
              await receive(String(data));
            } catch (error) {
              if (socket.readyState !== socket.OPEN) return;
              logger.error({ err: error }, 'a message on a socket could not be dealt with');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            }
          }),
      },
      { socket, request },
    );
    socket.once('close', (code, reason) => {
      pings.cancel();
      closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'a socket could not be left in order'));
    });
  };
}
