import type { z } from 'zod';
import type { TenantDb } from '../../../db/tenant.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { Clock } from '../../../kit/clock.ts';
import type { Problem } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/logger.ts';
import type { TextModel } from '../../../ports/text-model.ts';
import { dayName, localDate, weekdayOf } from '../../assistants/opening-hours.ts';
import { availabilityOn } from '../../bookings/availability.ts';
import { bookSlot } from '../../bookings/book.ts';
import { isCalendarSilent } from '../../bookings/calendar/calendar-busy.ts';
import { localStart, nearestSlots, spokenChoices } from '../../bookings/choices.ts';
import { holdSlot } from '../../bookings/hold-slot.ts';
import type { SlotProblem } from '../../bookings/slot-problem.ts';
import type { Slot } from '../../bookings/slots.ts';
import { resolveSpokenClock, resolveSpokenDate, resolveSpokenTime } from '../../bookings/spoken/spoken-time.ts';
import { clockChangeAt, clockQuestion, dateQuestion, timeQuestion } from '../../bookings/spoken/time-question.ts';
import type { KeptTimes } from '../../bookings/taken-times.ts';
import { spokenDate, spokenTime } from '../../bookings/wording.ts';
import type { PriceList } from '../costs/pricing.ts';
import { numberOf } from '../incoming/known-caller.ts';
import { takeMessage } from '../messages/messages.ts';
import type { TOOLS } from './tools.ts';

/** What a tool works with: the call that it runs for, and the workspace's own view of the database. */
export interface ToolContext {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly keptTimes?: KeptTimes;
  readonly callId: string;
  readonly assistantId: string;
  readonly timeZone: string;
  readonly modelCallId: string;
  readonly callerNumber?: string | null | undefined;
  /** The last turn when the tool was called. */
  readonly afterSequence: number;
  readonly logger: Logger;
  /** Null where no model reads what rules cannot. */
  readonly textModel: TextModel | null;
  /** Null where nobody counts what that costs. */
  readonly prices: PriceList | null;
}

/** What the model is told. `say` is a sentence for the caller. */
export type ToolOutput = Readonly<Record<string, unknown>> & { readonly say: string };

type ArgumentsOf<Name extends keyof typeof TOOLS> = z.output<(typeof TOOLS)[Name]['arguments']>;

/** At most this many starts of one day are listed to the model. */
const MOST_STARTS = 40;

export async function checkAvailability(context: ToolContext, given: ArgumentsOf<'check_availability'>): Promise<ToolOutput> {
  const { clock, timeZone } = context;
  const now = clock.now();
  const { date, reason } = resolveSpokenDate(given.date, { now, timeZone });
  if (!date) return { error: reason, say: dateQuestion(reason, given.date, { now, timeZone }) };
  const wished = given.time?.trim() ? resolveSpokenClock(given.time) : null;
  if (typeof wished === 'string') return { error: wished, say: clockQuestion(wished, given.time ?? '') };
  const change = wished && clockChangeAt(date, wished, timeZone);
  if (change) return { error: change, say: timeQuestion(change, given.date, { now, timeZone }) };
  const { assistantId, callId } = context;
  const answer = await availabilityOn(context, { assistantId, date, wished, forCallId: callId });
  if (!answer.ok) return { error: 'NOT_FOUND', say: 'I cannot look at the calendar. I can take a message instead.' };

  const { day, free, alternatives } = answer.value;
  const today = localDate(now, timeZone);
  const spoken = spokenDate(date, today);
  const starts = (slots: readonly Slot[]) => slots.map((slot) => localStart(slot.startsAt, slot.timeZone));
  const facts = { date: date.toString(), weekday: dayName(weekdayOf(date)), free: starts(free).slice(0, MOST_STARTS) };
  const offer = (slots: readonly Slot[]) =>
    slots.length > 0 ? ` Free: ${spokenChoices(slots, date, now)}.` : ' I see nothing free in the weeks around it either.';

  if (wished) {
    const around = new Date(date.toZonedDateTime({ timeZone, plainTime: wished }).epochMilliseconds);
    const time = spokenTime(around, timeZone, now);
    const available = free.find((slot) => slot.startsAt.getTime() === around.getTime());
    const held = available ? await holdSlot(context, { assistantId, callId, startsAt: available.startsAt }) : null;
    if (available && held?.ok) return { ...facts, available: true, held: true, startsAt: localStart(available.startsAt, timeZone), say: `${time} is free.` };
    // Somebody else may have been faster just now: then the refusal knows what is free.
    const near = held && !held.ok ? alternativesOf(held.problems[0]) : alternatives;
    return { ...facts, available: false, alternatives: starts(near), say: `${time} is not free.${offer(nearestSlots(near, around, 3))}` };
  }
  // Three to choose from are not held: whichever they pick is, as soon as they have picked it. One alone is.
  const [only] = free.length === 1 ? free : [];
  if (only) await holdSlot(context, { assistantId, callId, startsAt: only.startsAt });
  if (free.length > 0) return { ...facts, say: `On ${spoken}, there is ${spokenChoices(spread(free), date, now)}.` };
  const why = day.opens === null ? `${spoken} is closed.` : `Nothing is free on ${spoken}.`;
  return { ...facts, alternatives: starts(alternatives), say: why + offer(alternatives.slice(0, 3)) };
}

export async function bookAppointment(context: ToolContext, given: ArgumentsOf<'book_appointment'>): Promise<ToolOutput> {
  const { clock, callId, assistantId, timeZone } = context;
  const now = clock.now();
  const resolved = resolveSpokenTime(given.startsAt, { now, timeZone });
  if (!resolved.startsAt) return { booked: false, reason: resolved.reason, say: timeQuestion(resolved.reason, given.startsAt, { now, timeZone }) };
  const { customerEmail, details } = given;
  const customerName = given.customerName?.trim();
  if (!customerName) return holdAppointment(context, resolved.startsAt);
  const customerPhone = given.customerPhone?.trim() || (await callerNumber(context));
  const booked = await bookSlot(context, {
    assistantId,
    callId,
    startsAt: resolved.startsAt,
    customerName,
    customerPhone,
    customerEmail,
    details,
    bookedBy: 'ASSISTANT',
  });
  if (booked.ok) {
    const { startsAt, endsAt, timeZone: zone } = booked.value;
    const say = `${spokenTime(startsAt, zone, now)} is booked for ${booked.value.customerName}.`;
    const facts = { startsAt: localStart(startsAt, zone), endsAt: localStart(endsAt, zone), customerName: booked.value.customerName };
    return unlessConfirmedLater(context, { booked: true, ...facts, say });
  }
  return { booked: false, ...refusalOutput(context, booked.problems[0], resolved.startsAt) };
}

/** Where the owner's calendar has been out of reach for long, the caller is told that word will follow. */
export async function unlessConfirmedLater(context: ToolContext, output: ToolOutput): Promise<ToolOutput> {
  if (!(await isCalendarSilent(context))) return output;
  return { ...output, toBeConfirmed: true, say: `${output.say} I cannot see the whole calendar at the moment, so we will confirm it to you.` };
}

/** The first of the two steps: the time is kept, and the name is asked for. */
async function holdAppointment(context: ToolContext, startsAt: Date): Promise<ToolOutput> {
  const { clock, callId, assistantId } = context;
  const held = await holdSlot(context, { assistantId, callId, startsAt });
  if (!held.ok) return { booked: false, held: false, ...refusalOutput(context, held.problems[0], startsAt) };
  const { timeZone } = held.value;
  const say = `${spokenTime(startsAt, timeZone, clock.now())} is free, and I am keeping it for you. What name is it for?`;
  return { booked: false, held: true, startsAt: localStart(startsAt, timeZone), say };
}

/** Why a time was refused, and what else is free. */
export function refusalOutput({ clock, timeZone }: ToolContext, problem: Problem | undefined, wished: Date): ToolOutput {
  if (!problem) return { reason: 'INVALID', say: 'That could not be booked.' };
  if (!hasAlternatives(problem)) return { reason: problem.code, field: problem.path?.at(-1), say: problem.message };
  const others = nearestSlots(problem.alternatives, wished, 3);
  const offer = others.length > 0 ? ` Free: ${spokenChoices(others, localDate(wished, timeZone), clock.now())}.` : '';
  const alternatives = problem.alternatives.map((slot) => localStart(slot.startsAt, slot.timeZone));
  return { reason: problem.code, alternatives, say: problem.message + offer };
}

export async function passMessage(context: ToolContext, given: ArgumentsOf<'take_message'>): Promise<ToolOutput> {
  const { callId, modelCallId } = context;
  const { body, callerName = null, callbackNumber = null, urgent } = given;
  const taken = await takeMessage(context, { callId, callerName, callbackNumber, body, urgent: urgent ?? false, toolCallKey: modelCallId });
  if (taken.ok) return { taken: true, callbackNumber: taken.value.callbackNumber, say: 'Your message has been taken.' };
  const [problem] = taken.problems;
  return { taken: false, reason: problem?.code ?? 'INVALID', say: problem?.message ?? 'The message could not be taken.' };
}

/** The other side's number: what the bridge was told, else what the call's row says. */
export async function callerNumber({ db, callId, callerNumber: told }: ToolContext): Promise<string | null> {
  if (told) return told;
  const call = await db.call.findFirst({ where: { id: callId }, select: { direction: true, from: true, to: true } });
  if (!call) return null;
  const number = call.direction === 'INBOUND' ? call.from : call.to;
  return numberOf(number);
}

const alternativesOf = (problem: Problem | undefined): readonly Slot[] => (problem && hasAlternatives(problem) ? problem.alternatives : []);

const hasAlternatives = (problem: object): problem is SlotProblem => 'alternatives' in problem;

/** First, middle and last of a day's free slots: three are enough to offer. */
function spread(slots: readonly Slot[]): Slot[] {
  if (slots.length <= 3) return [...slots];
  return [0, Math.floor((slots.length - 1) / 2), slots.length - 1].flatMap((index) => slots[index] ?? []);
}
