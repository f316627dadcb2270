import type { z } from 'zod';
import type { Booking } from '../../../generated/prisma/client.ts';
import { listed } from '../../assistants/opening-hours.ts';
import { cancelBooking } from '../../bookings/cancel-booking.ts';
import { localStart } from '../../bookings/choices.ts';
import { findOwnBooking } from '../../bookings/find-own-booking.ts';
import type { OwnBooking } from '../../bookings/own-booking.ts';
import { rescheduleBooking } from '../../bookings/reschedule-booking.ts';
import { resolveSpokenTime } from '../../bookings/spoken/spoken-time.ts';
import { timeQuestion } from '../../bookings/spoken/time-question.ts';
import { spokenTime } from '../../bookings/wording.ts';
import { callerNumber, refusalOutput, type ToolContext, type ToolOutput, unlessConfirmedLater } from './tool-actions.ts';
import type { TOOLS } from './tools.ts';

type ArgumentsOf<Name extends keyof typeof TOOLS> = z.output<(typeof TOOLS)[Name]['arguments']>;

export async function rescheduleAppointment(context: ToolContext, given: ArgumentsOf<'reschedule_appointment'>): Promise<ToolOutput> {
  const { clock, callId, timeZone } = context;
  const now = clock.now();
  const resolved = resolveSpokenTime(given.newStartsAt, { now, timeZone });
  if (!resolved.startsAt)
    return { moved: false, reason: resolved.reason, field: 'newStartsAt', say: timeQuestion(resolved.reason, given.newStartsAt, { now, timeZone }) };
  const { startsAt } = resolved;
  const which = await whichAppointment(context, given.currentStartsAt, given.customerName);
  if ('say' in which) {
    // Run again after it was cut off, it finds the appointment where it was to be.
    const moved = await theirs(context, { startsAt, name: given.customerName });
    return 'found' in moved && which.reason !== 'SEVERAL' ? movedTo(moved.found, now) : { moved: false, ...which };
  }
  const moved = await rescheduleBooking(context, { id: which.booking.id, startsAt, movedBy: 'ASSISTANT', callId });
  if (moved.ok) return unlessConfirmedLater(context, { ...movedTo(moved.value, now), from: localStart(which.booking.startsAt, moved.value.timeZone) });
  return { moved: false, ...refusalOutput(context, moved.problems[0], startsAt) };
}

export async function cancelAppointment(context: ToolContext, given: ArgumentsOf<'cancel_appointment'>): Promise<ToolOutput> {
  const now = context.clock.now();
  const which = await whichAppointment(context, given.startsAt, given.customerName);
  if ('say' in which) {
    const startsAt = given.startsAt ? resolveSpokenTime(given.startsAt, { now, timeZone: context.timeZone }).startsAt : null;
    const gone = await theirs(context, { startsAt, name: given.customerName, status: 'CANCELED' });
    return 'found' in gone && which.reason !== 'SEVERAL' ? canceled(gone.found, now) : { canceled: false, ...which };
  }
  const done = await cancelBooking(context, { id: which.booking.id });
  return done.ok ? canceled(done.value, now) : { canceled: false, reason: 'NOT_FOUND', say: NOT_FOUND };
}

const NOT_FOUND = 'I cannot find an appointment under that name at that time. Could you tell me the name and the time once more?';

/** The appointment that is meant; or what to say where it is not clear, or not for the caller to change. */
async function whichAppointment(
  context: ToolContext,
  said: string | null | undefined,
  name: string | null | undefined,
): Promise<{ booking: Booking } | (ToolOutput & { reason: string })> {
  const { clock, timeZone } = context;
  const now = clock.now();
  const resolved = said?.trim() ? resolveSpokenTime(said, { now, timeZone }) : null;
  if (resolved && !resolved.startsAt) return { reason: resolved.reason, say: 'I did not get when the appointment is. Which day and time was it?' };
  const mine = await theirs(context, { startsAt: resolved?.startsAt ?? null, name });
  if ('found' in mine) return { booking: mine.found };
  if ('none' in mine) {
    const say = mine.none === 'NO_MATCH' ? NOT_FOUND : 'Which day and time is the appointment, and what name is it under?';
    return { reason: mine.none === 'NO_MATCH' ? 'NOT_FOUND' : 'WHO_AND_WHEN', say };
  }
  const times = mine.several.map((booking) => spokenTime(booking.startsAt, booking.timeZone, now));
  const appointments = mine.several.map((booking) => ({ startsAt: localStart(booking.startsAt, booking.timeZone), customerName: booking.customerName }));
  return { reason: 'SEVERAL', appointments, say: `There is ${listed(times)}. Which one do you mean?` };
}

async function theirs(
  context: ToolContext,
  { startsAt, name, status = 'CONFIRMED' }: { startsAt: Date | null; name: string | null | undefined; status?: 'CONFIRMED' | 'CANCELED' },
): Promise<OwnBooking<Booking>> {
  const { assistantId, callId } = context;
  return findOwnBooking(context, { assistantId, callId, number: await callerNumber(context), startsAt, name: name?.trim() || null, status });
}

function movedTo({ startsAt, endsAt, timeZone, customerName }: Booking, now: Date): ToolOutput {
  const say = `The appointment of ${customerName} is now on ${spokenTime(startsAt, timeZone, now)}.`;
  return { moved: true, startsAt: localStart(startsAt, timeZone), endsAt: localStart(endsAt, timeZone), customerName, say };
}

const canceled = ({ startsAt, timeZone, customerName }: Booking, now: Date): ToolOutput => ({
  canceled: true,
  startsAt: localStart(startsAt, timeZone),
  say: `The appointment of ${customerName} on ${spokenTime(startsAt, timeZone, now)} is canceled.`,
});
