import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import type { GoogleOAuthState } from './google-oauth-state.ts';

// Google Forms as far as we ask it: one form is read. Requests and its own answers are checked against Google's discovery
// document; tokens are those of the twin that gives consent.

export const FORMS_SCOPE = 'https://www.googleapis.com/auth/forms.body.readonly';

interface Document {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly method: { readonly httpMethod: string; readonly path: string; readonly scopes: readonly string[]; readonly response: { readonly $ref: string } };
  readonly schemas: Readonly<Record<string, unknown>>;
}
const document: Document = JSON.parse(fs.readFileSync(new URL('../fixtures/google-forms-api.json', import.meta.url), 'utf8'));

export interface GoogleFormsTwin extends AsyncDisposable {
  readonly url: string;
  /** By their ids, as `forms.get` answers them. */
  readonly forms: Map<string, unknown>;
  /** What the next requests are answered with, in place of the form; `hang up` breaks the connection. */
  readonly script: ({ status: number; body: string } | 'hang up')[];
  readonly violations: string[];
}

/** Faults of a value against a schema of the discovery document, e.g. `Form`. */
export function formsSchemaProblems(schema: string, value: unknown): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  for (const [name, each] of Object.entries(document.schemas)) ajv.addSchema(closed(each) as object, name);
  const validate = ajv.getSchema(schema);
  if (!validate) throw new Error(`no schema ${schema}`);
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** Objects with properties hold no others; formats are Google's own. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { readOnly, default: _default, format, ...rest } = schema as Record<string, unknown>;
  const made = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, closed(value)]));
  return made.type === 'object' && made.properties && made.additionalProperties === undefined ? { ...made, additionalProperties: false } : made;
}

export async function startGoogleFormsTwin(oauth: GoogleOAuthState): Promise<GoogleFormsTwin> {
  const forms = new Map<string, unknown>();
  const script: GoogleFormsTwin['script'] = [];
  const violations: string[] = [];
  const path = new RegExp(`^/${document.method.path.replace('{formId}', '([^/]+)')}$`);
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://twin');
    const [, formId] = path.exec(url.pathname) ?? [];
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
    const refuse = (code: number, status: string, message: string, reason?: string) =>
      answer(code, { error: { code, message, status, ...(reason && { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }] }) } });
    if (request.method !== document.method.httpMethod || !formId) violations.push(`${request.method} ${url.pathname} is not known`);
    for (const name of url.searchParams.keys()) if (!(name in document.parameters)) violations.push(`the parameter ${name} is not known`);
    const scripted = script.shift();
    if (scripted === 'hang up') return request.socket.destroy();
    if (scripted) return response.writeHead(scripted.status).end(scripted.body);
    const grant = oauth.whoAsks(request.headers.authorization);
    if (!grant) return refuse(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    if (!grant.scope.split(' ').some((scope) => document.method.scopes.includes(scope)))
      return refuse(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    const form = forms.get(decodeURIComponent(formId ?? ''));
    if (form === undefined) return refuse(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (form === 'not shared') return refuse(403, 'PERMISSION_DENIED', 'The caller does not have permission');
    violations.push(...formsSchemaProblems(document.method.response.$ref, form).map((problem) => `the twin's own form: ${problem}`));
    answer(200, form);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    forms,
    script,
    violations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
