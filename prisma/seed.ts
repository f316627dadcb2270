import type { Config } from '../src/config/config.ts';
import type { RootDb } from '../src/db/client.ts';
import { type TenantDb, tenantDb } from '../src/db/tenant.ts';
import { type EventSink, transact } from '../src/db/transaction.ts';
import type { NewAssistant } from '../src/domain/assistants/assistant.ts';
import { createAssistant } from '../src/domain/assistants/create-assistant.ts';
import { WEEKDAYS } from '../src/domain/assistants/opening-hours.ts';
import { updateBookingPolicy } from '../src/domain/assistants/update-assistant.ts';
import { register } from '../src/domain/identity/register.ts';
import { setSubscription } from '../src/domain/plans/set-subscription.ts';
import { subscriptionOf } from '../src/domain/plans/subscription-of.ts';
import type { Clock } from '../src/kit/clock.ts';
import type { Result } from '../src/kit/errors.ts';
import { newId } from '../src/kit/ids.ts';
import { unlimited } from '../src/ports/rate-limiter.ts';

/** What somebody needs to try the system at once. */
export interface DemoWorkspace {
  readonly email: string;
  readonly password: string;
  readonly workspaceId: string;
  readonly assistantId: string;
  /** The number that the assistant answers, E.164. */
  readonly phoneNumber: string;
}

export const DEMO_EMAIL = 'demo@callgraph.local';
/** Known to everybody who reads this: the demo workspace is made by `npm start` on a developer's machine, not by the processes of a deployment. */
export const DEMO_PASSWORD = 'harbour-hair-demo';

const TIME_ZONE = 'America/New_York';
/** In the range that is set aside for fiction. */
const SIMULATED_NUMBER = '+12025550100';

const ASSISTANT: NewAssistant = {
  name: 'Robin',
  businessName: 'Harbour Hair',
  description: 'A small hairdresser by the old harbour: two chairs, coffee, and a dog called Pixel who is friendly to everybody.',
  greeting: 'Harbour Hair, this is Robin, the automated assistant. How can I help you?',
  instructions:
    'Appointments are for one person. If somebody asks for a colour treatment, take a message instead of booking: Mara calls back to talk it through.',
  voice: 'marin',
  tone: 'FRIENDLY',
  language: 'en-US',
  timeZone: TIME_ZONE,
  hours: [...WEEKDAYS.slice(0, 5).map((day) => ({ day, opens: '09:00', closes: '18:00' })), { day: 'SATURDAY', opens: '10:00', closes: '14:00' }],
  faqs: [
    { question: 'How much is a haircut?', answer: 'A haircut is forty dollars, and twenty-five for children under twelve.' },
    { question: 'Where are you, and is there parking?', answer: 'At 12 Old Harbour Street. You can park behind the house.' },
    { question: 'How can I pay?', answer: 'In cash or by card.' },
  ],
};

/**
 * Makes the demo workspace: an owner, an assistant with hours, and a number that it answers. Run again, it finds what
 * is there and makes only what is missing, so that what somebody has changed stays.
 */
export async function seedDemo(app: { root: RootDb; clock: Clock; events: EventSink; config: Config }): Promise<DemoWorkspace> {
  const workspaceId = await demoWorkspace(app);
  const db = tenantDb(app.root, workspaceId);
  await demoPlan({ ...app, db });
  const assistantId = await demoAssistant({ ...app, db });
  const phoneNumber = await demoLine({ ...app, db }, assistantId);
  return { email: DEMO_EMAIL, password: DEMO_PASSWORD, workspaceId, assistantId, phoneNumber };
}

async function demoWorkspace(app: { root: RootDb; clock: Clock; events: EventSink; config: Config }): Promise<string> {
  const find = () => app.root.membership.findFirst({ where: { user: { email: DEMO_EMAIL }, role: 'OWNER' }, orderBy: { createdAt: 'asc' } });
  const before = await find();
  if (before) return before.workspaceId;
  const person = {
    email: DEMO_EMAIL,
    password: DEMO_PASSWORD,
    name: 'Mara Lund',
    businessName: 'Harbour Hair',
    platform: 'BUSINESS' as const,
    timeZone: TIME_ZONE,
  };
  // Two that start together may both find nobody: one of them registers, and both find what it made.
  await register({ ...app, rateLimiter: unlimited }, person, { address: '127.0.0.1', receivedAt: app.clock.now() });
  const made = await find();
  if (!made) throw new Error(`${DEMO_EMAIL} owns no workspace`);
  return made.workspaceId;
}

/** The largest plan, so that no limit is in the way of trying things. */
async function demoPlan(app: { db: TenantDb; clock: Clock; events: EventSink }): Promise<void> {
  const state = { planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE', source: 'STAFF', externalId: null, cancelsAtPeriodEnd: false } as const;
  const dates = { graceEndsAt: null, currentPeriodStartsAt: null, currentPeriodEndsAt: null };
  // What somebody has made of it since stays.
  if ((await subscriptionOf(app)).source !== 'NONE') return;
  await transact(app, (tx, emit) => setSubscription({ tx, emit, clock: app.clock }, { workspaceId: app.db.$workspaceId, state: { ...state, ...dates } }));
}

async function demoAssistant(app: { db: TenantDb; clock: Clock }): Promise<string> {
  const before = await app.db.assistant.findFirst({ where: { deletedAt: null }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  if (before) return before.id;
  const { id } = must(await createAssistant(app, ASSISTANT));
  must(await updateBookingPolicy(app, { assistantId: id, mode: 'STRICT', slotMinutes: 30, bufferMinutes: 0, minimumNoticeMinutes: 30, maximumDaysAhead: 60 }));
  return id;
}

async function demoLine({ db, clock, config }: { db: TenantDb; clock: Clock; config: Config }, assistantId: string): Promise<string> {
  const simulated = config.simulator !== null;
  const phoneNumber = (simulated ? null : config.twilio?.phoneNumber) ?? SIMULATED_NUMBER;
  const line = { id: newId(), workspaceId: db.$workspaceId, assistantId, phoneNumber, isPrimary: true, provisionedAt: clock.now() };
  // A number that is active already, here or elsewhere, stays as it is.
  await db.phoneLine.createMany({ data: [{ ...line, carrier: simulated || phoneNumber === SIMULATED_NUMBER ? 'SIMULATED' : 'TWILIO' }], skipDuplicates: true });
  await db.phoneLine.updateMany({ where: { phoneNumber, status: 'ACTIVE', assistantId: null }, data: { assistantId } });
  await db.phoneLine.updateMany({ where: { phoneNumber: { not: phoneNumber }, isPrimary: true }, data: { isPrimary: false } });
  return phoneNumber;
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map((problem) => problem.message).join(' '));
}
