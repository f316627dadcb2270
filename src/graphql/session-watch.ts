import { viewerOfSession } from '../domain/identity/authenticate.ts';
import { DAY } from '../kit/time.ts';
import { listen } from '../realtime/replay.ts';
import { sessionTopic } from '../realtime/topics.ts';
import type { ApiParts } from './context.ts';

/** Looks after one sign-in for as long as something live depends on it. */
export interface SessionWatch extends AsyncDisposable {
  /** Aborted when the sign-in ends: signed out, a refresh token reused, or run out. */
  readonly ended: AbortSignal;
}

/** Resolves once the end of the sign-in cannot be missed; aborted already where it has ended. */
export async function watchSession(app: ApiParts, sessionId: string): Promise<SessionWatch> {
  const ended = new AbortController();
  const closed = new AbortController();
  const look = async () => {
    if (!(await viewerOfSession(app, sessionId))) ended.abort(new Error('the session has ended'));
  };
  const failed = (error: unknown) => app.logger.warn({ err: error, sessionId }, 'a session could not be looked up');
  const wakes = await listen(app.bus, [sessionTopic(sessionId)], closed.signal);
  const following = (async () => {
    for await (const _wake of wakes) await look().catch(failed);
  })();
  // Refreshing moves the end of a session, so the row is asked again each time.
  const daily = app.clock.every(DAY, () => void look().catch(failed));
  return {
    ended: ended.signal,
    async [Symbol.asyncDispose]() {
      daily.cancel();
      closed.abort();
      await following;
    },
  };
}
