import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClock } from '../../src/kit/clock.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { startBalancer } from './balancer.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { quiet } from './quiet.ts';
import { redisInstalled, startRedis } from './redis.ts';

const PROCESSES = ['api', 'media', 'standby', 'worker'] as const;
/** `standby` is a media process, too: it takes what the first one does not. */
export type ProcessName = (typeof PROCESSES)[number];

/** The processes as a deployment runs them, the media behind a balancer, with the simulator outside in the place of Twilio and OpenAI. */
export interface Deployment extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly simulator: Simulator;
  readonly graphqlUrl: string;
  readonly voiceUrl: string;
  readonly statusUrl: string;
  /** SIGKILL: the process dies between two instructions. */
  kill(name: ProcessName): Promise<void>;
  /** Resolves when the process is ready. */
  start(name: ProcessName): Promise<void>;
}

const SOURCE = path.join(import.meta.dirname, '..', '..', 'src');

/** With Redis as the bus where it is installed, else with Postgres NOTIFY. */
export async function deploy(): Promise<Deployment> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase());
  const redisUrl = process.env.REDIS_URL ?? (redisInstalled ? opened.use(await startRedis()).url : null);
  const ports = { api: await freePort(), media: await freePort(), standby: await freePort(), worker: await freePort() };
  const balancer = opened.use(await startBalancer([ports.media, ports.standby], 'first'));
  const publicUrl = `http://127.0.0.1:${ports.api}`;
  const voiceUrl = `${publicUrl}/webhooks/twilio/voice`;
  const statusUrl = `${publicUrl}/webhooks/twilio/status`;
  const simulator = opened.use(await startSimulator({ clock: createClock(), logger: quiet().logger, voiceUrl, statusUrl }));
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    WORKER_PORT: String(ports.worker),
    PUBLIC_URL: publicUrl,
    MEDIA_PUBLIC_URL: `ws://127.0.0.1:${balancer.port}`,
    SECRET_KEY: 'a secret key for tests, 32 characters',
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl ?? '',
    TWILIO_ACCOUNT_SID: simulator.accountSid,
    TWILIO_AUTH_TOKEN: simulator.authToken,
    TWILIO_API_URL: simulator.restUrl,
    OPENAI_API_KEY: simulator.apiKey,
    OPENAI_REALTIME_URL: simulator.realtimeUrl,
    OPENAI_BASE_URL: simulator.textUrl,
    DRAIN_SECONDS: '0',
  };
  const running = new Map<ProcessName, ChildProcess>();

  async function start(name: ProcessName): Promise<void> {
    const entry = path.join(SOURCE, `${name === 'standby' ? 'media' : name}.ts`);
    const child = spawn(process.execPath, [entry], {
      env: { ...env, MEDIA_PORT: String(ports[name === 'standby' ? 'standby' : 'media']) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    running.set(name, child);
    while (!(await answers(`http://127.0.0.1:${ports[name]}/ready`))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the ${name} process did not start`);
      await sleep(50);
    }
  }

  async function end(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  opened.defer(async () => void (await Promise.all([...running.keys()].map((name) => end(name, 'SIGTERM')))));
  await Promise.all(PROCESSES.map(start));
  const disposal = opened.move();
  return {
    database,
    simulator,
    graphqlUrl: `${publicUrl}/graphql`,
    voiceUrl,
    statusUrl,
    kill: (name) => end(name, 'SIGKILL'),
    start,
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

const answers = (url: string) =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  );
