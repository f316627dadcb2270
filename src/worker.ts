import http from 'node:http';
import type { App } from './app.ts';
import { healthRequests } from './http/health.ts';
import { watchCampaigns } from './jobs/campaigns.ts';
import { startWorker } from './jobs/registry.ts';
import { listen, runServed, type Served } from './serve.ts';

/** The worker process: durable jobs. They end with the app's queue. */
export async function serveWorker(app: App, stopping?: AbortSignal): Promise<Served> {
  await startWorker(app);
  const watching = watchCampaigns(app);
  const answerHealth = healthRequests(app, stopping);
  const server = http.createServer((request, response) => {
    if (!answerHealth(request, response)) response.writeHead(404).end();
  });
  return {
    port: await listen(server, app.config.ports.worker, app.config.host),
    async [Symbol.asyncDispose]() {
      await watching[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

if (import.meta.main) await runServed('worker', { worker: true }, serveWorker);
