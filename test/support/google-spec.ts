import fs from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

// Google's discovery document as checks: of requests and of the twin's own answers.

interface Parameter {
  readonly type: string;
  readonly location?: 'path' | 'query';
  readonly required?: boolean;
  readonly repeated?: boolean;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: string;
}
interface Method {
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

export interface Operation {
  /** As the document calls it, e.g. `events.insert`. */
  readonly name: string;
  readonly httpMethod: string;
  readonly path: RegExp;
  readonly pathNames: readonly string[];
  readonly query: ValidateFunction;
  readonly body: ValidateFunction | null;
  readonly reply: ValidateFunction | null;
}

const document = JSON.parse(fs.readFileSync(new URL('../fixtures/google-calendar-api.json', import.meta.url), 'utf8'));

export function googleOperations(): { operations: Operation[]; userinfo: ValidateFunction } {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: 'array' });
  // Both packages are CommonJS: what their default export is called differs by who loads them.
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  const strictly = new Ajv({ strict: false, allErrors: true });
  (formats as unknown as (ajv: Ajv) => void)(strictly);
  for (const [name, schema] of Object.entries(document.schemas)) strictly.addSchema(jsonSchema(schema), name);
  const known = (reference?: { $ref: string }) => (reference ? (strictly.getSchema(reference.$ref) ?? null) : null);

  const operations = Object.entries<Method>(document.methods).map(([name, method]): Operation => {
    const parameters: Record<string, Parameter> = { ...document.parameters, ...method.parameters };
    const inQuery = Object.entries(parameters).filter(([, parameter]) => parameter.location !== 'path');
    const pathNames = [...method.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
    return {
      name,
      httpMethod: method.httpMethod,
      path: new RegExp(`^/${document.servicePath}${method.path.replace(/\{\w+\}/g, '([^/]+)')}$`),
      pathNames,
      query: ajv.compile({
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(inQuery.map(([key, value]) => [key, queryType(value)])),
      }),
      body: known(method.request),
      reply: known(method.response),
    };
  });
  return { operations, userinfo: strictly.compile(jsonSchema(document.userinfo.schema)) };
}

/** Every object with properties is closed: a name that the document does not know is a fault. */
function jsonSchema(schema: unknown): Record<string, unknown> {
  if (Array.isArray(schema)) return schema.map(jsonSchema) as unknown as Record<string, unknown>;
  if (typeof schema !== 'object' || schema === null) return schema as never;
  const { readOnly, default: _, ...rest } = schema as Record<string, unknown>;
  const made: Record<string, unknown> = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, jsonSchema(value)]));
  if (made.type === 'any') delete made.type;
  if (['int32', 'int64', 'byte', 'google-datetime'].includes(String(made.format))) delete made.format;
  return made.type === 'object' && made.properties && made.additionalProperties === undefined ? { ...made, additionalProperties: false } : made;
}

function queryType({ type, repeated, enum: values, format, minimum }: Parameter) {
  const single = { type, ...(values && { enum: values }), ...(format === 'date-time' && { format }), ...(minimum && { minimum: Number(minimum) }) };
  return repeated ? { type: 'array', items: single } : single;
}
