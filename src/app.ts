import type pg from 'pg';
import { Registry } from 'prom-client';
import type { Config } from './config/config.ts';
import { connectDatabase, type RootDb } from './db/client.ts';
import { migrate } from './db/migrate.ts';
import type { EventSink } from './db/transaction.ts';
import { KeptTimesCache } from './domain/bookings/kept-times-cache.ts';
import type { KeptTimes } from './domain/bookings/taken-times.ts';
import { react } from './jobs/reactions.ts';
import { type Clock, createClock } from './kit/clock.ts';
import { createLogger, type Logger } from './kit/logger.ts';
import { createSealer, type Sealer } from './kit/seal.ts';
import type { Blobs } from './ports/blobs.ts';
import type { Calendar } from './ports/calendar.ts';
import type { CallLab } from './ports/call-lab.ts';
import type { Carrier } from './ports/carrier.ts';
import type { CarrierProtocol } from './ports/carrier-protocol.ts';
import type { EventBus } from './ports/event-bus.ts';
import type { Forms } from './ports/forms.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { Mailer } from './ports/mailer.ts';
import type { Payments } from './ports/payments.ts';
import { type RateLimiter, unlimited } from './ports/rate-limiter.ts';
import type { Receipts } from './ports/receipts.ts';
import type { TextModel } from './ports/text-model.ts';
import type { Transcriber } from './ports/transcriber.ts';
import type { VoiceModel } from './ports/voice-model.ts';
import { followSlots } from './realtime/follow-slots.ts';
import { project } from './realtime/project.ts';
import { appStoreReceipts } from './vendors/app-store/receipts.ts';
import { diskBlobs } from './vendors/embedded/blobs.ts';
import { embeddedMailer } from './vendors/embedded/mail.ts';
import { startEmbeddedPostgres } from './vendors/embedded/postgres.ts';
import { googleCalendar } from './vendors/google/calendar.ts';
import { googleForms } from './vendors/google/forms.ts';
import { openAiRealtime } from './vendors/openai/realtime.ts';
import { openAiText } from './vendors/openai/text.ts';
import { openAiTranscriber } from './vendors/openai/transcriber.ts';
import { connectPostgresBus } from './vendors/postgres/bus.ts';
import { connectPostgresJobs } from './vendors/postgres/jobs.ts';
import { postgresRateLimiter } from './vendors/postgres/rate-limiter.ts';
import { connectRedisBus } from './vendors/redis/bus.ts';
import { connectRedisRateLimiter } from './vendors/redis/rate-limiter.ts';
import { s3Blobs } from './vendors/s3/blobs.ts';
import { stripePayments } from './vendors/stripe/payments.ts';
import { twilioCarrier } from './vendors/twilio/carrier.ts';
import { twilioMediaStreams } from './vendors/twilio/media-streams.ts';

/** Everything a process is made of. Verbs name the few parts they need; the whole fits structurally. */
export interface App extends AsyncDisposable {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  /** Unscoped: see db/client.ts. */
  readonly root: RootDb;
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly jobs: JobQueue;
  readonly events: EventSink;
  readonly rateLimiter: RateLimiter;
  /** What this process has read of assistants' times, as long as it is true. */
  readonly keptTimes: KeptTimes;
  /** Null where no carrier is configured: what needs one says so when used. */
  readonly carrier: Carrier | null;
  readonly carrierProtocol: CarrierProtocol;
  /** Null where no model is configured. */
  readonly voiceModel: VoiceModel | null;
  /** Null where no model is configured. */
  readonly textModel: TextModel | null;
  /** Null where nobody writes down what recordings say. */
  readonly transcriber: Transcriber | null;
  /** Null where no calendar service is configured. */
  readonly calendar: Calendar | null;
  /** Null where no payment service is configured. */
  readonly payments: Payments | null;
  /** Null where no app store is configured. */
  readonly receipts: Receipts | null;
  /** Null where no Google client is configured. */
  readonly forms: Forms | null;
  readonly mailer: Mailer;
  /** Recordings of calls. */
  readonly blobs: Blobs;
  /** Encrypts what is secret at rest. */
  readonly sealer: Sealer;
  /** Null where no simulator runs. */
  readonly callLab: CallLab | null;
}

export interface AppOptions {
  /** Whether this process runs jobs, or only enqueues them. */
  readonly worker: boolean;
  /** How many database connections it may hold. */
  readonly connections?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly callLab?: CallLab | null;
}

/** The composition root: from settings to the parts, each behind its port. What is opened here is closed in reverse order. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  await using opened = new AsyncDisposableStack();
  const clock = options.clock ?? createClock(config.simulator?.speed ?? 1);
  const logger = options.logger ?? createLogger(config.logLevel);
  const metrics = new Registry();

  const url = config.databaseUrl ?? opened.use(await startEmbeddedPostgres({ dataDir: `${config.dataDir}/postgres` })).url;
  // In production migrations are a step of the deployment: `npm run migrate`.
  if (!config.production) await migrate(url);
  const { root, pool } = opened.use(connectDatabase(url, options.connections ?? 10));
  const { redisUrl } = config;
  const bus = opened.use(await (redisUrl ? connectRedisBus({ url: redisUrl, logger, metrics }) : connectPostgresBus({ url, logger, metrics })));
  const jobs = opened.use(await connectPostgresJobs({ url, logger, worker: options.worker }));
  const rateLimiter = config.rateLimits
    ? opened.use(redisUrl ? await connectRedisRateLimiter({ url: redisUrl, logger }) : postgresRateLimiter({ pool }))
    : unlimited;
  const keptTimes = new KeptTimesCache(clock);
  opened.use(await followSlots(bus, keptTimes));
  const events: EventSink = {
    enqueue: (happened, transaction) => react(jobs, happened, transaction),
    announce(happened) {
      // Here at once, so that whoever has just booked sees it; in the other processes when the bus brings it.
      for (const event of happened) if (event.type === 'SlotsChanged') keptTimes.forget(event);
      return bus.publish(happened.flatMap(project));
    },
  };

  const { twilio, openai, google, appStore } = config;
  const disposal = opened.move();
  return {
    config,
    logger,
    clock,
    metrics,
    root,
    pool,
    bus,
    jobs,
    events,
    rateLimiter,
    keptTimes,
    carrier: twilio && twilioCarrier({ ...twilio, publicUrl: config.publicUrl, mediaPublicUrl: config.mediaPublicUrl, simulated: config.simulator !== null }),
    carrierProtocol: twilioMediaStreams,
    voiceModel: openai && openAiRealtime({ apiKey: openai.apiKey, url: openai.realtimeUrl, model: openai.realtimeModel }),
    textModel: openai && openAiText({ ...openai, model: openai.textModel }),
    transcriber: openai && openAiTranscriber({ ...openai, model: openai.transcriptionModel }),
    calendar: google && googleCalendar({ ...google, redirectUri: `${config.publicUrl}/integrations/google-calendar/callback`, clock }),
    payments: createPayments(config),
    receipts: appStore && appStoreReceipts({ ...appStore, clock }),
    forms: google && googleForms({ formsUrl: google.formsUrl, clock }),
    mailer: embeddedMailer({ folder: `${config.dataDir}/mail`, from: config.mailFrom, clock, logger }),
    blobs: config.recordings ? s3Blobs(config.recordings) : diskBlobs({ folder: `${config.dataDir}/recordings` }),
    sealer: createSealer(config.secretKeys),
    callLab: options.callLab ?? null,
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** The payment service alone, for what needs nothing else; null where none is configured. */
export const createPayments = ({ stripe }: Pick<Config, 'stripe'>): Payments | null => stripe && stripePayments(stripe);
