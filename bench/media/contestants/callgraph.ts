import { randomBytes } from 'node:crypto';
import path from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { connectDatabase, type RootDb } from '../../../src/db/client.ts';
import { signMediaToken } from '../../../src/domain/calls/media-token.ts';
import { type CallPlan, callPlan } from '../../../src/domain/calls/plan.ts';
import { createClock } from '../../../src/kit/clock.ts';
import { newId } from '../../../src/kit/ids.ts';
import type { CallTicket } from '../fakes/caller.ts';
import { listening, spawnPinned, stop } from '../processes.ts';
import type { Contestant, Ground } from './contestant.ts';
import type { Services } from './services.ts';

const MEDIA_PROCESS = path.join(import.meta.dirname, '..', '..', '..', 'src', 'media.ts');
/** How Node is told to keep its memory, as in `npm run start:media`. */
const MEMORY_FLAGS = manifest.scripts['start:media'].split(' ').filter((word) => word.startsWith('--'));
const SECRET_KEY = randomBytes(32).toString('hex');
const ZONE = 'Europe/Berlin';

/**
 * Our bridge as production runs it: the media process with its database and its bus, signed sockets, a token and a row
 * for each call, transcripts written and live views told.
 *
 * @param process.nodeFlags before the script, e.g. `--cpu-prof`.
 */
export function callgraphContestant(
  services: Services,
  { entry = MEDIA_PROCESS, nodeFlags }: { entry?: string | undefined; nodeFlags: readonly string[] },
): Contestant {
  return {
    name: 'callgraph',
    async start(ground) {
      await using started = new AsyncDisposableStack();
      const database = started.use(connectDatabase(services.databaseUrl, 2));
      const { workspaceId, assistantId } = await seed(database.root);
      const env = environment(ground, services);
      const child = spawnPinned(ground.bridgeCpu, process.execPath, [...MEMORY_FLAGS, ...nodeFlags, entry], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      started.defer(() => stop(child, 10_000));
      await listening(ground.port, child);
      const ready = await fetch(`http://127.0.0.1:${ground.port}/ready`);
      if (!ready.ok) throw new Error(`the media process is not ready: ${ready.status} ${await ready.text()}`);
      const running = started.move();
      return {
        pid: child.pid ?? 0,
        url: `ws://127.0.0.1:${ground.port}/media/twilio`,
        admit: (calls) => admit(database.root, workspaceId, assistantId, calls),
        [Symbol.asyncDispose]: () => running.disposeAsync(),
      };
    },
  };
}

function environment({ port, modelUrl, accountSid, authToken }: Ground, { databaseUrl, redisUrl }: Services): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    MEDIA_PORT: String(port),
    PUBLIC_URL: 'https://api.callgraph.example',
    MEDIA_PUBLIC_URL: `ws://127.0.0.1:${port}`,
    SECRET_KEY,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? '',
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    // No REST call is part of a conversation; what is asked all the same finds nobody there.
    TWILIO_API_URL: new URL('/', modelUrl).href.replace(/^ws/, 'http'),
    OPENAI_API_KEY: 'bench',
    OPENAI_REALTIME_URL: modelUrl,
    DRAIN_SECONDS: '1',
  };
}

async function seed(root: RootDb): Promise<{ workspaceId: string; assistantId: string }> {
  const [workspaceId, assistantId] = [newId(), newId()];
  const now = new Date();
  await root.workspace.create({ data: { id: workspaceId, name: 'Corner Dental', platform: 'BUSINESS', country: 'DE', timeZone: ZONE, createdAt: now } });
  await root.assistant.create({
    data: {
      id: assistantId,
      workspaceId,
      name: 'Reception',
      greeting: PLAN.greeting,
      voice: PLAN.voice,
      tone: 'FRIENDLY',
      language: PLAN.language,
      timeZone: ZONE,
      hours: [],
      faqs: [],
      createdAt: now,
      updatedAt: now,
    },
  });
  return { workspaceId, assistantId };
}

/** Rows as the voice webhook leaves them, and the token that its reply carries. */
async function admit(root: RootDb, workspaceId: string, assistantId: string, calls: number): Promise<CallTicket[]> {
  const now = new Date();
  const plan: CallPlan = { ...PLAN, assistantId };
  const rows = Array.from({ length: calls }, () => ({ id: newId(), carrierCallId: `CA${randomBytes(16).toString('hex')}` }));
  const common = { workspaceId, assistantId, direction: 'INBOUND', status: 'RINGING', carrier: 'TWILIO', from: '+15005550006', to: '+15005550001' } as const;
  const stored = JSON.parse(JSON.stringify(plan));
  await root.call.createMany({ data: rows.map((row) => ({ ...common, ...row, plan: stored, createdAt: now, ringingAt: now })) });
  const clock = createClock();
  return Promise.all(
    rows.map(async ({ id, carrierCallId }, call) => {
      const token = await signMediaToken({ secretKeys: [SECRET_KEY], clock }, { callId: id, workspaceId, bridgeCount: 0 });
      return { call, carrierCallId, parameters: { token } };
    }),
  );
}

/** A plan of ordinary size: a prompt of some 4 KB and two tools. */
const PLAN: CallPlan = callPlan.parse({
  direction: 'INBOUND',
  assistantId: '',
  businessName: 'Corner Dental',
  instructions: 'You answer the telephone of Corner Dental, a practice of three dentists. Be brief, friendly and exact. '.repeat(40),
  greeting: 'Hello, this is Corner Dental. How can I help you?',
  voice: 'marin',
  language: 'en-US',
  timeZone: ZONE,
  tools: ['check_availability', 'take_message'].map((name) => ({
    name,
    description: 'As its name says.',
    parameters: { type: 'object', properties: { date: { type: 'string' }, note: { type: 'string' } }, required: [], additionalProperties: false },
  })),
  limits: { maximumSeconds: 1_800, silenceSeconds: 60 },
});
