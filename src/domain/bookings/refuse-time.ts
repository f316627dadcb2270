import type { Problem } from '../../kit/errors.ts';
import { alternativeSlots, alternativesRange } from './alternatives.ts';
import { type SlotProblem, slotRefused, slotTaken } from './slot-problem.ts';
import { instantsAround, type Slot, type SlotRefusal, type SlotRules } from './slots.ts';
import { type TimesApp, takenTimes } from './taken-times.ts';

/** Why a time cannot be had, as the transaction that wanted it found out. */
export interface TimeRefusal {
  readonly why: SlotRefusal | 'TAKEN';
  readonly rules: SlotRules;
  readonly now: Date;
}

/** A time that cannot be had, put into a problem with free ones near it. They are looked for when no lock is held any more. */
export async function refuseTime(
  { db, clock }: TimesApp,
  { why, rules, now }: TimeRefusal,
  { assistantId, startsAt, callId }: { assistantId: string; startsAt: Date; callId?: string | null | undefined },
): Promise<{ ok: false; problems: (SlotProblem | Problem)[] }> {
  const alternatives = await slotsNear({ db, clock }, { assistantId, rules, startsAt, forCallId: callId });
  return why === 'TAKEN' ? slotTaken(startsAt, rules.timeZone, now, alternatives) : slotRefused(why, rules, startsAt, now, alternatives);
}

/** Free slots near a time that cannot be had. @param forCallId whose own holds are not in its way. */
async function slotsNear(
  app: TimesApp,
  { assistantId, rules, startsAt, forCallId }: { assistantId: string; rules: SlotRules; startsAt: Date; forCallId?: string | null | undefined },
): Promise<Slot[]> {
  const range = alternativesRange(startsAt, rules.timeZone);
  const { from, to } = instantsAround(range.from, range.to, rules.timeZone);
  return alternativeSlots(rules, startsAt, await takenTimes(app, { assistantId, from, to, forCallId }), app.clock.now());
}
