import fs from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

// Stripe's interface as checks: of requests, and of the twin's own answers. Parameters that are never sent are not in the
// fixture, and so are refused like ones that Stripe does not know.

export interface StripeOperation {
  /** E.g. `POST /v1/customers`. */
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  /** Null: it takes no parameters. */
  readonly params: ValidateFunction | null;
  readonly reply: ValidateFunction;
}

const document = JSON.parse(fs.readFileSync(new URL('../fixtures/stripe-api.json', import.meta.url), 'utf8'));

export const STRIPE_VERSION: string = document.version;

let compiled: StripeOperation[] | undefined;

export function stripeOperations(): StripeOperation[] {
  compiled ??= compileOperations();
  return compiled;
}

function compileOperations(): StripeOperation[] {
  const schemas = document.schemas as Record<string, object>;
  // Forms hold texts: numbers and booleans are read from them. What is answered is JSON, and of the type that it is.
  const [forms, answers] = [
    new Ajv({ strict: false, validateFormats: false, coerceTypes: true, allErrors: true }),
    new Ajv({ strict: false, validateFormats: false, allErrors: true }),
  ];
  const within = (schema: object) => JSON.parse(JSON.stringify(schema).replaceAll('"#/schemas/', '"#/definitions/'));
  const compile = (ajv: Ajv, schema: object) => ajv.compile({ ...within(schema), definitions: within(schemas) });
  return document.operations.map(({ method, path, params, reply }: { method: string; path: string; params: object | null; reply: object }) => ({
    name: `${method} ${path}`,
    method,
    path: new RegExp(`^${path.replace('{id}', '([^/]+)')}$`),
    params: params && compile(forms, params),
    reply: compile(answers, reply),
  }));
}

interface Tree {
  [name: string]: string | Tree;
}

/** `a[b][0]=c` as `{ a: { b: ['c'] } }`. */
export function readForm(form: URLSearchParams): Record<string, unknown> {
  const tree: Tree = {};
  for (const [name, value] of form) {
    const path = name.split(/[[\]]+/).filter(Boolean);
    const last = path.pop() ?? '';
    let at = tree;
    for (const part of path) {
      const below = at[part];
      at = at[part] = typeof below === 'object' ? below : {};
    }
    at[last] = value;
  }
  return listed(tree) as Record<string, unknown>;
}

function listed(value: string | Tree): unknown {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value).map(([key, below]) => [key, listed(below)] as const);
  return entries.length > 0 && entries.every(([key], index) => key === String(index)) ? entries.map(([, below]) => below) : Object.fromEntries(entries);
}
