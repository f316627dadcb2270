import type { Clock } from '../../kit/clock.ts';
import { DAY, SECOND } from '../../kit/time.ts';
import { type KeptTime, type KeptTimes, keptTimesFrom } from './taken-times.ts';

// What was read of an assistant's times, by the day (UTC) on which they begin, until an event says that it has changed.
// It is never asked when somebody books: there the database decides, so that what is kept here may be old and do no harm.

/** Days of one assistant that are no longer as they were. */
export interface ChangedDays {
  readonly workspaceId: string;
  readonly assistantId: string;
  /** `2026-09-03`, UTC. */
  readonly days: readonly string[];
}

interface KeptDay {
  readonly times: readonly KeptTime[];
  readonly readAtMs: number;
}

/** A look at the rows that is under way: what changes meanwhile is not kept. */
interface Reading {
  readonly assistant: string;
  readonly spoiled: Set<string>;
}

/** So long a day is believed where the word of its change was lost on the way. */
const MAXIMUM_AGE_MS = 30 * SECOND;
const MAXIMUM_DAYS = 20_000;

export class KeptTimesCache implements KeptTimes {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** By assistant and day, the longest unread first. */
  readonly #days = new Map<string, KeptDay>();
  readonly #readings = new Set<Reading>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  async read(db: Parameters<KeptTimes['read']>[0], assistantId: string, from: Date, to: Date): Promise<readonly KeptTime[]> {
    const assistant = `${db.$workspaceId} ${assistantId}`;
    const days = daysBetween(from, to);
    const missing = days.filter((day) => !this.#fresh(`${assistant} ${day}`));
    const [first, last] = [missing[0], missing.at(-1)];
    const read = first && last ? await this.#readDays(db, assistant, assistantId, daysBetween(startOf(first), new Date(startOf(last).getTime() + 1))) : null;
    const times = days.flatMap((day) => read?.get(day) ?? this.#days.get(`${assistant} ${day}`)?.times ?? []);
    return times.filter(({ startsAt }) => startsAt >= from && startsAt < to);
  }

  /** Forgets the days of an assistant. */
  forget({ workspaceId, assistantId, days }: ChangedDays): void {
    const assistant = `${workspaceId} ${assistantId}`;
    for (const day of days) this.#days.delete(`${assistant} ${day}`);
    for (const reading of this.#readings) if (reading.assistant === assistant) for (const day of days) reading.spoiled.add(day);
  }

  /** Forgets everything: word of a change may have been missed. */
  clear(): void {
    this.#days.clear();
    // Whatever is being read now may be old as well.
    for (const reading of this.#readings) reading.spoiled.add(EVERY_DAY);
  }

  async #readDays(db: Parameters<KeptTimes['read']>[0], assistant: string, assistantId: string, days: readonly string[]): Promise<Map<string, KeptTime[]>> {
    const reading: Reading = { assistant, spoiled: new Set() };
    this.#readings.add(reading);
    try {
      const readAtMs = this.#clock.monotonicMs();
      const found = new Map<string, KeptTime[]>(days.map((day) => [day, []]));
      const [first = '', last = ''] = [days[0], days.at(-1)];
      const rows = await keptTimesFrom(db, assistantId, startOf(first), new Date(startOf(last).getTime() + DAY));
      for (const row of rows) found.get(utcDay(row.startsAt))?.push(row);
      for (const [day, times] of found)
        if (!reading.spoiled.has(day) && !reading.spoiled.has(EVERY_DAY)) this.#keep(`${assistant} ${day}`, { times, readAtMs });
      return found;
    } finally {
      this.#readings.delete(reading);
    }
  }

  #fresh(key: string): boolean {
    const day = this.#days.get(key);
    return day !== undefined && this.#clock.monotonicMs() - day.readAtMs <= MAXIMUM_AGE_MS;
  }

  #keep(key: string, day: KeptDay): void {
    this.#days.delete(key);
    this.#days.set(key, day);
    for (const oldest of this.#days.keys()) {
      if (this.#days.size <= MAXIMUM_DAYS) break;
      this.#days.delete(oldest);
    }
  }
}

const EVERY_DAY = '*';

/** `2026-09-03`, the day in UTC on which an instant lies. */
export const utcDay = (at: Date): string => at.toISOString().slice(0, 10);

const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

function daysBetween(from: Date, to: Date): string[] {
  const days: string[] = [];
  for (let at = Math.floor(from.getTime() / DAY) * DAY; at < to.getTime(); at += DAY) days.push(utcDay(new Date(at)));
  return days;
}
