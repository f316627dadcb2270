import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveConfig } from './config/config.ts';
import { readEnvironment } from './config/env.ts';
import { createClock } from './kit/clock.ts';
import { freePort } from './kit/free-port.ts';
import { skippingClock } from './kit/skipping-clock.ts';
import { createApiClient } from './simulator/demo/api-client.ts';
import { tellCampaign } from './simulator/demo/campaign-story.ts';
import { tellStory } from './simulator/demo/story.ts';
import { createScreen } from './simulator/demo/terminal.ts';
import { startAll } from './start.ts';

/** Faster than people speak, and slow enough to read along. */
const SPEED = 2.5;
const LIMIT_MS = 420_000;

/**
 * Two simulated calls and a campaign on a system of our own, beside one that may run already, with a database that is gone
 * afterwards: in it days pass in a minute. Accounts that are configured are left alone.
 */
async function tellDemo(stopping: AbortSignal): Promise<void> {
  const given = readEnvironment();
  await using opened = new AsyncDisposableStack();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-demo-'));
  // The embedded database may have to run as somebody else.
  fs.chmodSync(folder, 0o711);
  opened.defer(() => fs.rmSync(folder, { recursive: true, force: true }));
  const environment = {
    ...given,
    DATA_DIR: folder,
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    SIMULATOR: true,
    SIMULATOR_SPEED: given.SIMULATOR_SPEED ?? SPEED,
    PORT: await freePort(),
    MEDIA_PORT: await freePort(),
    WORKER_PORT: await freePort(),
    PUBLIC_URL: undefined,
    MEDIA_PUBLIC_URL: undefined,
    TWILIO_ACCOUNT_SID: undefined,
    TWILIO_AUTH_TOKEN: undefined,
    OPENAI_API_KEY: undefined,
  };
  const screen = createScreen(process.stdout);
  const clock = skippingClock(createClock(environment.SIMULATOR_SPEED));
  const system = opened.use(await startAll(resolveConfig(environment), stopping, clock));
  const { email, password } = system.demo;
  const [caller, campaigner] = [opened.use(createApiClient(system.apiUrl)), opened.use(createApiClient(system.apiUrl))];
  await caller.signIn(email, password);
  screen.write(screen.paint('dim', `Two telephone calls and a campaign, told by the GraphQL subscriptions of ${system.apiUrl}`));
  const stopped = Promise.withResolvers<never>();
  stopping.addEventListener('abort', () => stopped.reject(stopping.reason), { once: true });
  stopping.throwIfAborted();
  const skipTo = (at: Date) => clock.skip(at.getTime() - clock.now().getTime());
  const told = tellStory(caller, screen).then(() => tellCampaign(campaigner, screen, { now: clock.now, skipTo }, () => campaigner.signIn(email, password)));
  await Promise.race([told, stopped.promise]);
  screen.write('');
}

if (import.meta.main) {
  const stopping = new AbortController();
  const stop = (why: string) => () => stopping.abort(new Error(why));
  process.once('SIGINT', stop('interrupted')).once('SIGTERM', stop('interrupted'));
  const impatient = setTimeout(stop('the demonstration has taken too long'), LIMIT_MS);
  try {
    await tellDemo(stopping.signal);
  } catch (error) {
    console.error(`\n✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
  clearTimeout(impatient);
  process.exit();
}
