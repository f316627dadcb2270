import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, createApp } from './app.ts';
import { resolveConfig } from './config/config.ts';
import { readEnvironment } from './config/env.ts';
import { runProcess } from './kit/lifecycle.ts';

/** Something that listens, until it is disposed of. */
export interface Served extends AsyncDisposable {
  readonly port: number;
}

/** @returns the port it listens on: the one asked for, or a free one for 0. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** One process of a deployment: its app from the environment, and what it serves, until it is told to stop. */
export function runServed(name: string, options: { worker: boolean }, serve: (app: App, stopping: AbortSignal) => Promise<Served>): Promise<void> {
  return runProcess(async (stopping) => {
    await using opened = new AsyncDisposableStack();
    const app = opened.use(await createApp(resolveConfig(readEnvironment()), options));
    const { port } = opened.use(await serve(app, stopping));
    app.logger.info({ port }, `the ${name} process is up`);
    const running = opened.move();
    return { logger: app.logger, [Symbol.asyncDispose]: () => running.disposeAsync() };
  });
}
