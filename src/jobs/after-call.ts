import { z } from 'zod';
import { tenantDb } from '../db/tenant.ts';
import { chargeCall, PRICE_ASKED_AFTER_MS } from '../domain/calls/costs/charge-call.ts';
import { keepRecordedMessage } from '../domain/calls/messages/keep-recorded-message.ts';
import { mailMessage } from '../domain/calls/messages/mail-message.ts';
import { summarizeCall } from '../domain/calls/summarize-call.ts';
import { MINUTE, SECOND } from '../kit/time.ts';
import type { Job, WorkerApp } from './job.ts';

const attempt = z.int().min(1).default(1);
const callData = z.object({ workspaceId: z.string(), callId: z.string(), attempt });
const messageData = z.object({ workspaceId: z.string(), messageId: z.string() });
const recordedData = callData.extend({ carrierRecordingId: z.string(), durationSeconds: z.number() });

const MOST_ATTEMPTS = 6;

/** When all turns are written: what the call was about. */
export const summarizeCallJob: Job<z.infer<typeof callData>> = {
  name: 'summarize-call',
  data: callData,
  async run(app, data, signal) {
    const last = data.attempt >= MOST_ATTEMPTS;
    if ((await summarizeCall(inWorkspace(app, data), data, { last }, signal)) === 'later')
      await again(app, summarizeCallJob.name, data, summaryKey(data.callId), pauseMs(data.attempt));
  },
};

/** When the call is over: what the carrier takes for it, which it may know only later. */
export const chargeCallJob: Job<z.infer<typeof callData>> = {
  name: 'charge-call',
  data: callData,
  async run(app, data) {
    if ((await chargeCall(inWorkspace(app, data), data)) === 'done') return;
    const waitMs = PRICE_ASKED_AFTER_MS[data.attempt - 1];
    if (waitMs === undefined) app.logger.warn({ callId: data.callId }, 'the carrier never told its price; the price list stands');
    else await again(app, chargeCallJob.name, data, chargeKey(data.callId), waitMs);
  },
};

/** A recording becomes a message: its sound is there some seconds after the call. */
export const keepRecordedMessageJob: Job<z.infer<typeof recordedData>> = {
  name: 'keep-recorded-message',
  data: recordedData,
  async run(app, data, signal) {
    const last = data.attempt >= MOST_ATTEMPTS;
    const kept = await keepRecordedMessage(inWorkspace(app, data), data, { last }, signal).catch((error: unknown) => {
      if (last) throw error;
      app.logger.warn({ err: error, callId: data.callId }, 'a recorded message could not be kept; trying again');
      return 'later' as const;
    });
    if (kept === 'later') await again(app, keepRecordedMessageJob.name, data, recordedKey(data.carrierRecordingId), pauseMs(data.attempt));
  },
};

/** The owners are told of a message. */
export const mailMessageJob: Job<z.infer<typeof messageData>> = {
  name: 'mail-message',
  data: messageData,
  run: (app, data) => mailMessage(inWorkspace(app, data), data),
};

export const summaryKey = (callId: string): string => `summary:${callId}`;
export const chargeKey = (callId: string): string => `charge:${callId}`;
export const recordedKey = (carrierRecordingId: string): string => `recorded:${carrierRecordingId}`;
export const messageKey = (messageId: string): string => `message:${messageId}`;

const inWorkspace = (app: WorkerApp, { workspaceId }: { readonly workspaceId: string }) => ({ ...app, db: tenantDb(app.root, workspaceId) });

async function again(app: WorkerApp, job: string, data: { readonly attempt: number }, key: string, waitMs: number): Promise<void> {
  const startAfter = new Date(app.clock.now().getTime() + waitMs);
  await app.jobs.enqueue(job, { ...data, attempt: data.attempt + 1 }, { key, startAfter });
}

const pauseMs = (attempts: number): number => Math.min(5 * SECOND * 3 ** (attempts - 1), 10 * MINUTE);
