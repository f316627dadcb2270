import { once } from 'node:events';
import http from 'node:http';
import { z } from 'zod';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { CallLab } from '../ports/call-lab.ts';
import type { Caller } from './callers/caller.ts';
import { calleeAt, callers, findCaller } from './callers/directory.ts';
import { SimulatedCarrier } from './carrier/carrier.ts';
import { type CarrierFaults, noCarrierFaults } from './carrier/faults.ts';
import { type CallLog, type CarrierLog, newCarrierLog } from './carrier/log.ts';
import { SoldNumbers } from './carrier/numbers/sold.ts';
import { handleRest, isRestPath } from './carrier/rest.ts';
import { newSid } from './carrier/sid.ts';
import { defaultTiming, type ModelFaults, type ModelTiming, noModelFaults } from './model/faults.ts';
import { newModelId } from './model/ids.ts';
import type { ModelSessionLog } from './model/log.ts';
import { ModelServer, REALTIME_PATH } from './model/server.ts';
import { isTextPath, type TextLog, TextServer } from './model/text-server.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0, the default: any that is free. */
  readonly port?: number;
  readonly accountSid?: string;
  readonly authToken?: string;
  readonly apiKey?: string;
  /** Where calls that come in are asked about and their ends are told, unless a ring says otherwise. */
  readonly voiceUrl?: string;
  readonly statusUrl?: string;
  /** Numbers that calls may be placed from; any, unless given. */
  readonly ownedNumbers?: readonly string[];
  /** Where the carrier remembers the numbers that it has sold; in memory, unless given. */
  readonly numbersFile?: string;
  readonly timing?: Partial<ModelTiming>;
  /** Keeps all audio in the log. */
  readonly record?: boolean;
  /** µ-law that the model speaks instead of words, one for each answer in turn. */
  readonly recordings?: readonly Buffer[];
}

export interface Ring {
  /** E.164: a number of ours. */
  readonly to: string;
  /** Who calls: somebody of the directory, or anybody. */
  readonly caller: string | Caller;
  readonly voiceUrl?: string | undefined;
  readonly statusUrl?: string | undefined;
}

export interface Ringing {
  readonly carrierCallId: string;
  /** Resolves when the program has been asked what to do with the call. */
  readonly instructed: Promise<void>;
  readonly ended: Promise<CallLog>;
}

export interface Simulator extends CallLab, AsyncDisposable {
  /** For `TWILIO_API_URL`. */
  readonly restUrl: string;
  /** For `OPENAI_REALTIME_URL`. */
  readonly realtimeUrl: string;
  /** For `OPENAI_BASE_URL`. */
  readonly textUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKey: string;
  ring(ring: { to: string; callerKey: string } & Pick<Ring, 'voiceUrl' | 'statusUrl'>): Promise<Ringing>;
  /** As `ring`, by anybody, and without waiting for the program. @throws RangeError for an unknown caller. */
  dial(ring: Ring): Ringing;
  readonly log: {
    readonly carrier: CarrierLog;
    readonly model: readonly ModelSessionLog[];
    readonly texts: readonly TextLog[];
    call(carrierCallId: string): CallLog | undefined;
  };
  readonly faults: { readonly carrier: CarrierFaults; readonly model: ModelFaults };
  readonly timing: ModelTiming;
}

const MAXIMUM_BODY_BYTES = 100_000;

const ringBody = z.strictObject({ to: z.string(), caller: z.string(), voiceUrl: z.url().optional(), statusUrl: z.url().optional() });

/**
 * Starts the carrier and the model on one loopback port. They speak their vendors' own protocols over real sockets and
 * share no code with the adapters that talk to them.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, logger, accountSid = newSid('AC'), authToken = newSid('AC').slice(2), apiKey = `sk-simulated-${newModelId('sess')}` } = options;
  const faults = { carrier: noCarrierFaults(), model: noModelFaults() };
  const timing = { ...defaultTiming(), ...options.timing };
  const record = options.record ?? false;
  const carrierLog = newCarrierLog();
  const carrier = new SimulatedCarrier({
    clock,
    accountSid,
    authToken,
    callee: calleeAt,
    log: carrierLog,
    faults: faults.carrier,
    recordings: new Map(),
    record,
  });
  const model = new ModelServer({ clock, timing, faults: faults.model, record, recordings: [...(options.recordings ?? [])] }, apiKey);
  const texts = new TextServer({ clock, timing, faults: faults.model }, apiKey);
  const ownedNumbers = options.ownedNumbers ? new Set(options.ownedNumbers) : null;
  const sold = new SoldNumbers(options.numbersFile ?? null);

  const dial = ({ to, caller, ...urls }: Ring): Ringing => {
    const bought = sold.at(to);
    const voiceUrl = urls.voiceUrl ?? (bought?.voiceUrl || options.voiceUrl);
    const statusUrl = urls.statusUrl ?? (bought?.statusUrl || options.statusUrl);
    const person = typeof caller === 'string' ? findCaller(caller) : caller;
    if (!person) throw new RangeError(`there is no simulated caller ${JSON.stringify(caller)}`);
    if (!voiceUrl) throw new RangeError('nobody answers: there is no voice webhook');
    const call = carrier.ring({ caller: person, to, voiceUrl, statusUrl: statusUrl ?? null });
    logger.debug({ carrierCallId: call.sid, caller: person.key, to }, 'a simulated caller rings');
    return { carrierCallId: call.sid, instructed: call.instructed, ended: call.ended };
  };

  const server = http.createServer((request, response) => {
    if (isTextPath(request.url ?? '/')) return void texts.handle(request, response).catch(() => response.destroy());
    readBody(request)
      .then((body) => {
        const path = request.url ?? '/';
        if (isRestPath(path)) return handleRest({ carrier, callee: calleeAt, ownedNumbers, sold }, request, response, body);
        if (path === '/lab/ring' && request.method === 'POST') return answer(response, ...ringOver(dial, body));
        if (path === '/lab/callers' && request.method === 'GET') return answer(response, 200, { callers: callers.map(describe) });
        return answer(response, 404, { error: 'not found' });
      })
      .catch((error: unknown) => answer(response, 400, { error: error instanceof Error ? error.message : 'bad request' }));
  });
  server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname === REALTIME_PATH) return model.upgrade(request, socket, head);
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    restUrl: `http://127.0.0.1:${port}`,
    realtimeUrl: `ws://127.0.0.1:${port}${REALTIME_PATH}`,
    textUrl: `http://127.0.0.1:${port}/v1`,
    accountSid,
    authToken,
    apiKey,
    callers: () => callers.map(describe),
    async ring({ callerKey, ...rest }) {
      const ringing = dial({ ...rest, caller: callerKey });
      await ringing.instructed;
      return ringing;
    },
    dial,
    log: {
      carrier: carrierLog,
      model: model.sessions,
      texts: texts.requests,
      call: (carrierCallId) => carrierLog.calls.find(({ sid }) => sid === carrierCallId),
    },
    faults,
    timing,
    async [Symbol.asyncDispose]() {
      await carrier[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      server.close();
      server.closeAllConnections();
    },
  };
}

function ringOver(dial: (ring: Ring) => Ringing, body: string): [number, object] {
  const parsed = ringBody.safeParse(JSON.parse(body));
  return parsed.success ? [201, { carrierCallId: dial(parsed.data).carrierCallId }] : [400, { error: z.prettifyError(parsed.error) }];
}

const describe = ({ key, name, number, description }: Caller) => ({ key, name, number, description });

function answer(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAXIMUM_BODY_BYTES) throw new Error('the request is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}
