import type { TenantDb } from '../../db/tenant.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { alternativeSlots, alternativesRange } from './alternatives.ts';
import { type DaySlots, daySlots, instantsAround, rulesOf, type Slot } from './slots.ts';
import { type TimesApp, takenTimes } from './taken-times.ts';

export interface Availability {
  readonly day: DaySlots;
  /** The free slots of the day, in order. */
  readonly free: readonly Slot[];
  /** When the day has no free slot, or not the wished one: free ones near it, other days included. */
  readonly alternatives: readonly Slot[];
}

/**
 * What is free on a date, and near it.
 *
 * @param wished the time of day that is asked for, if any; noon stands for none.
 * @param forCallId who asks: what the call holds itself is free to it.
 */
export async function availabilityOn(
  app: TimesApp & { readonly db: TenantDb },
  { assistantId, date, wished, forCallId }: { assistantId: string; date: Temporal.PlainDate; wished: Temporal.PlainTime | null; forCallId?: string },
): Promise<Result<Availability>> {
  const assistant = await app.db.assistant.findFirst({ where: { id: assistantId, deletedAt: null } });
  if (!assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['assistantId']);
  const rules = rulesOf(assistant);
  const now = app.clock.now();
  const plainTime = wished ?? Temporal.PlainTime.from('12:00');
  const around = new Date(date.toZonedDateTime({ timeZone: rules.timeZone, plainTime }).epochMilliseconds);
  const range = alternativesRange(around, rules.timeZone);
  const { from, to } = instantsAround(range.from, range.to, rules.timeZone);
  const taken = await takenTimes(app, { assistantId, from, to, forCallId });
  const day = daySlots(rules, date, taken, now);
  const free = day.slots.filter((slot) => !slot.isBooked);
  const wanted = wished !== null && free.some((slot) => slot.startsAt.getTime() === around.getTime());
  return ok({ day, free, alternatives: wanted || (free.length > 0 && !wished) ? [] : alternativeSlots(rules, around, taken, now) });
}
