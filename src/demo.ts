import { resolveConfig } from './config/config.ts';
import { readEnvironment } from './config/env.ts';
import { freePort } from './kit/free-port.ts';
import { createApiClient } from './simulator/demo/api-client.ts';
import { tellStory } from './simulator/demo/story.ts';
import { createScreen } from './simulator/demo/terminal.ts';
import { startAll } from './start.ts';

/** Faster than people speak, and slow enough to read along. */
const SPEED = 2.5;
const LIMIT_MS = 180_000;

/** Two simulated calls on a system of our own, beside one that may run already; accounts that are configured are left alone. */
async function tellDemo(stopping: AbortSignal): Promise<void> {
  const given = readEnvironment();
  const environment = {
    ...given,
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
  await using system = await startAll(resolveConfig(environment), stopping);
  await using client = createApiClient(system.apiUrl);
  await client.signIn(system.demo.email, system.demo.password);
  screen.write(screen.paint('dim', `Two telephone calls, told by the GraphQL subscriptions of ${system.apiUrl}`));
  const stopped = Promise.withResolvers<never>();
  stopping.addEventListener('abort', () => stopped.reject(stopping.reason), { once: true });
  stopping.throwIfAborted();
  await Promise.race([tellStory(client, screen), stopped.promise]);
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
