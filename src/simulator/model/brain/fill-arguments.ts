import type { Offer } from './offers.ts';

/** What the receptionist knows that a tool may ask for. */
export interface Knowledge {
  readonly date: Temporal.PlainDate | null;
  readonly time: Temporal.PlainTime | null;
  readonly offer: Offer | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly subject: string | null;
  readonly message: string | null;
  readonly urgent: boolean;
}

/** Writes the arguments of a tool from its JSON Schema: what an offer named is copied, the rest goes by the parameter's name. */
export function fillArguments(parameters: Readonly<Record<string, unknown>>, knowledge: Knowledge): Record<string, unknown> {
  const properties = isRecord(parameters.properties) ? parameters.properties : {};
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const filled: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = knowledge.offer?.fields[name] ?? byName(name, knowledge);
    if (value !== null && value !== undefined) filled[name] = value;
    else if (required.includes(name)) filled[name] = nothing(schema);
  }
  return filled;
}

function byName(name: string, { date, time, offer, name: caller, phone, subject, message, urgent }: Knowledge): unknown {
  const day = offer?.at.toPlainDate() ?? date;
  const clock = offer?.at.toPlainTime() ?? time;
  if (/^(date|day)$/i.test(name)) return day?.toString();
  if (/^(time|startTime|start_time)$/i.test(name)) return clock?.toString({ smallestUnit: 'minute' });
  if (/^(starts?_?at|start|date_?time|when|slot)$/i.test(name)) return day && clock && day.toPlainDateTime(clock).toString({ smallestUnit: 'minute' });
  if (/phone|number/i.test(name)) return phone;
  if (/email/i.test(name)) return null;
  if (/name/i.test(name)) return caller;
  if (/detail|service|note|reason|subject|about/i.test(name)) return subject;
  if (/message|body|text|content/i.test(name)) return message;
  if (/urgent/i.test(name)) return urgent;
  return null;
}

function nothing(schema: unknown): unknown {
  const type = isRecord(schema) ? (Array.isArray(schema.enum) ? null : schema.type) : null;
  if (isRecord(schema) && Array.isArray(schema.enum)) return schema.enum[0];
  const types = Array.isArray(type) ? type : [type];
  if (types.includes('null')) return null;
  if (types.includes('boolean')) return false;
  return types.includes('number') || types.includes('integer') ? 1 : '';
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
