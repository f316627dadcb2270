import type http from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { Demodulator, wordsToText } from '../audio/demodulator.ts';
import { readWav } from '../audio/wav.ts';
import { keep } from '../keep.ts';
import { think } from './brain/brain.ts';
import { retell } from './brain/retell.ts';
import type { ModelFaults, ModelTiming } from './faults.ts';
import { newModelId } from './ids.ts';
import { type CreateResponse, createResponse, memoryOf, responseObject } from './text-wire.ts';
import { textTokens } from './usage.ts';

export interface TextLog {
  readonly path: string;
  readonly status: number;
  /** What was said, or the JSON that was written; what was written down, of a recording. */
  readonly text: string;
  readonly toolCall: string | null;
  readonly at: Date;
}

interface TextWorld {
  readonly clock: Clock;
  readonly timing: ModelTiming;
  readonly faults: ModelFaults;
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly text?: string;
  readonly toolCall?: string | null;
}

const RESPONSES = '/v1/responses';
const TRANSCRIPTIONS = '/v1/audio/transcriptions';
const MAXIMUM_BYTES = 26_214_400;

export const isTextPath = (path: string): boolean => path === RESPONSES || path === TRANSCRIPTIONS;

/** The model's text interface: the same receptionist as on the realtime socket, and somebody who writes down recordings. */
export class TextServer {
  readonly requests: TextLog[] = [];
  readonly #world: TextWorld;
  readonly #apiKey: string;

  constructor(world: TextWorld, apiKey: string) {
    this.#world = world;
    this.#apiKey = apiKey;
  }

  async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { clock, timing, faults } = this.#world;
    const path = request.url ?? '/';
    const body = await readBytes(request);
    const refused = faults.refuseTexts > 0;
    if (refused) faults.refuseTexts -= 1;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    await clock.sleep(faults.slowTextsMs.shift() ?? timing.thinkMs, gone.signal).catch(() => {});
    const reply = refused ? failure(503, 'server_error', 'The server is overloaded. Please try again later.') : await this.#reply(request, path, body);
    keep(this.requests, { path, status: reply.status, text: reply.text ?? '', toolCall: reply.toolCall ?? null, at: clock.now() });
    response.writeHead(reply.status, { 'content-type': 'application/json', 'x-request-id': newModelId('req') }).end(JSON.stringify(reply.body));
  }

  async #reply(request: http.IncomingMessage, path: string, body: Buffer): Promise<Reply> {
    if (request.headers.authorization !== `Bearer ${this.#apiKey}`) return failure(401, 'invalid_api_key', 'Incorrect API key provided.');
    if (request.method !== 'POST') return failure(405, 'method_not_supported', 'Only POST requests are accepted.');
    if (path === TRANSCRIPTIONS) return transcribe(request, body);
    const parsed = createResponse.safeParse(parseJson(body));
    return parsed.success ? this.#respond(parsed.data) : failure(400, 'invalid_value', z.prettifyError(parsed.error));
  }

  #respond(request: CreateResponse): Reply {
    const { clock } = this.#world;
    const memory = memoryOf(request);
    const format = request.text?.format;
    const given = memory.map((entry) => ('text' in entry ? entry.text : '')).join('\n');
    const thought = format
      ? { say: JSON.stringify(retell(given, format.schema)), call: null }
      : think({ memory, instructions: request.instructions ?? '', ask: null, tools: request.tools, mayCall: () => true, now: clock.now() });
    const fault = thought.call ? this.#world.faults.toolCalls.shift() : undefined;
    const call = thought.call && { name: fault?.name ?? thought.call.name, arguments: fault?.arguments ?? JSON.stringify(thought.call.arguments) };
    const said = { type: 'output_text', text: thought.say, annotations: [], logprobs: [] };
    const output = [
      ...(thought.say ? [{ type: 'message', id: newModelId('msg'), role: 'assistant', status: 'completed', content: [said] }] : []),
      ...(call ? [{ type: 'function_call', id: newModelId('item'), call_id: newModelId('call'), status: 'completed', ...call }] : []),
    ];
    const usage = { input: textTokens((request.instructions ?? '') + given), cached: 0, output: textTokens(thought.say + (call?.arguments ?? '')) };
    return {
      status: 200,
      body: responseObject(request, { id: newModelId('resp'), createdAt: clock.now(), output, usage }),
      text: thought.say,
      toolCall: call?.name ?? null,
    };
  }
}

async function transcribe(request: http.IncomingMessage, body: Buffer): Promise<Reply> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData().catch(() => null);
  const file = form?.get('file');
  if (!form || !(file instanceof File) || !form.get('model')) return failure(400, 'invalid_value', 'A file and a model are required.');
  if (!/\.(wav|mp3|mpeg|mpga|m4a|mp4|ogg|flac|webm)$/.test(file.name)) return failure(400, 'invalid_value', `Unrecognized file format: ${file.name}`);
  const audio = readWav(Buffer.from(await file.arrayBuffer()));
  if (!audio) return failure(400, 'invalid_value', 'The audio file could not be decoded or its format is not supported.');
  const text = wordsToText(new Demodulator().push(audio));
  return { status: 200, body: { text, usage: { type: 'duration', seconds: Math.ceil(audio.length / 8_000) } }, text };
}

const failure = (status: number, code: string, message: string): Reply => ({
  status,
  body: { error: { message, type: status >= 500 ? 'server_error' : 'invalid_request_error', param: null, code } },
});

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

async function readBytes(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAXIMUM_BYTES) throw new Error('the request is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
