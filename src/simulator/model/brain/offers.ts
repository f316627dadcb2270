/** A time that a tool's answer names, with all that the answer says of it: a booking tool asks for some of it again. */
export interface Offer {
  readonly at: Temporal.PlainDateTime;
  readonly fields: Readonly<Record<string, unknown>>;
}

const TAKEN = ['isBooked', 'booked', 'taken'];

/**
 * Finds the free times in a tool's answer, whatever its shape: instants and local times as text, alone or in objects
 * beside `isBooked` and the like, or a `time` under a `date`. Instants with an offset or Z are shown in `timeZone`.
 */
export function readOffers(answer: unknown, timeZone: string): Offer[] {
  const found = new Map<string, Offer>();
  collect(answer, { date: null, timeZone }, found);
  return [...found.values()].sort((a, b) => Temporal.PlainDateTime.compare(a.at, b.at));
}

interface Place {
  readonly date: string | null;
  readonly timeZone: string;
}

function collect(value: unknown, place: Place, found: Map<string, Offer>): void {
  if (Array.isArray(value)) {
    for (const entry of value) collect(typeof entry === 'string' ? { startsAt: entry } : entry, place, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = Object.fromEntries(Object.entries(value));
  const date = typeof fields.date === 'string' ? fields.date : place.date;
  const taken = TAKEN.some((key) => fields[key] === true) || fields.remaining === 0 || fields.free === false || fields.available === false;
  const at = taken ? null : timeOf(fields, date, place.timeZone);
  if (at && !found.has(String(at))) found.set(String(at), { at, fields });
  for (const child of Object.values(fields)) if (typeof child === 'object') collect(child, { ...place, date }, found);
}

function timeOf(fields: Readonly<Record<string, unknown>>, date: string | null, timeZone: string): Temporal.PlainDateTime | null {
  const starts = ['startsAt', 'starts_at', 'start', 'at'].map((key) => fields[key]).find((text) => typeof text === 'string');
  if (starts !== undefined) return readDateTime(starts, timeZone) ?? (date ? readDateTime(`${date}T${starts}`, timeZone) : null);
  return typeof fields.time === 'string' && date ? readDateTime(`${date}T${fields.time}`, timeZone) : null;
}

function readDateTime(text: string, timeZone: string): Temporal.PlainDateTime | null {
  try {
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return Temporal.Instant.from(text).toZonedDateTimeISO(timeZone).toPlainDateTime();
    return /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? Temporal.PlainDateTime.from(text) : null;
  } catch {
    return null;
  }
}
