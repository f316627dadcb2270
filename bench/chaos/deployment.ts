import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase, type Database } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createClock } from '../../src/kit/clock.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { type Balancer, startBalancer } from '../../test/support/balancer.ts';
import { redisInstalled, startRedis, type TestRedis } from '../../test/support/redis.ts';
import { scratchPostgres } from '../scratch-postgres.ts';

export type ProcessName = 'api' | 'media-1' | 'media-2' | 'worker';

/** Everything as it is deployed: processes of their own behind a balancer, a database, a bus; and the vendors simulated. */
export interface Deployment extends AsyncDisposable {
  readonly database: Database;
  /** Null where no redis-server is installed: then the database is the bus. */
  readonly redis: TestRedis | null;
  readonly balancer: Balancer;
  readonly simulator: Simulator;
  readonly publicUrl: string;
  /** How often a process ended that nobody had killed. */
  readonly crashes: readonly string[];
  kill(name: ProcessName): Promise<void>;
  start(name: ProcessName): Promise<void>;
}

const SOURCE = path.join(import.meta.dirname, '..', '..', 'src');

export async function deploy(): Promise<Deployment> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await scratchPostgres({ fast: true }));
  await migrate(server.url);
  const database = opened.use(connectDatabase(server.url, 4));
  const redis = redisInstalled ? opened.use(await startRedis()) : null;
  const ports = { api: await freePort(), 'media-1': await freePort(), 'media-2': await freePort(), worker: await freePort() };
  const balancer = opened.use(await startBalancer([ports['media-1'], ports['media-2']]));
  const publicUrl = `http://127.0.0.1:${ports.api}`;
  const urls = { voiceUrl: `${publicUrl}/webhooks/twilio/voice`, statusUrl: `${publicUrl}/webhooks/twilio/status` };
  const simulator = opened.use(await startSimulator({ clock: createClock(), logger: createLogger('silent'), record: true, ...urls }));
  const log = fs.openSync(path.join(os.tmpdir(), `callgraph-chaos-${process.pid}.log`), 'a');
  const env = (name: ProcessName) => ({
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    MEDIA_PORT: String(name === 'media-2' ? ports['media-2'] : ports['media-1']),
    WORKER_PORT: String(ports.worker),
    PUBLIC_URL: publicUrl,
    MEDIA_PUBLIC_URL: `ws://127.0.0.1:${balancer.port}`,
    SECRET_KEY: 'a secret key for chaos, 32 characters',
    DATA_DIR: path.join(server.folder, 'data'),
    DATABASE_URL: server.url,
    REDIS_URL: redis?.url ?? '',
    TWILIO_ACCOUNT_SID: simulator.accountSid,
    TWILIO_AUTH_TOKEN: simulator.authToken,
    TWILIO_API_URL: simulator.restUrl,
    OPENAI_API_KEY: simulator.apiKey,
    OPENAI_REALTIME_URL: simulator.realtimeUrl,
    OPENAI_BASE_URL: simulator.textUrl,
    DRAIN_SECONDS: '0',
  });
  const running = new Map<ProcessName, ChildProcess>();
  const crashes: string[] = [];

  async function start(name: ProcessName): Promise<void> {
    const script = path.join(SOURCE, `${name.replace(/-\d$/, '')}.ts`);
    const child = spawn(process.execPath, [script], { env: env(name), stdio: ['ignore', log, log] });
    running.set(name, child);
    child.once('exit', (code, signal) => {
      if (running.get(name) === child) crashes.push(`${name} ended with ${signal ?? code}`);
    });
    for (let ready = false; !ready; await sleep(50)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the ${name} process did not start`);
      ready = await fetch(`http://127.0.0.1:${ports[name]}/ready`).then(
        (response) => response.ok,
        () => false,
      );
    }
  }

  async function end(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  opened.defer(async () => void (await Promise.all([...running.keys()].map((name) => end(name, 'SIGTERM')))));
  await Promise.all([start('api'), start('media-1'), start('media-2'), start('worker')]);
  const disposal = opened.move();
  return {
    database,
    redis,
    balancer,
    simulator,
    publicUrl,
    crashes,
    kill: (name) => end(name, 'SIGKILL'),
    start,
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
