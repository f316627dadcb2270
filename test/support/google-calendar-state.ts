// A calendar as Google keeps it: events by their id, for ever, each with a version, and a log that sync tokens point into.

export interface GoogleTime {
  readonly dateTime?: string;
  readonly date?: string;
  readonly timeZone?: string;
}

export interface GoogleEvent {
  readonly id: string;
  readonly etag: string;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly summary?: string;
  readonly description?: string;
  readonly start?: GoogleTime;
  readonly end?: GoogleTime;
  readonly transparency?: 'opaque' | 'transparent';
  readonly attendees?: readonly { email?: string; displayName?: string; self?: boolean; responseStatus?: string }[];
  readonly [more: string]: unknown;
}

export class GoogleCalendarState {
  readonly timeZone: string;
  /** Ids of events that no list tells of, and that block their time all the same. */
  readonly hidden = new Set<string>();
  readonly #events = new Map<string, GoogleEvent>();
  /** The ids in the order in which they changed. */
  #log: string[] = [];
  #versions = 0;
  #firstToken = 0;

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** All that ever was there, those that were removed as canceled. */
  events(): GoogleEvent[] {
    return [...this.#events.values()];
  }
  find(id: string): GoogleEvent | undefined {
    return this.#events.get(id);
  }

  /** Writes an event, as its owner does by hand or we do by the API; what is left out stays. */
  write(event: Partial<GoogleEvent> & { id: string }): GoogleEvent {
    const now = new Date().toISOString();
    const before = this.#events.get(event.id) ?? { status: 'confirmed', created: now };
    const written = { kind: 'calendar#event', ...before, ...event, updated: now, etag: `"${++this.#versions}"` } as GoogleEvent;
    this.#events.set(event.id, written);
    this.#log.push(event.id);
    return written;
  }
  /** What is left of a removed event. */
  remove(id: string): GoogleEvent {
    return this.write({ id, status: 'cancelled' });
  }

  token(): string {
    return `sync-${this.#log.length}`;
  }
  /** From now on the tokens that were given are no longer known. */
  forgetTokens(): void {
    this.#log = [...this.#log, ''];
    this.#firstToken = this.#log.length;
  }
  /** The events that changed since a token was given, in the order of their last change; null where the token is no longer known. */
  changedSince(token: string): GoogleEvent[] | null {
    const position = Number(/^sync-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
    if (!(position >= this.#firstToken && position <= this.#log.length)) return null;
    return [...new Set(this.#log.slice(position))].flatMap((id) => (this.hidden.has(id) ? [] : (this.#events.get(id) ?? [])));
  }

  /** Those that are there in a stretch. */
  between(from: Date, to: Date): GoogleEvent[] {
    return this.events().filter(
      (event) => event.status !== 'cancelled' && this.instant(event.start) < to.getTime() && this.instant(event.end) > from.getTime(),
    );
  }
  /** When somebody is busy, with what touches made one, as freeBusy tells it. */
  busy(from: Date, to: Date): { start: string; end: string }[] {
    const blocking = this.between(from, to).filter(
      ({ transparency, attendees }) => transparency !== 'transparent' && !attendees?.some(({ self, responseStatus }) => self && responseStatus === 'declined'),
    );
    const merged: { start: number; end: number }[] = [];
    for (const event of blocking.toSorted((a, b) => this.instant(a.start) - this.instant(b.start))) {
      const [start, end] = [Math.max(this.instant(event.start), from.getTime()), Math.min(this.instant(event.end), to.getTime())];
      const last = merged.at(-1);
      if (last && last.end >= start) last.end = Math.max(last.end, end);
      else merged.push({ start, end });
    }
    return merged.map(({ start, end }) => ({ start: new Date(start).toISOString(), end: new Date(end).toISOString() }));
  }

  instant(time: GoogleTime | undefined): number {
    if (time?.dateTime) return Date.parse(time.dateTime);
    return time?.date ? Temporal.PlainDate.from(time.date).toZonedDateTime(this.timeZone).epochMilliseconds : Number.NaN;
  }
}
