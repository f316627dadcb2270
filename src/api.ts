import http from 'node:http';
import type { App } from './app.ts';
import { makeFirstStaff } from './domain/identity/first-staff.ts';
import { readSessionToken } from './domain/identity/session-token.ts';
import { graphqlHandler } from './graphql/server.ts';
import { readSessionCookie } from './graphql/session-cookie.ts';
import { downloads } from './http/downloads.ts';
import { exports } from './http/exports.ts';
import { healthRequests } from './http/health.ts';
import { consentRequests, type ReadSession } from './http/oauth.ts';
import { paymentWebhooks } from './http/payment-webhooks.ts';
import { httpRoutes } from './http/webhooks.ts';
import { listen, runServed, type Served } from './serve.ts';

/** The API process: GraphQL over HTTP, WebSocket and SSE, and the webhooks of carriers. */
export async function serveApi(app: App, stopping?: AbortSignal): Promise<Served> {
  await makeFirstStaff(app);
  const answerHealth = healthRequests(app, stopping);
  const answerRoute = httpRoutes(app);
  const answerPayment = paymentWebhooks(app);
  const answerDownload = downloads(app);
  const answerExport = exports(app);
  const answerConsent = consentRequests(app, cookieSession(app));
  const graphql = graphqlHandler(app);
  const server = http.createServer(async (request, response) => {
    if (answerHealth(request, response) || (await answerRoute(request, response)) || (await answerPayment(request, response))) return;
    if ((await answerDownload(request, response)) || (await answerExport(request, response)) || (await answerConsent(request, response))) return;
    await graphql.handle(request, response);
  });
  server.on('upgrade', (request, socket, head) => graphql.upgrade(request, socket, head));
  return {
    port: await listen(server, app.config.ports.api, app.config.host),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await graphql.close();
      server.closeIdleConnections();
      const impatient = app.clock.after(10_000, () => server.closeAllConnections());
      await closed;
      impatient.cancel();
    },
  };
}

/** Whose sign-in a browser's cookie holds. */
const cookieSession =
  ({ config, clock }: App): ReadSession =>
  async ({ headers }) => {
    const token = readSessionCookie(config.publicUrl, headers.cookie);
    const claims = token ? await readSessionToken(config.secretKeys, 'session-cookie', token, clock.now()) : 'invalid';
    return typeof claims === 'string' ? null : claims;
  };

if (import.meta.main) await runServed('api', { worker: false }, serveApi);
