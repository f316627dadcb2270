import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { parsePhoneNumber } from '../kit/phone.ts';
import { isTimeZone } from '../kit/time-zone.ts';
import { builder, type Scalars, type UploadedFile } from './builder.ts';

/** @param expected completes "… is not …", e.g. `a day such as "2026-03-02"`. */
const reader =
  <Value>(expected: string, read: (text: string) => Value | null) =>
  (value: unknown): Value => {
    const parsed = typeof value === 'string' ? read(value.trim()) : null;
    if (parsed === null) throw new GraphQLError(`${JSON.stringify(value)} is not ${expected}.`);
    return parsed;
  };

/** A scalar that is a string inside the program too. */
function textScalar(
  name: Exclude<keyof Scalars, 'ID' | 'DateTime' | 'File'>,
  options: { description: string; expected: string; read: (text: string) => string | null },
): void {
  builder.scalarType(name, { description: options.description, serialize: String, parseValue: reader(options.expected, options.read) });
}

const checked = (schema: z.ZodType<string>) => (text: string) => schema.safeParse(text).data ?? null;

builder.scalarType('DateTime', {
  description: 'An instant in RFC 3339, always written in UTC with milliseconds, e.g. `2026-03-02T14:30:00.000Z`. Any offset is accepted.',
  serialize: (instant) => instant.toISOString(),
  parseValue: reader('an instant such as "2026-03-02T14:30:00Z", with its offset', (text) =>
    z.iso.datetime({ offset: true }).safeParse(text).success ? new Date(text) : null,
  ),
});

textScalar('Date', {
  description: 'A calendar day, e.g. `2026-03-02`. Whose time zone it is in is said where it is used.',
  expected: 'a day such as "2026-03-02"',
  read: checked(z.iso.date()),
});

textScalar('LocalTime', {
  description: 'A time of day on a 24-hour clock, e.g. `09:30`. Whose time zone it is in is said where it is used.',
  expected: 'a time of day such as "09:30"',
  read: checked(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
});

textScalar('TimeZone', {
  description: 'A time zone by its IANA name, e.g. `America/New_York`.',
  expected: 'a time zone such as "America/New_York"',
  read: (text) => (isTimeZone(text) ? text : null),
});

textScalar('PhoneNumber', {
  description:
    "A telephone number, always written in E.164, e.g. `+12025550142`. Spaces, dashes and brackets are accepted; one without a country code is read as of the workspace's country.",
  expected: 'a telephone number such as "+1 202 555 0142"',
  // What is no complete number is for the verb to judge, which knows the country and can answer with the path.
  read: (text) => parsePhoneNumber(text) ?? (/^[+(\d][\d\s()./-]{2,30}$/.test(text) ? text : null),
});

textScalar('EmailAddress', {
  description: 'An e-mail address, e.g. `ada@example.com`. It is kept in lower case.',
  expected: 'an e-mail address such as "ada@example.com"',
  read: (text) => checked(z.email().max(254))(text.toLowerCase()),
});

textScalar('URL', {
  description: 'An address on the web, http or https, e.g. `https://example.com/hook`.',
  expected: 'an address such as "https://example.com/hook"',
  read: checked(z.url({ protocol: /^https?$/ }).max(2_048)),
});

builder.scalarType('File', {
  description:
    'A file that is uploaded with the request, at most 20 MiB: a part of a `multipart/form-data` request that `map` ties to a variable (https://github.com/jaydenseric/graphql-multipart-request-spec).',
  serialize: () => {
    throw new GraphQLError('Files only come in.');
  },
  parseValue(value) {
    if (isFile(value)) return value;
    throw new GraphQLError('A file has to be sent as a part of a multipart request, tied to this variable.');
  },
  parseLiteral() {
    throw new GraphQLError('A file cannot be written into a query; use a variable.');
  },
});

const isFile = (value: unknown): value is UploadedFile =>
  typeof value === 'object' && value !== null && 'arrayBuffer' in value && typeof value.arrayBuffer === 'function' && 'name' in value;
