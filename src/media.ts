import type { App } from './app.ts';
import { healthRequests } from './http/health.ts';
import { StartError } from './kit/errors.ts';
import { startMediaServer } from './media/server.ts';
import { runServed, type Served } from './serve.ts';

/**
 * The media process: carriers' audio joined to the voice model.
 *
 * @param drainSeconds how long calls may go on when the process is told to stop; then another bridge takes them.
 */
export async function serveMedia(app: App, drainSeconds: number, stopping?: AbortSignal): Promise<Served> {
  const { voiceModel, config } = app;
  if (!voiceModel) throw new StartError('OPENAI_API_KEY: the media process needs a voice model');
  const answerHealth = healthRequests(app, stopping);
  const server = await startMediaServer(
    { ...app, voiceModel },
    {
      port: config.ports.media,
      host: config.host,
      answerHttp: (request, response) => {
        if (!answerHealth(request, response)) response.writeHead(404).end();
      },
    },
  );
  return {
    port: server.port,
    async [Symbol.asyncDispose]() {
      await server.drain(drainSeconds);
      await server[Symbol.asyncDispose]();
    },
  };
}

if (import.meta.main) await runServed('media', { worker: false }, (app, stopping) => serveMedia(app, app.config.drainSeconds, stopping));
