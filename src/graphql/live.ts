import { Fault } from '../kit/errors.ts';
import { stoppable } from '../realtime/replay.ts';
import type { Context } from './context.ts';
import { watchSession } from './session-watch.ts';

/**
 * The stream of a subscription: ends when the client leaves, and with UNAUTHENTICATED when its sign-in ends.
 *
 * @param run yields until its signal is aborted.
 */
export function live<T>(context: Context, run: (signal: AbortSignal) => AsyncGenerator<T, void>): AsyncIterableIterator<T> {
  return stoppable(async function* (left) {
    const { app, exchange } = context;
    // A socket is watched once for all its operations.
    await using watch = exchange.sessionEnded ? null : await watchSession(app, context.signedIn().sessionId);
    const ended = exchange.sessionEnded ?? watch?.ended ?? left;
    yield* run(AbortSignal.any([left, ended]));
    if (ended.aborted && !left.aborted) throw new Fault('UNAUTHENTICATED', 'The session has ended. Sign in again.');
  });
}
