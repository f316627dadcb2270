import { type DemoWorkspace, seedDemo } from '../../prisma/seed.ts';
import { serveApi } from '../../src/api.ts';
import { type App, createApp } from '../../src/app.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { type Clock, createClock } from '../../src/kit/clock.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { serveMedia } from '../../src/media.ts';
import { type ApiClient, createApiClient } from '../../src/simulator/demo/api-client.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { serveWorker } from '../../src/worker.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { quiet } from './quiet.ts';

/** Api, media and worker in one process as `npm start` runs them, on a private database, with the simulator outside. */
export interface WholeSystem extends AsyncDisposable {
  readonly app: App;
  readonly database: TestDatabase;
  readonly lab: Simulator;
  readonly demo: DemoWorkspace;
  /** Signed in as the owner of the demo workspace. */
  readonly client: ApiClient;
}

/**
 * @param speed how many times as fast as people speak.
 * @param env settings besides the defaults.
 * @param startsAt what its clocks say at first; by default the machine's own.
 * @param clock in the place of one that is made of these two.
 */
export async function wholeSystem({
  speed,
  env = {},
  startsAt,
  clock = createClock(speed, startsAt),
}: {
  speed: number;
  env?: Readonly<Record<string, string>>;
  startsAt?: Date;
  clock?: Clock;
}): Promise<WholeSystem> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase());
  const { logger } = quiet();
  const [port, mediaPort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${port}`;
  const [voiceUrl, statusUrl] = [`${publicUrl}/webhooks/twilio/voice`, `${publicUrl}/webhooks/twilio/status`];
  const lab = opened.use(await startSimulator({ clock, logger, voiceUrl, statusUrl }));
  const settings = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: String(port),
    MEDIA_PORT: String(mediaPort),
    WORKER_PORT: '0',
    PUBLIC_URL: publicUrl,
    MEDIA_PUBLIC_URL: `ws://127.0.0.1:${mediaPort}`,
    SECRET_KEY: 'a secret key for tests, 32 characters',
    DATABASE_URL: database.url,
    RATE_LIMITS: 'off',
    TWILIO_ACCOUNT_SID: lab.accountSid,
    TWILIO_AUTH_TOKEN: lab.authToken,
    TWILIO_API_URL: lab.restUrl,
    OPENAI_API_KEY: lab.apiKey,
    OPENAI_REALTIME_URL: lab.realtimeUrl,
    OPENAI_BASE_URL: lab.textUrl,
  };
  const config = resolveConfig(readEnvironment({ ...settings, ...env }));
  const app = opened.use(await createApp(config, { worker: true, clock, logger, callLab: lab }));
  const demo = await seedDemo(app);
  opened.use(await serveApi(app));
  opened.use(await serveMedia(app, 0));
  opened.use(await serveWorker(app));
  const client = opened.use(createApiClient(`${publicUrl}/graphql`));
  await client.signIn(demo.email, demo.password);
  const running = opened.move();
  return { app, database, lab, demo, client, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
