import type { z } from 'zod';
import type { RootDb } from '../db/client.ts';
import type { EventSink } from '../db/transaction.ts';
import type { PriceList } from '../domain/calls/costs/pricing.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { Sealer } from '../kit/seal.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Calendar } from '../ports/calendar.ts';
import type { Carrier } from '../ports/carrier.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { Payments } from '../ports/payments.ts';
import type { Receipts } from '../ports/receipts.ts';
import type { TextModel } from '../ports/text-model.ts';
import type { Transcriber } from '../ports/transcriber.ts';

/** What jobs are given; the whole App fits. */
export interface WorkerApp {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly jobs: JobQueue;
  readonly carrier: Carrier | null;
  readonly calendar: Calendar | null;
  readonly payments: Payments | null;
  readonly receipts: Receipts | null;
  readonly mailer: Mailer;
  readonly blobs: Blobs;
  readonly textModel: TextModel | null;
  readonly transcriber: Transcriber | null;
  readonly sealer: Sealer;
  readonly config: {
    readonly mailFrom: string;
    readonly frontendUrl: string;
    readonly publicUrl: string;
    readonly secretKeys: readonly [string, ...string[]];
    readonly prices: PriceList;
    readonly production: boolean;
    readonly callsPerSecond: number;
    readonly callsPerNumberADay: number;
    readonly twilio: { readonly phoneNumber: string | null } | null;
  };
  readonly logger: Logger;
}

/** A job is a name, a schema and one call. It may run more than once for one enqueuing: idempotent by what it does. */
export interface Job<T> {
  readonly name: string;
  readonly data: z.ZodType<T>;
  run(app: WorkerApp, data: T, signal: AbortSignal): Promise<void>;
}

/** A job as the queue sees it: data of any kind is read by the schema first. */
export interface RegisteredJob {
  readonly name: string;
  run(app: WorkerApp, data: unknown, signal: AbortSignal): Promise<void>;
}

export const registered = <T>(job: Job<T>): RegisteredJob => ({
  name: job.name,
  run: (app, data, signal) => job.run(app, job.data.parse(data), signal),
});
