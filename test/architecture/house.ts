// The house's rules as a table. A change here is a change of the design: say why in the commit, or find the domain
// event that carries what you need (src/events.ts).

/** In order: a domain may import those before it. To reach a later one, emit a domain event. */
export const DOMAINS = [
  'platforms',
  'workspaces',
  'identity',
  'plans',
  'usage',
  'billing',
  'contacts',
  'knowledge',
  'scenarios',
  'assistants',
  'phone-lines',
  'bookings',
  'surveys',
  'calls',
  'campaigns',
  'onboarding',
  'notifications',
  'webhooks',
];

const TRANSPORT = ['domain', 'realtime', 'ports', 'db', 'events', 'kit'];

/** What a layer may import besides itself. `generated` is Prisma's client and the types made from it. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  config: ['kit'],
  ports: ['kit'],
  events: ['kit'],
  db: ['kit', 'ports', 'events', 'generated'],
  realtime: ['kit', 'ports', 'events'],
  domain: ['kit', 'ports', 'db', 'events', 'generated'],
  graphql: [...TRANSPORT, 'generated'],
  http: TRANSPORT,
  jobs: TRANSPORT,
  media: ['domain/calls', 'ports', 'events', 'kit'],
  vendors: ['ports', 'kit'],
  simulator: ['kit', 'ports'],
  // The composition root: wires everything but the transports, which the processes wire.
  app: ['kit', 'config', 'ports', 'events', 'db', 'realtime', 'domain', 'jobs', 'vendors'],
  // The processes, and what starts them on a fresh machine, the seed included.
  entry: ['../prisma', 'app', 'kit', 'config', 'ports', 'events', 'db', 'realtime', 'domain', 'graphql', 'http', 'jobs', 'media', 'simulator'],
};

/** Rules without reads or writes, each with a table test: they import kit and one another. */
export const PURE: readonly string[] = [
  'domain/assistants/assistant.ts',
  'domain/assistants/booking-policy.ts',
  'domain/assistants/opening-hours.ts',
  'domain/assistants/prompt.ts',
  'domain/assistants/voices.ts',
  'domain/bookings/alternatives.ts',
  'domain/bookings/choices.ts',
  'domain/bookings/customer.ts',
  'domain/bookings/day-said.ts',
  'domain/bookings/iso-time.ts',
  'domain/bookings/own-booking.ts',
  'domain/bookings/resolved-time.ts',
  'domain/bookings/slot-problem.ts',
  'domain/bookings/slots.ts',
  'domain/bookings/spoken-clock.ts',
  'domain/bookings/spoken-date.ts',
  'domain/bookings/spoken-day.ts',
  'domain/bookings/spoken-elapsed.ts',
  'domain/bookings/spoken-holidays.ts',
  'domain/bookings/spoken-meaning.ts',
  'domain/bookings/spoken-phrase.ts',
  'domain/bookings/spoken-phrases.ts',
  'domain/bookings/spoken-time.ts',
  'domain/bookings/spoken-words.ts',
  'domain/bookings/time-question.ts',
  'domain/bookings/wording.ts',
  'domain/calls/plan.ts',
  'domain/calls/tools.ts',
  'domain/plans/catalogue.ts',
  'domain/plans/changes.ts',
  'domain/plans/standing.ts',
];

/** Who may hold the client that sees every workspace, and why. All others are given a `TenantDb`. */
export const UNSCOPED: Readonly<Record<string, string>> = {
  'app.ts': 'makes it',
  'db/client.ts': 'defines it',
  'db/tenant.ts': 'narrows it to a workspace',
  'db/transaction.ts': 'takes either kind',
  'db/viewer.ts': 'narrows it to what a person may see',
  'domain/bookings/calendar-consent.ts': 'the state of a consent tells which workspace asked for it',
  'domain/bookings/calendar-due.ts': 'looks after the calendars of every workspace',
  'domain/bookings/calendar-revoke.ts': 'a consent is given for an account, whichever workspaces use it',
  'domain/calls/advance-call.ts': 'narrows it to the workspace of the call',
  'domain/calls/answer-call.ts': 'a ringing call tells its workspace by its number',
  'domain/calls/claim-call.ts': 'narrows it to the workspace that the signed token names',
  'domain/calls/find-call.ts': 'a carrier knows its own id of a call, and no workspace',
  'domain/calls/reap-calls.ts': 'looks after the calls of every workspace',
  'domain/calls/reconcile-call.ts': 'narrows it to the workspace of the call',
  'domain/calls/record-status.ts': 'a carrier reports by its own id of a call',
  'domain/calls/release-call.ts': 'narrows it to the workspace of the bridge',
  'domain/calls/resume-call.ts': 'a carrier asks by its own id of a call',
  'domain/calls/run-tool.ts': 'narrows it to the workspace of the call',
  'domain/identity/authenticate.ts': 'people and sessions belong to no workspace',
  'domain/identity/end-session.ts': 'people and sessions belong to no workspace',
  'domain/identity/refresh-session.ts': 'people and sessions belong to no workspace',
  'domain/identity/register.ts': 'makes a person and their first workspace',
  'domain/identity/sign-in.ts': 'people and sessions belong to no workspace',
  'domain/phone-lines/find-line.ts': 'a number tells which workspace answers it',
  'graphql/context.ts': 'narrows it for each request',
  'http/webhooks.ts': 'hands it to what finds the workspace of a call',
  'jobs/job.ts': 'jobs narrow it to the workspace that they are told',
};

/** Where SQL is written by hand, which no client narrows, and why. */
export const HAND_WRITTEN_SQL: Readonly<Record<string, string>> = {
  'db/migrate.ts': 'applies migrations',
  'domain/bookings/calendar-access.ts': 'locks a calendar link, by its workspace and id',
  'domain/bookings/claim-lane.ts': 'locks an assistant and drops expired holds, by workspace and id',
  'domain/bookings/release-holds.ts': 'lets go of what a call holds in one statement, by its workspace and id',
  'domain/calls/keep-calls.ts': 'one statement for the heartbeats of all calls of a bridge',
  'domain/calls/record-turns.ts': 'one statement for the turns of all calls of a bridge, each with its workspace',
  'domain/calls/lock-call.ts': 'locks a call, by its workspace and id',
  'domain/plans/open-subscription.ts': 'locks a subscription by its workspace; claims of trials belong to no workspace',
  'http/health.ts': 'asks whether the database answers',
  'ports/job-queue.ts': 'names the two methods that a queue needs of a transaction',
  'vendors/embedded/postgres.ts': 'makes the database',
  'vendors/postgres/bus.ts': 'LISTEN and NOTIFY',
  'vendors/postgres/rate-limiter.ts': 'counts in a table of its own',
};
