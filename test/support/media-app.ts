import { randomBytes } from 'node:crypto';
import type { Registry } from 'prom-client';
import { DEFAULT_PRICES } from '../../src/config/prices.ts';
import type { EventSink } from '../../src/db/transaction.ts';
import { signMediaToken } from '../../src/domain/calls/media-token.ts';
import { callPlanFor } from '../../src/domain/calls/plan-call.ts';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
import type { DomainEvent } from '../../src/events.ts';
import type { Assistant, Call, Workspace } from '../../src/generated/prisma/client.ts';
import { type Clock, createClock } from '../../src/kit/clock.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { newId } from '../../src/kit/ids.ts';
import { type MediaServer, startMediaServer } from '../../src/media/server.ts';
import { project } from '../../src/realtime/project.ts';
import { openAiRealtime } from '../../src/vendors/openai/realtime.ts';
import { connectPostgresBus } from '../../src/vendors/postgres/bus.ts';
import { twilioCarrier } from '../../src/vendors/twilio/carrier.ts';
import { twilioMediaStreams } from '../../src/vendors/twilio/media-streams.ts';
import { ACCOUNT, LINE, seedWorkspace } from './call-app.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { quiet } from './quiet.ts';
import { RawCarrier } from './raw-carrier.ts';
import { RawModel, type RawModelScript, type RawModelSession } from './raw-model.ts';

export interface Admitted {
  readonly callId: string;
  readonly carrierCallId: string;
  readonly token: string;
}

/** A media server on a private database, between a scripted carrier and a scripted model. */
export interface MediaTestApp extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly workspace: Workspace;
  readonly assistant: Assistant;
  readonly server: MediaServer;
  readonly model: RawModel;
  readonly metrics: Registry;
  readonly url: string;
  /** All that was announced, in order. */
  readonly told: DomainEvent[];
  /** A call as the voice webhook leaves it, and the token that its reply carries. */
  admit(): Promise<Admitted>;
  /** The media socket of a call, before its `start`. */
  dial(call: Admitted): Promise<RawCarrier>;
  call(callId: string): Promise<Call>;
  /** Resolves with the first announced event that fits, also one that came before. */
  announced(fits: (event: DomainEvent) => boolean): Promise<DomainEvent>;
}

export interface MediaTestOptions {
  readonly speed?: number;
  /** In place of one that runs. */
  readonly clock?: Clock;
  readonly script?: Partial<RawModelScript>;
  readonly silenceSeconds?: number;
  /** Where the carrier's REST API is. */
  readonly apiUrl?: string;
  /** After which the model closes a connection, as the adapter is told. */
  readonly longestSessionMs?: number;
  /** In place of a private one on the tests' server. */
  readonly database?: TestDatabase;
}

export async function mediaApp(options: MediaTestOptions = {}): Promise<MediaTestApp> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(options.database ?? (await testDatabase(8)));
  const model = opened.use(await RawModel.listen({ onSession: (_session: RawModelSession) => {}, ...options.script }));
  const clock = options.clock ?? createClock(options.speed ?? 1);
  const { logger, metrics } = quiet();
  const told: DomainEvent[] = [];
  let listeners: (() => void)[] = [];
  const events: EventSink = {
    enqueue: async () => {},
    announce: async (happened) => {
      told.push(...happened);
      for (const listener of [...listeners]) listener();
      await bus.publish(happened.flatMap(project));
    },
  };
  const { root, pool } = database;
  const config = { secretKeys: ['a secret key for tests, 32 characters'] as const, publicUrl: 'https://voice.example.com', prices: DEFAULT_PRICES };
  const bus = opened.use(await connectPostgresBus({ url: database.url, logger, metrics }));
  const { workspace, assistant } = await seedWorkspace(root, LINE);
  const voiceModel = openAiRealtime({
    apiKey: 'sk-test',
    url: model.url,
    model: 'gpt-realtime',
    ...(options.longestSessionMs && { longestSessionMs: options.longestSessionMs }),
  });
  const port = await freePort();
  const mediaPublicUrl = `ws://127.0.0.1:${port}`;
  const carrier = twilioCarrier({ ...ACCOUNT, apiUrl: options.apiUrl ?? null, publicUrl: config.publicUrl, mediaPublicUrl });
  const server = opened.use(
    await startMediaServer(
      { root, pool, clock, logger, metrics, events, bus, config, carrier, carrierProtocol: twilioMediaStreams, voiceModel },
      { port, host: '127.0.0.1', answerHttp: (_request, response) => response.writeHead(404).end() },
    ),
  );
  const url = `${mediaPublicUrl}/media/twilio`;
  const disposal = opened.move();
  return {
    database,
    workspace,
    assistant,
    server,
    model,
    metrics,
    url,
    told,
    async admit() {
      const callId = newId();
      const carrierCallId = `CA${randomBytes(16).toString('hex')}`;
      const plan = callPlanFor(assistant, workspace, 'INBOUND');
      const limits = { ...plan.limits, ...(options.silenceSeconds && { silenceSeconds: options.silenceSeconds }) };
      const now = clock.now();
      const row = { workspaceId: workspace.id, assistantId: assistant.id, direction: 'INBOUND', status: 'RINGING', carrier: 'TWILIO' } as const;
      await root.call.create({
        data: { ...row, id: callId, carrierCallId, from: '+12025550142', to: LINE, plan: storedPlan({ ...plan, limits }), createdAt: now, ringingAt: now },
      });
      const token = await signMediaToken({ secretKeys: config.secretKeys, clock }, { callId, workspaceId: workspace.id, bridgeCount: 0 });
      return { callId, carrierCallId, token };
    },
    dial: ({ carrierCallId, token }) => RawCarrier.dial({ url, carrierCallId, token, ...ACCOUNT }),
    call: (callId) => root.call.findUniqueOrThrow({ where: { id: callId } }),
    announced: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const event = told.find(fits);
          if (!event) return;
          listeners = listeners.filter((listener) => listener !== look);
          resolve(event);
        };
        listeners.push(look);
        look();
      }),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
