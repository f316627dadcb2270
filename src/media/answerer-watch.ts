import { readAnswerer } from '../domain/calls/answerer/read-answerer.ts';
import type { ClaimedCall } from '../domain/calls/records.ts';
import { callTopicName } from '../events.ts';
import type { MediaApp } from './media-app.ts';

/**
 * Tells what picked up an outbound call, once somebody knows: the carrier's verdict comes by another process, which
 * writes it into the call's row.
 */
export async function watchAnswerer(app: MediaApp, call: ClaimedCall, signal: AbortSignal, tell: (answeredBy: string) => void): Promise<void> {
  const { callId, known } = call;
  if (call.plan.direction !== 'OUTBOUND' || known.answeredBy !== null || signal.aborted) return;
  try {
    const changes = await app.bus.subscribe(callTopicName(callId));
    signal.addEventListener('abort', () => void changes[Symbol.asyncDispose](), { once: true });
    // Also what came between the claim and the subscription.
    for (let answeredBy = await readAnswerer(app, call); !signal.aborted; answeredBy = await readAnswerer(app, call)) {
      if (answeredBy) return tell(answeredBy);
      const next = await changes.next();
      if (next.done) return;
    }
  } catch (error) {
    app.logger.error({ err: error, callId }, 'what picked up a call cannot be watched');
  }
}
