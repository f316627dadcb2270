import { type DemoWorkspace, seedDemo } from '../prisma/seed.ts';
import { serveApi } from './api.ts';
import { type App, createApp } from './app.ts';
import { type Config, resolveConfig } from './config/config.ts';
import { readEnvironment } from './config/env.ts';
import { type Clock, createClock } from './kit/clock.ts';
import { runProcess } from './kit/lifecycle.ts';
import { createLogger } from './kit/logger.ts';
import { serveMedia } from './media.ts';
import { startSimulator } from './simulator/lab.ts';
import { serveWorker } from './worker.ts';

export interface Started extends AsyncDisposable {
  readonly app: App;
  /** Where GraphQL is. */
  readonly apiUrl: string;
  readonly demo: DemoWorkspace;
}

/** Who has no line calls from this one; in the range that is set aside for fiction. */
const SHARED_NUMBER = '+12025550150';
const SIMULATED_MODELS = { realtimeModel: 'simulated', textModel: 'simulated', transcriptionModel: 'simulated' };

/**
 * Everything in one process: api, media, worker, and the simulator in the place of a carrier and a model where one is
 * configured, on embedded defaults, with a demo workspace.
 */
export async function startAll(config: Config, stopping?: AbortSignal, clock: Clock = createClock(config.simulator?.speed ?? 1)): Promise<Started> {
  await using opened = new AsyncDisposableStack();
  const logger = createLogger(config.logLevel);
  const lab =
    config.simulator &&
    opened.use(
      await startSimulator({
        clock,
        logger,
        voiceUrl: `${config.publicUrl}/webhooks/twilio/voice`,
        statusUrl: `${config.publicUrl}/webhooks/twilio/status`,
        numbersFile: `${config.dataDir}/simulator/numbers.json`,
      }),
    );
  const twilio = lab ? { accountSid: lab.accountSid, authToken: lab.authToken, phoneNumber: SHARED_NUMBER, apiUrl: lab.restUrl } : config.twilio;
  const openai = lab ? { ...SIMULATED_MODELS, apiKey: lab.apiKey, baseUrl: lab.textUrl, realtimeUrl: lab.realtimeUrl } : config.openai;

  const app = opened.use(await createApp({ ...config, twilio, openai }, { worker: true, clock, logger, callLab: lab }));
  const demo = await seedDemo(app);
  const { port } = opened.use(await serveApi(app, stopping));
  if (app.voiceModel) opened.use(await serveMedia(app, 0, stopping));
  opened.use(await serveWorker(app, stopping));
  const running = opened.move();
  return { app, apiUrl: `http://localhost:${port}/graphql`, demo, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function welcome({ app, apiUrl, demo }: Started): string {
  const { carrier, voiceModel, callLab } = app;
  const telephone = callLab
    ? 'Calls are simulated: no account, no key, no cost.'
    : `Calls: ${carrier ? 'your Twilio account' : 'no carrier configured'}, ${voiceModel ? voiceModel.name : 'no voice model configured'}.`;
  return `
Callgraph is up. ${telephone}

  GraphiQL   ${apiUrl}
  sign in    ${demo.email} / ${demo.password}
  number     ${demo.phoneNumber}

Three things to try in GraphiQL, whose tabs are filled in for you:
  1. Sign in, and ring your assistant: watch the transcript grow while they talk.
  2. Book a haircut yourself, in the slot the caller wanted: nobody gets it twice.
  3. npm run demo, in another terminal: one inbound and one outbound call, told live.
`;
}

if (import.meta.main) {
  await runProcess(async (stopping) => {
    const started = await startAll(resolveConfig(readEnvironment()), stopping);
    console.log(welcome(started));
    return { logger: started.app.logger, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() };
  });
}
