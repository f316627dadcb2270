import fs from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** One operation of Twilio's specification: its address, and what it may be given. */
export interface Operation {
  readonly method: string;
  readonly path: RegExp;
  readonly parameters: ValidateFunction;
}

export interface TwilioSpec {
  readonly operations: readonly Operation[];
  /** Checks a resource by its schema. */
  resource(name: string): ValidateFunction;
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
  'iso-country-code': /^[A-Z]{2}$/,
  'phone-number-capabilities': true,
  currency: /^[A-Z]{3}$/,
  twiml: true,
  'uri-map': true,
  int64: true,
} as const;

/**
 * Twilio's own specification of some resources, from test/fixtures. Form values are text: coerced to the types that it
 * says. Names that it does not know are faults.
 *
 * @param sidPrefix of the resource that `{Sid}` names, e.g. `CA`.
 */
export function twilioSpec(fixture: string, sidPrefix: string): TwilioSpec {
  const specification = JSON.parse(fs.readFileSync(new URL(`../fixtures/${fixture}`, import.meta.url), 'utf8'));
  const ajv = new Ajv({ strict: false, coerceTypes: 'array', allErrors: true, formats: FORMATS });
  ajv.addSchema({ $id: 'twilio', components: specification.components });
  const rooted = (schema: unknown) => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"twilio#/components'));
  const operations = Object.entries<Record<string, SpecifiedOperation>>(specification.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, specified]): Operation => {
      const form = specified.requestBody?.content['application/x-www-form-urlencoded']?.schema;
      const query = (specified.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name, schema }) => [name, schema]);
      const schema = form ?? { type: 'object', properties: Object.fromEntries(query) };
      return {
        method: method.toUpperCase(),
        path: pathPattern(path, sidPrefix),
        parameters: ajv.compile({ ...rooted(schema), additionalProperties: false }),
      };
    }),
  );
  return { operations, resource: (name) => ajv.compile({ $ref: `twilio#/components/schemas/${name}` }) };
}

function pathPattern(path: string, sidPrefix: string): RegExp {
  const sid = (prefix: string) => `${prefix}[0-9a-fA-F]{32}`;
  const pattern = path
    .replaceAll('.', '\\.')
    .replace('Accounts/{Sid}', `Accounts/${sid('AC')}`)
    .replace('{AccountSid}', sid('AC'))
    .replace('{CountryCode}', '[A-Z]{2}')
    .replace('{Sid}', sid(sidPrefix));
  return new RegExp(`^${pattern}$`);
}

/** What a resource of a twin answers: the status, and the body; null for none. */
export type Answered = [status: number, body: object | null];
export type Parameters = Readonly<Record<string, string | string[]>>;

/** A resource of Twilio's REST API, as a twin plays it. */
export interface TwinResource {
  readonly operations: readonly Operation[];
  act(method: string, url: URL, parameters: Parameters): Answered;
}

export const textOf = (parameters: Parameters, name: string): string => [parameters[name] ?? ''].flat()[0] ?? '';

export const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

/** An error in Twilio's words. */
export const refusal = (status: number, code: number, message: string): Answered => [
  status,
  { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
];

export const notFound = ({ pathname }: URL): Answered => refusal(404, 20404, `The requested resource ${pathname} was not found`);

/** One page of a list, in Twilio's words. */
export function page(name: string, url: URL, items: readonly object[], parameters: Parameters): Answered {
  const size = Number(textOf(parameters, 'PageSize') || 50);
  const number = Number(textOf(parameters, 'Page') || 0);
  const shown = items.slice(number * size, (number + 1) * size);
  const at = (wanted: number) => {
    const query = new URLSearchParams(url.search);
    query.set('Page', String(wanted));
    query.set('PageSize', String(size));
    return `${url.pathname}?${query}`;
  };
  const next = (number + 1) * size < items.length ? at(number + 1) : null;
  return [
    200,
    {
      [name]: shown,
      page: number,
      page_size: size,
      start: number * size,
      end: number * size + shown.length - 1,
      uri: at(number),
      first_page_uri: at(0),
      next_page_uri: next,
      previous_page_uri: number > 0 ? at(number - 1) : null,
    },
  ];
}
