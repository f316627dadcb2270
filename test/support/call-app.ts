import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { DEFAULT_PRICES, type PriceList } from '../../src/config/prices.ts';
import type { RootDb } from '../../src/db/client.ts';
import { type TenantDb, tenantDb } from '../../src/db/tenant.ts';
import type { EventSink } from '../../src/db/transaction.ts';
import type { DomainEvent } from '../../src/events.ts';
import type { Assistant, Call, Workspace } from '../../src/generated/prisma/client.ts';
import { httpRoutes } from '../../src/http/webhooks.ts';
import { newId } from '../../src/kit/ids.ts';
import type { Logger } from '../../src/kit/logger.ts';
import type { Carrier } from '../../src/ports/carrier.ts';
import type { TextModel } from '../../src/ports/text-model.ts';
import { twilioCarrier } from '../../src/vendors/twilio/carrier.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { quiet } from './quiet.ts';
import { subscribe } from './subscription.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from './twilio-rest-twin.ts';
import { twilioSignature, type WebhookForm } from './twilio-webhook.ts';

export const ACCOUNT = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'c3f1d7a0b1e24c55a7b6d2c49f0e8a13' };
export const LINE = '+12025550100';

/** What decides which number calls are placed from. */
export interface CallerConfig {
  readonly production: boolean;
  readonly twilio: { readonly phoneNumber: string | null };
}

/** One workspace with an assistant and a line, its carrier's webhooks on a port, and the carrier's REST API as a twin. */
export interface CallApp extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly root: RootDb;
  readonly pool: TestDatabase['pool'];
  readonly db: TenantDb;
  readonly clock: ManualClock;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly events: EventSink;
  /** All that was told after a commit, in order. */
  readonly told: DomainEvent[];
  /** All that was handed to the queue. */
  readonly enqueued: DomainEvent[];
  readonly carrier: Carrier;
  readonly twin: TwilioRestTwin;
  readonly config: {
    readonly publicUrl: string;
    readonly mediaPublicUrl: string;
    readonly secretKeys: readonly [string];
    readonly prices: PriceList;
    readonly callsPerSecond: number;
    readonly callsPerNumberADay: number;
  } & CallerConfig;
  readonly textModel: TextModel | null;
  readonly workspace: Workspace;
  readonly assistant: Assistant;
  /** Where it really listens. */
  readonly localUrl: string;
  /** Posts a webhook to the running server, signed as Twilio signs unless told otherwise. */
  post(pathAndQuery: string, form: WebhookForm, headers?: Record<string, string>): Promise<{ status: number; body: string; type: string | null }>;
  call(id: string): Promise<Call>;
}

export interface CallAppOptions {
  readonly timeoutMs?: number;
  readonly sharedNumber?: string | null;
  readonly textModel?: TextModel | null;
}

export async function callApp({ timeoutMs = 5_000, sharedNumber = null, textModel = null }: CallAppOptions = {}): Promise<CallApp> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase(12));
  const twin = opened.use(await startTwilioRestTwin(ACCOUNT));
  const clock = manualClock(new Date());
  const { logger, metrics } = quiet();
  const told: DomainEvent[] = [];
  const enqueued: DomainEvent[] = [];
  const events: EventSink = {
    enqueue: async (happened) => void enqueued.push(...happened),
    announce: async (happened) => void told.push(...happened),
  };
  // The address that the carrier was told is not the one that listens, as behind a proxy.
  const publicUrl = 'https://voice.example.com';
  const config = {
    publicUrl,
    mediaPublicUrl: 'wss://media.example.com',
    secretKeys: ['a secret key for tests, 32 characters'] as const,
    prices: DEFAULT_PRICES,
    production: true,
    callsPerSecond: 0,
    callsPerNumberADay: 0,
    twilio: { phoneNumber: sharedNumber },
  };
  const carrier = twilioCarrier({ ...ACCOUNT, apiUrl: twin.url, publicUrl, mediaPublicUrl: config.mediaPublicUrl, timeoutMs });
  const { root, pool } = database;
  const { workspace, assistant } = await seedWorkspace(root, LINE);

  const routes = httpRoutes({ root, clock, events, logger, metrics, config, carrier, textModel });
  const server = http.createServer((req, res) => void routes(req, res).then((taken) => taken || res.writeHead(404).end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.defer(() => void server.close().closeAllConnections());
  const local = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const disposal = opened.move();

  return {
    database,
    root,
    pool,
    db: tenantDb(root, workspace.id),
    clock,
    logger,
    metrics,
    events,
    told,
    enqueued,
    carrier,
    textModel,
    twin,
    config,
    workspace,
    assistant,
    localUrl: local,
    async post(pathAndQuery, form, headers = {}) {
      const signature = twilioSignature(ACCOUNT.authToken, publicUrl + pathAndQuery, form);
      const response = await fetch(local + pathAndQuery, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature, ...headers },
        body: new URLSearchParams(form),
      });
      return { status: response.status, body: await response.text(), type: response.headers.get('content-type') };
    },
    call: (id) => root.call.findUniqueOrThrow({ where: { id } }),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** A workspace with an assistant that answers `phoneNumber`, on a plan whose limits are in nobody's way. */
export async function seedWorkspace(root: RootDb, phoneNumber: string): Promise<{ workspace: Workspace; assistant: Assistant }> {
  const now = new Date();
  const workspace = await root.workspace.create({
    data: { id: newId(), name: 'Brightwater Dental', platform: 'BUSINESS', country: 'US', timeZone: 'America/New_York', createdAt: now },
  });
  const assistant = await root.assistant.create({
    data: {
      id: newId(),
      workspaceId: workspace.id,
      name: 'Mia',
      greeting: 'Brightwater Dental, this is Mia. How can I help you?',
      voice: 'marin',
      tone: 'FRIENDLY',
      language: 'en-US',
      timeZone: 'America/New_York',
      hours: [{ day: 'MONDAY', opens: '09:00', closes: '17:00' }],
      faqs: [],
      createdAt: now,
      updatedAt: now,
    },
  });
  await root.phoneLine.create({
    data: { id: newId(), workspaceId: workspace.id, assistantId: assistant.id, phoneNumber, carrier: 'TWILIO', isPrimary: true, provisionedAt: now },
  });
  await subscribe(root, workspace.id);
  return { workspace, assistant };
}
