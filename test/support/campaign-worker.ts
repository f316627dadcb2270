// A worker process as src/worker.ts runs it, with a clock that its parent puts forward.
import { createApp } from '../../src/app.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { runProcess } from '../../src/kit/lifecycle.ts';
import { skippingClock } from '../../src/kit/skipping-clock.ts';
import { serveWorker } from '../../src/worker.ts';

const clock = skippingClock();
clock.skip(Number(process.env.SKIPPED_MS ?? 0));
process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'skipMs' in message) clock.skip(Number(message.skipMs));
});

await runProcess(async (stopping) => {
  await using opened = new AsyncDisposableStack();
  const app = opened.use(await createApp(resolveConfig(readEnvironment()), { worker: true, clock, connections: 10 }));
  opened.use(await serveWorker(app, stopping));
  process.send?.('up');
  const running = opened.move();
  return { logger: app.logger, [Symbol.asyncDispose]: () => running.disposeAsync() };
});
