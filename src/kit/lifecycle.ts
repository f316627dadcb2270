import { StartError } from './errors.ts';
import type { Logger } from './logger.ts';
import { SECOND } from './time.ts';

/** What a process holds while it runs; disposed of when it is told to stop. */
export interface Running extends AsyncDisposable {
  readonly logger: Logger;
}

/**
 * Runs a process until it is told to stop, and ends it: with 0 after SIGTERM or SIGINT and an orderly disposal, with 1
 * where it cannot start, cannot stop, meets an error that nobody caught, or is told to stop a second time.
 *
 * @param start brings everything up. `stopping` aborts with the first signal, before the disposal.
 */
export async function runProcess(start: (stopping: AbortSignal) => Promise<Running>): Promise<void> {
  const stopping = new AbortController();
  const told = Promise.withResolvers<NodeJS.Signals>();
  let toldAt = 0;
  let running: Running | null = null;

  const onSignal = (signal: NodeJS.Signals) => {
    if (!stopping.signal.aborted) {
      toldAt = performance.now();
      stopping.abort();
      told.resolve(signal);
      // Ctrl-C reaches us from the terminal and again from npm: that is one wish.
    } else if (performance.now() - toldAt > SECOND / 2) {
      process.exit(1);
    }
  };
  const onStray = (error: unknown) => {
    if (running) running.logger.fatal({ err: error }, 'an error that nobody caught: the process ends');
    else console.error(error);
    process.exit(1);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('uncaughtException', onStray).on('unhandledRejection', onStray);

  try {
    running = await start(stopping.signal);
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  }
  const signal = await told.promise;
  running.logger.info({ signal }, 'stopping');
  try {
    await running[Symbol.asyncDispose]();
  } catch (error) {
    running.logger.fatal({ err: error }, 'the process could not stop in order');
    process.exit(1);
  }
  running.logger.info('stopped');
  process.exit(0);
}
