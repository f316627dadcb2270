import { tenantDb } from '../../src/db/tenant.ts';
import { saveLink } from '../../src/domain/bookings/calendar/calendar-link.ts';
import { pushBooking } from '../../src/domain/bookings/calendar/calendar-push.ts';
import { syncCalendar } from '../../src/domain/bookings/calendar/calendar-sync.ts';
import type { DomainEvent } from '../../src/events.ts';
import type { Booking, CalendarLink, Prisma } from '../../src/generated/prisma/client.ts';
import { react } from '../../src/jobs/reactions.ts';
import { jobs as registry } from '../../src/jobs/registry.ts';
import { createClock } from '../../src/kit/clock.ts';
import { createSealer, type Sealer } from '../../src/kit/seal.ts';
import type { Calendar } from '../../src/ports/calendar.ts';
import type { JobQueue } from '../../src/ports/job-queue.ts';
import { googleCalendar } from '../../src/vendors/google/calendar.ts';
import { ask, type BookingApp, booked, bookingApp } from './booking-app.ts';
import { googleOptions, VERIFIER } from './google-options.ts';
import { type GoogleTwin, startGoogleTwin } from './google-twin.ts';
import { quiet } from './quiet.ts';
import { type Outbox, outbox, SECRET, workerParts } from './worker-parts.ts';

/** A booking app with a calendar service, the jobs that follow from its events, and an outbox. */
export interface CalendarTestApp extends BookingApp {
  readonly twin: GoogleTwin;
  readonly calendar: Calendar;
  readonly sealer: Sealer;
  readonly mailer: Outbox;
  readonly logger: ReturnType<typeof quiet>['logger'];
  readonly config: { readonly mailFrom: string; readonly frontendUrl: string } & ReturnType<typeof workerParts>['config'];
  /** Jobs that wait, by name, also those for later. */
  waiting(): string[];
  /** Runs what waits and what follows from it, but for what is for later. @throws what a job throws, which then waits again. */
  runJobs(): Promise<void>;
  /** Links the twin's calendar and reads it for the first time. */
  connect(calendarId?: string): Promise<CalendarLink>;
  link(): Promise<CalendarLink>;
  sync(): Promise<void>;
  push(booking: Pick<Booking, 'id'>): Promise<void>;
  booking(id: string): Promise<Booking>;
  /** Books, and lets follow what follows. */
  bookAndRun(startsAt?: Date, more?: Parameters<typeof ask>[2]): Promise<Booking>;
}

interface Waiting {
  readonly name: string;
  readonly data: object;
  readonly key: string | undefined;
  readonly startAfter: Date | undefined;
}

export async function calendarApp(assistant: Partial<Prisma.AssistantUncheckedCreateInput> = {}): Promise<CalendarTestApp> {
  const base = await bookingApp(assistant);
  const { clock, database } = base;
  const twin = await startGoogleTwin({ pageSize: 2, now: () => clock.now().getTime() });
  const { logger } = quiet();
  // The pauses between attempts pass by themselves, whatever the app's clock does.
  const calendar = googleCalendar({ ...googleOptions(twin), clock: createClock(100), timeoutMs: 1_000 });
  const sealer = createSealer([SECRET]);
  const mailer = outbox();
  const config = { ...workerParts().config, mailFrom: 'Harbour Hair <no-reply@example.com>', frontendUrl: 'https://app.example.com' };
  let waiting: Waiting[] = [];
  const queue: JobQueue = {
    enqueue: async (name, data, { key, startAfter } = {}) => {
      if (!waiting.some((job) => job.name === name && job.key === key)) waiting.push({ name, data: JSON.parse(JSON.stringify(data)), key, startAfter });
    },
    work: async () => {},
    schedule: async () => {},
    ping: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const events = {
    enqueue: (happened: readonly DomainEvent[], transaction: Parameters<typeof react>[2]) => react(queue, happened, transaction),
    announce: base.events.announce,
  };
  const app: CalendarTestApp = {
    ...base,
    events,
    twin,
    calendar,
    sealer,
    mailer,
    logger,
    config,
    waiting: () => waiting.map(({ name }) => name),
    async runJobs() {
      const worker = { ...workerParts(), ...app, root: database.root, jobs: queue, carrier: null };
      for (;;) {
        const next = waiting.find(({ startAfter }) => !startAfter || startAfter <= clock.now());
        if (!next) return;
        waiting = waiting.filter((job) => job !== next);
        try {
          await registry.find(({ name }) => name === next.name)?.run(worker, next.data, AbortSignal.timeout(10_000));
        } catch (error) {
          waiting.push(next);
          throw error;
        }
      }
    },
    async connect(calendarId = 'primary') {
      const back = twin.oauth.consent(calendar.authorizationUrl({ state: 's', codeChallenge: VERIFIER.challenge }));
      const consent = await calendar.exchange({ code: back.searchParams.get('code') ?? '', codeVerifier: VERIFIER.verifier });
      await saveLink(app, { provider: 'GOOGLE', calendarId, userId: 'somebody', consent });
      await app.runJobs();
      return app.link();
    },
    link: () => tenantDb(database.root, base.workspaceId).calendarLink.findFirstOrThrow(),
    async sync() {
      await syncCalendar(app, { linkId: (await app.link()).id });
    },
    push: ({ id }) => pushBooking(app, { bookingId: id }),
    booking: (id) => base.db.booking.findFirstOrThrow({ where: { id } }),
    async bookAndRun(startsAt, more) {
      const { id } = booked(await ask(app, startsAt, more));
      await app.runJobs();
      return app.booking(id);
    },
    async [Symbol.asyncDispose]() {
      await twin[Symbol.asyncDispose]();
      await base[Symbol.asyncDispose]();
    },
  };
  return app;
}
