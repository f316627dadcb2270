import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv, type ValidateFunction } from 'ajv';

/**
 * Twilio's Calls resource on a local port. Every request is held against Twilio's own specification
 * (test/fixtures/twilio-calls-api.json), and so is every answer, so that the twin cannot be kinder than the vendor.
 */
export interface TwilioRestTwin extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly TwinRequest[];
  /** What did not fit the specification, in either direction; a test that ends with some has found a fault. */
  readonly violations: readonly string[];
  /** In the order in which they were created. */
  readonly calls: TwinCall[];
  /** Scripts the next requests that match, in order; all others are answered as the vendor would. */
  script(method: string, ...behaviours: Behaviour[]): void;
  /** Resolves when the next request has arrived whole and was acted upon. */
  nextRequest(): Promise<TwinRequest>;
}

export interface TwinRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | string[]>>;
}

export interface TwinCall {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly url: string;
  readonly statusCallback: string | undefined;
  readonly dateCreated: Date;
  status: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
  duration: number | null;
}

export type Behaviour =
  /** Refuses with an error body of Twilio's. */
  | { readonly type: 'refuse'; readonly status: number; readonly code: number; readonly message: string; readonly retryAfter?: string }
  /** Answers with a body that is not JSON, having done the work or not. */
  | { readonly type: 'garbage'; readonly status: number; readonly done: boolean }
  /** Breaks the connection, having done the work or not. */
  | { readonly type: 'break'; readonly done: boolean }
  /** Never answers, having done the work or not. */
  | { readonly type: 'hang'; readonly done: boolean }
  /** Does the work at once and answers when told to. */
  | { readonly type: 'slow'; readonly until: Promise<void> };

interface Operation {
  readonly path: RegExp;
  readonly parameters: ValidateFunction;
}

const specification = JSON.parse(fs.readFileSync(new URL('../fixtures/twilio-calls-api.json', import.meta.url), 'utf8'));
const OVER = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

export async function startTwilioRestTwin(account: { accountSid: string; authToken: string }): Promise<TwilioRestTwin> {
  const { operations, callResource } = compile();
  const requests: TwinRequest[] = [];
  const violations: string[] = [];
  const calls: TwinCall[] = [];
  const scripts = new Map<string, Behaviour[]>();
  const waiting: ((request: TwinRequest) => void)[] = [];
  const authorization = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`;

  const server = http.createServer((req, res) => void answer(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function answer(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const url = new URL(req.url ?? '', 'http://twin');
    const method = (req.method ?? '').toUpperCase();
    const parameters = collect(method === 'GET' ? url.searchParams : new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    const request = { method, path: url.pathname, parameters };
    requests.push(request);
    try {
      if (req.headers.authorization !== authorization) return send(res, 401, { code: 20003, message: 'Authenticate', more_info: moreInfo(20003), status: 401 });
      const operation = operations.find((candidate) => candidate.method === method && candidate.path.test(url.pathname));
      if (!operation)
        return send(res, 404, { code: 20404, message: `The requested resource ${url.pathname} was not found`, more_info: moreInfo(20404), status: 404 });
      if (method === 'POST' && req.headers['content-type'] !== 'application/x-www-form-urlencoded')
        violations.push(`content-type ${req.headers['content-type']}`);
      if (!url.pathname.includes(account.accountSid)) violations.push(`another account: ${url.pathname}`);
      if (!operation.parameters(structuredClone(parameters))) violations.push(`${method} ${url.pathname}: ${JSON.stringify(operation.parameters.errors)}`);
      await perform(scripts.get(method)?.shift(), method, url, parameters, res);
    } finally {
      waiting.shift()?.(request);
    }
  }

  async function perform(behaviour: Behaviour | undefined, method: string, url: URL, parameters: TwinRequest['parameters'], res: http.ServerResponse) {
    const work = () => act(method, url, parameters);
    if (!behaviour) return send(res, ...work());
    switch (behaviour.type) {
      case 'refuse': {
        const { status, code, message, retryAfter } = behaviour;
        if (retryAfter !== undefined) res.setHeader('retry-after', retryAfter);
        return send(res, status, { code, message, more_info: moreInfo(code), status });
      }
      case 'garbage':
        if (behaviour.done) work();
        res.writeHead(behaviour.status, { 'content-type': 'text/html' }).end('<html>upstream is not well</html>');
        return;
      case 'break':
        if (behaviour.done) work();
        res.destroy();
        return;
      case 'hang':
        if (behaviour.done) work();
        return;
      case 'slow': {
        const answered = work();
        void behaviour.until.then(() => send(res, ...answered));
      }
    }
  }

  function act(method: string, url: URL, parameters: TwinRequest['parameters']): [number, object] {
    const text = (name: string) => [parameters[name] ?? ''].flat()[0] ?? '';
    const sid = /\/Calls\/(CA[0-9a-f]{32})\.json$/.exec(url.pathname)?.[1];
    if (sid) {
      const call = calls.find((candidate) => candidate.sid === sid);
      if (!call) return [404, { code: 20404, message: `The requested resource ${url.pathname} was not found`, more_info: moreInfo(20404), status: 404 }];
      if (method === 'POST') {
        if (OVER.includes(call.status))
          return [400, { code: 21220, message: 'Call is not in-progress. Cannot redirect.', more_info: moreInfo(21220), status: 400 }];
        if (text('Status') === 'completed') call.status = call.status === 'in-progress' ? 'completed' : 'canceled';
      }
      return [200, resource(call)];
    }
    if (method === 'POST') {
      for (const needed of ['To', 'From', 'Url']) if (!text(needed)) violations.push(`a call needs ${needed}`);
      const statusCallback = text('StatusCallback');
      const call: TwinCall = {
        sid: `CA${createHash('md5').update(`${port}:${calls.length}`).digest('hex')}`,
        to: text('To'),
        from: text('From'),
        url: text('Url'),
        statusCallback: statusCallback || undefined,
        dateCreated: new Date(),
        status: 'queued',
        duration: null,
      };
      calls.push(call);
      return [201, resource(call)];
    }
    const listed = calls.filter(({ to, from }) => to === text('To') && from === text('From')).toReversed();
    const page = listed.slice(0, Number(text('PageSize') || 50)).map(resource);
    return [
      200,
      {
        calls: page,
        page: 0,
        page_size: page.length,
        start: 0,
        end: page.length - 1,
        uri: url.pathname,
        first_page_uri: url.pathname,
        next_page_uri: null,
        previous_page_uri: null,
      },
    ];
  }

  function resource(call: TwinCall): object {
    const uri = `/2010-04-01/Accounts/${account.accountSid}/Calls/${call.sid}.json`;
    const told = {
      sid: call.sid,
      account_sid: account.accountSid,
      to: call.to,
      from: call.from,
      status: call.status,
      direction: 'outbound-api',
      api_version: '2010-04-01',
      date_created: rfc2822(call.dateCreated),
      date_updated: rfc2822(call.dateCreated),
      start_time: call.status === 'queued' ? null : rfc2822(call.dateCreated),
      end_time: OVER.includes(call.status) ? rfc2822(call.dateCreated) : null,
      duration: call.duration === null ? null : String(call.duration),
      answered_by: null,
      uri,
      subresource_uris: {},
    };
    if (!callResource(told)) violations.push(`an answer of the twin's own: ${JSON.stringify(callResource.errors)}`);
    return told;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    violations,
    calls,
    script: (method, ...behaviours) => void scripts.set(method, [...(scripts.get(method) ?? []), ...behaviours]),
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Form values are text: coerced to the types of the specification. Names that it does not know are faults. */
function compile() {
  const ajv = new Ajv({ strict: false, coerceTypes: 'array', allErrors: true, formats: FORMATS });
  ajv.addSchema({ $id: 'twilio', components: specification.components });
  const rooted = (schema: unknown) => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"twilio#/components'));
  const operations = Object.entries<Record<string, SpecifiedOperation>>(specification.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, specified]): Operation & { method: string } => {
      const form = specified.requestBody?.content['application/x-www-form-urlencoded']?.schema;
      const query = (specified.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name, schema }) => [name, schema]);
      const schema = form ?? { type: 'object', properties: Object.fromEntries(query) };
      return {
        method: method.toUpperCase(),
        path: new RegExp(`^${path.replaceAll('.', '\\.').replace('{AccountSid}', 'AC[0-9a-fA-F]{32}').replace('{Sid}', 'CA[0-9a-fA-F]{32}')}$`),
        parameters: ajv.compile({ ...rooted(schema), additionalProperties: false }),
      };
    }),
  );
  return { operations, callResource: ajv.compile({ $ref: 'twilio#/components/schemas/api.v2010.account.call' }) };
}

interface SpecifiedOperation {
  readonly parameters?: readonly { name: string; in: string; schema: unknown }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
}

const FORMATS = {
  endpoint: /^(\+[1-9]\d{1,14}|sip:.+|client:.+)$/,
  'phone-number': /^\+[1-9]\d{1,14}$/,
  'http-method': /^(GET|POST)$/,
  uri: (text: string) => URL.canParse(text) || text.startsWith('/'),
  'date-time': true,
  'date-time-rfc-2822': /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/,
  currency: /^[A-Z]{3}$/,
  twiml: true,
  'uri-map': true,
  int64: true,
} as const;

function collect(form: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(names.map((name) => [name, form.getAll(name).length > 1 ? form.getAll(name) : (form.get(name) ?? '')]));
}

function send(res: http.ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const rfc2822 = (at: Date) => at.toUTCString().replace('GMT', '+0000');
const moreInfo = (code: number) => `https://www.twilio.com/docs/errors/${code}`;
