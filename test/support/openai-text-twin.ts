import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What the twin does with the next request for a response. */
export type TextBehaviour =
  | { readonly say?: string; readonly calls?: readonly { readonly name: string; readonly arguments: object | string }[]; readonly usage?: TwinUsage }
  | { readonly refusal: string }
  | { readonly incomplete: 'max_output_tokens' | 'content_filter' }
  | { readonly status: number; readonly code: string; readonly message?: string }
  | { readonly body: string }
  | { readonly fault: 'break' | 'hang' }
  /** Answers as the other when the promise has resolved. */
  | { readonly until: Promise<unknown>; readonly then: TextBehaviour };

interface TwinUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export interface TwinTextRequest {
  readonly model: string;
  readonly instructions?: string;
  readonly input: readonly Record<string, unknown>[];
  readonly tools?: readonly { readonly name: string; readonly strict: boolean }[];
  readonly text?: { readonly format: { readonly name: string; readonly schema: Record<string, unknown> } };
  readonly store?: boolean;
  readonly max_output_tokens?: number;
}

export interface OpenAiTextTwin extends AsyncDisposable {
  /** Ends in /v1. */
  readonly url: string;
  readonly requests: TwinTextRequest[];
  readonly transcriptions: { readonly model: string; readonly language: string | null; readonly fileName: string; readonly bytes: number }[];
  /** Where requests, or the twin's own answers, do not fit the vendor's specification. */
  readonly violations: string[];
  /** In turn; with nothing scripted it says "Mm-hm.". */
  script(...behaviours: TextBehaviour[]): void;
  scriptTranscription(...texts: (string | { readonly status: number; readonly code: string })[]): void;
  /** Resolves when the next request has come. */
  nextRequest(): Promise<TwinTextRequest>;
}

const fixture: unknown = JSON.parse(fs.readFileSync(new URL('../fixtures/openai-text.json', import.meta.url), 'utf8'));

/** OpenAI's text interface, which checks what it is asked by the vendor's own specification. */
export async function startOpenAiTextTwin(apiKey: string): Promise<OpenAiTextTwin> {
  const check = compile();
  const requests: TwinTextRequest[] = [];
  const transcriptions: OpenAiTextTwin['transcriptions'] = [];
  const violations: string[] = [];
  const script: TextBehaviour[] = [];
  const transcripts: (string | { status: number; code: string })[] = [];
  const waiting: ((request: TwinTextRequest) => void)[] = [];
  let number = 0;

  const server = http.createServer((req, res) => void handle(req, res).catch(() => res.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function handle(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    if (req.headers.authorization !== `Bearer ${apiKey}`) return send(res, 401, failure('invalid_api_key', 'Incorrect API key provided.'));
    if (req.method !== 'POST') violations.push(`${req.method} ${req.url}`);
    if (req.url === '/v1/audio/transcriptions') return transcribe(req, body, res);
    if (req.url !== '/v1/responses') return send(res, 404, failure('not_found', 'Unknown request URL'));
    const request: TwinTextRequest = JSON.parse(body.toString());
    if (!check.request(request)) violations.push(`a request: ${JSON.stringify(check.request.errors)}`);
    const schema = request.text?.format.schema;
    if (schema && !isStrict(schema)) violations.push(`a schema that is not strict: ${JSON.stringify(schema)}`);
    requests.push(request);
    const behaviour = script.shift() ?? { say: 'Mm-hm.' };
    waiting.shift()?.(request);
    await perform(behaviour, request, res);
  }

  async function perform(behaviour: TextBehaviour, request: TwinTextRequest, res: http.ServerResponse): Promise<void> {
    if ('until' in behaviour) {
      await behaviour.until;
      return perform(behaviour.then, request, res);
    }
    if ('fault' in behaviour) return behaviour.fault === 'break' ? void res.destroy() : undefined;
    if ('status' in behaviour) return send(res, behaviour.status, failure(behaviour.code, behaviour.message ?? 'No.'));
    if ('body' in behaviour) return void res.writeHead(200, { 'content-type': 'application/json' }).end(behaviour.body);
    const answer = responseOf(behaviour, request);
    if (!check.response(answer)) violations.push(`an answer of the twin's own: ${JSON.stringify(check.response.errors)}`);
    send(res, 200, answer);
  }

  function responseOf(
    behaviour: Exclude<TextBehaviour, { status: number } | { body: string } | { fault: string } | { until: unknown }>,
    request: TwinTextRequest,
  ) {
    number += 1;
    const message = (content: object) => ({ type: 'message', id: `msg_${number}`, role: 'assistant', status: 'completed', content: [content] });
    const output: object[] = [];
    if ('refusal' in behaviour) output.push(message({ type: 'refusal', refusal: behaviour.refusal }));
    if ('say' in behaviour && behaviour.say) output.push(message({ type: 'output_text', text: behaviour.say, annotations: [], logprobs: [] }));
    for (const [index, call] of ('calls' in behaviour ? (behaviour.calls ?? []) : []).entries()) {
      const given = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
      output.push({
        type: 'function_call',
        id: `fc_${number}_${index}`,
        call_id: `call_${number}_${index}`,
        name: call.name,
        arguments: given,
        status: 'completed',
      });
    }
    const incomplete = 'incomplete' in behaviour ? behaviour.incomplete : null;
    const { input, cached, output: spoken } = ('usage' in behaviour ? behaviour.usage : undefined) ?? { input: 100, cached: 20, output: 10 };
    return {
      id: `resp_${number}`,
      object: 'response',
      created_at: 1_790_000_000,
      status: incomplete ? 'incomplete' : 'completed',
      error: null,
      incomplete_details: incomplete ? { reason: incomplete } : null,
      instructions: request.instructions ?? null,
      model: request.model,
      tools: request.tools ?? [],
      output,
      parallel_tool_calls: true,
      metadata: {},
      tool_choice: 'auto',
      temperature: 1,
      top_p: 1,
      usage: {
        input_tokens: input,
        input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
        output_tokens: spoken,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: input + spoken,
      },
    };
  }

  async function transcribe(req: http.IncomingMessage, body: Buffer, res: http.ServerResponse): Promise<void> {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': req.headers['content-type'] ?? '' } }).formData();
    const file = form.get('file');
    const fields = Object.fromEntries([...form].map(([name, value]) => [name, value instanceof File ? 'a file' : value]));
    if (!check.transcription(fields)) violations.push(`a transcription: ${JSON.stringify(check.transcription.errors)}`);
    if (!(file instanceof File)) return send(res, 400, failure('missing_file', 'A file is required.'));
    const language = form.get('language');
    transcriptions.push({ model: String(form.get('model')), language: typeof language === 'string' ? language : null, fileName: file.name, bytes: file.size });
    const next = transcripts.shift() ?? '';
    if (typeof next !== 'string') return send(res, next.status, failure(next.code, 'No.'));
    send(res, 200, { text: next, usage: { type: 'duration', seconds: 3 } });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    transcriptions,
    violations,
    script: (...behaviours) => void script.push(...behaviours),
    scriptTranscription: (...texts) => void transcripts.push(...texts),
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Names that the specification does not know are faults at the top of a request. */
function compile(): Record<'request' | 'response' | 'transcription', ValidateFunction> {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openai', ...Object(fixture) });
  const closed = (name: string) => ajv.compile({ allOf: [{ $ref: `openai#/$defs/${name}` }], unevaluatedProperties: false });
  return { request: closed('CreateResponse'), response: ajv.compile({ $ref: 'openai#/$defs/Response' }), transcription: closed('CreateTranscriptionRequest') };
}

/** Structured outputs: every object is closed, and all its properties are required. */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties } = Object(schema);
  const names = Object.keys(properties ?? {});
  if (type === 'object' && (additionalProperties !== false || !names.every((name) => required?.includes(name)))) return false;
  return Object.values(schema).every(isStrict);
}

const failure = (code: string, message: string) => ({ error: { message, type: 'invalid_request_error', param: null, code } });

function send(res: http.ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_twin' }).end(JSON.stringify(body));
}
