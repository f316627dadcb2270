import { once } from 'node:events';
import net from 'node:net';

/** Stands before several processes on one port, as a load balancer does, and can cut what runs through it. */
export interface Balancer extends AsyncDisposable {
  readonly port: number;
  /** Cuts so many of the connections that are open, the oldest first. @returns how many there were to cut. */
  cut(count: number): number;
}

/** @param order `in-turn`, or `first`: always the first that answers, so that the others stand by. */
export async function startBalancer(ports: readonly number[], order: 'in-turn' | 'first' = 'in-turn'): Promise<Balancer> {
  const open = new Set<net.Socket>();
  let turn = 0;
  const server = net.createServer((client) => {
    client.on('error', () => client.destroy());
    const reach = (attempt: number): void => {
      const port = ports[(turn + attempt) % ports.length];
      if (port === undefined || attempt >= ports.length) return void client.destroy();
      const backend = net.connect({ port, host: '127.0.0.1' });
      // Whoever does not answer is passed over, as a balancer does that has seen its health check fail.
      backend.once('error', () => (client.destroyed ? undefined : reach(attempt + 1)));
      backend.once('connect', () => {
        backend.removeAllListeners('error').on('error', () => client.destroy());
        open.add(client);
        client.once('close', () => {
          open.delete(client);
          backend.destroy();
        });
        backend.once('close', () => client.destroy());
        client.pipe(backend).pipe(client);
      });
    };
    reach(0);
    if (order === 'in-turn') turn += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut(count) {
      const doomed = [...open].slice(0, count);
      for (const socket of doomed) socket.destroy();
      return doomed.length;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
