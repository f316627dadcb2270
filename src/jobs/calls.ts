import { z } from 'zod';
import { reapCalls } from '../domain/calls/watch/reap-calls.ts';
import { reconcileCall } from '../domain/calls/watch/reconcile-call.ts';
import { MINUTE, SECOND } from '../kit/time.ts';
import type { Job } from './job.ts';

/** Every minute: calls that have stopped moving. */
export const reapCallsJob: Job<unknown> = {
  name: 'reap-calls',
  data: z.unknown(),
  async run(app, _data, signal) {
    const done = await reapCalls(app, signal);
    if (Object.values(done).some((count) => count > 0)) app.logger.info(done, 'looked after calls that had stopped moving');
  },
};

const reconcileData = z.object({ workspaceId: z.string(), callId: z.string(), attempt: z.int().min(1).default(1) });

/** Longer than the carrier needs to list a call; after that the reaper goes on asking every minute. */
const MOST_ATTEMPTS = 8;

/** Soon after a carrier left us without an answer, and again with growing pauses until it is known what happened. */
export const reconcileCallJob: Job<z.infer<typeof reconcileData>> = {
  name: 'reconcile-call',
  data: reconcileData,
  async run(app, { attempt, ...call }) {
    if ((await reconcileCall(app, call)) === 'settled' || attempt >= MOST_ATTEMPTS) return;
    const startAfter = new Date(app.clock.now().getTime() + pauseMs(attempt));
    await app.jobs.enqueue(reconcileCallJob.name, { ...call, attempt: attempt + 1 }, { key: reconcileKey(call.callId), startAfter });
  },
};

export const reconcileKey = (callId: string): string => `reconcile:${callId}`;

const pauseMs = (attempt: number): number => Math.min(2 ** attempt * 2 * SECOND, MINUTE);
