import { weekdayOf } from '../../domain/assistants/opening-hours.ts';
import { bookSlot } from '../../domain/bookings/book.ts';
import { bookingsBetween, slotsBetween } from '../../domain/bookings/bookings.ts';
import { cancelBooking } from '../../domain/bookings/cancel-booking.ts';
import { localDateOf, localTimeOf } from '../../domain/bookings/choices.ts';
import { rescheduleBooking } from '../../domain/bookings/reschedule-booking.ts';
import type { SlotProblem } from '../../domain/bookings/slot-problem.ts';
import type { DaySlots as DaySlotsRow, Slot as SlotRow } from '../../domain/bookings/slots.ts';
import { spokenTime } from '../../domain/bookings/wording.ts';
import type { Assistant as AssistantRow, Booking as BookingRow } from '../../generated/prisma/client.ts';
import type { Problem } from '../../kit/errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { answer, payload, UserError, userErrorKind } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Assistant, Weekday } from './assistants.ts';
import { Workspace } from './workspaces.ts';

const BookingStatus = builder.enumType('BookingStatus', {
  description: 'How firm a booking is.',
  values: {
    HELD: { description: 'Kept for a caller for a moment, while they decide. No list and no subscription shows it: it is no booking yet.' },
    CONFIRMED: { description: 'Booked.' },
    CANCELED: { description: 'Given up; its time is free again.' },
  },
});

const CalendarSyncStatus = builder.enumType('CalendarSyncStatus', {
  description: 'Whether a booking stands in the calendar that the workspace has connected.',
  values: {
    NOT_CONNECTED: { description: 'No calendar is connected.' },
    PENDING: { description: 'It is on its way there.' },
    SYNCED: { description: 'It stands there.' },
    FAILED: { description: 'It could not be written there.' },
  },
});

const Slot = builder.objectRef<SlotRow>('Slot').implement({
  description: 'A time at which an appointment can begin.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins. Give it to `createBooking`.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When it ends.' }),
    time: t.field({
      type: 'LocalTime',
      description: "When it begins, on the clock of the assistant's time zone.",
      resolve: (slot) => localTimeOf(slot.startsAt, slot.timeZone),
    }),
    label: t.string({
      description: 'The time as one says it, in English, e.g. `Thursday the 3rd at half past two`.',
      resolve: (slot, _args, { app }) => spokenTime(slot.startsAt, slot.timeZone, app.clock.now()),
    }),
    isBooked: t.exposeBoolean('isBooked', {
      description: 'Whether it is full: no more bookings fit, whether it is booked, held for a caller, or busy in the connected calendar.',
    }),
    remaining: t.exposeInt('remaining', { nullable: true, description: 'How many more bookings fit; null without limit.' }),
  }),
});

const DaySlots = builder.objectRef<DaySlotsRow>('DaySlots').implement({
  description: 'The slots of one day.',
  fields: (t) => ({
    date: t.field({ type: 'Date', description: "The day, in the assistant's time zone.", resolve: (day) => day.date.toString() }),
    day: t.field({ type: Weekday, description: 'Its day of the week.', resolve: (day) => weekdayOf(day.date) }),
    timeZone: t.field({ type: 'TimeZone', description: "The assistant's time zone.", resolve: (day) => day.timeZone }),
    opens: t.field({ type: 'LocalTime', nullable: true, description: 'When the day first opens; null on a day that is closed.', resolve: (day) => day.opens }),
    closes: t.field({
      type: 'LocalTime',
      nullable: true,
      description: 'When the day last closes, `00:00` for midnight; null on a day that is closed.',
      resolve: (day) => day.closes,
    }),
    slotMinutes: t.exposeInt('slotMinutes', { description: 'The length of an appointment in minutes.' }),
    slots: t.field({
      type: [Slot],
      description: 'Every slot that has not begun and leaves the minimum notice, in order; full ones too. Empty on days further ahead than the policy allows.',
      resolve: (day) => [...day.slots],
    }),
  }),
});

export const Booking = builder.prismaNode('Booking', {
  nullable: true,
  description: 'An appointment.',
  id: { field: 'id', description: 'The global id of the booking.' },
  select: { startsAt: true, timeZone: true },
  fields: (t) => ({
    assistant: t.relation('assistant', { description: 'Who takes the appointment.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When it ends.' }),
    date: t.field({ type: 'Date', description: 'The day it begins on, in `timeZone`.', resolve: (booking) => localDateOf(booking.startsAt, booking.timeZone) }),
    time: t.field({
      type: 'LocalTime',
      description: 'The time it begins at, in `timeZone`.',
      resolve: (booking) => localTimeOf(booking.startsAt, booking.timeZone),
    }),
    timeZone: t.expose('timeZone', { type: 'TimeZone', description: "The assistant's time zone when it was booked." }),
    customerName: t.exposeString('customerName', { description: 'Whom it is for.' }),
    customerPhone: t.expose('customerPhone', {
      type: 'PhoneNumber',
      nullable: true,
      description: 'A number to reach them; the caller’s own if it was booked by phone and no other was given.',
    }),
    customerEmail: t.expose('customerEmail', { type: 'EmailAddress', nullable: true, description: 'Their e-mail address, if they gave one.' }),
    details: t.exposeString('details', { nullable: true, description: 'What it is about, if they said it.' }),
    status: t.expose('status', { type: BookingStatus, description: 'How firm it is.' }),
    calendarEventId: t.exposeString('calendarEventId', { nullable: true, description: 'Its event in the connected calendar; null where there is none.' }),
    calendarStatus: t.expose('calendarStatus', { type: CalendarSyncStatus, description: 'Whether it stands in the connected calendar.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was booked.' }),
  }),
});

const datesDescription = 'At most 92 days at a time, else BAD_USER_INPUT.';

builder.prismaObjectFields(Assistant, (t) => ({
  slots: t.field({
    type: DaySlots,
    description: 'The slots of one day, with what is booked, held for a caller, or busy in the connected calendar.',
    args: { date: t.arg({ type: 'Date', description: "The day, in the assistant's time zone; today if left out." }) },
    complexity: 10,
    resolve: async (assistant, args, context) => {
      const date = args.date ?? localDateOf(context.app.clock.now(), assistant.timeZone);
      const [day] = await gridOf(assistant, date, date, context);
      if (!day) throw new Error('A day has slots, if none then an empty list');
      return day;
    },
  }),
  grid: t.field({
    type: [DaySlots],
    description: `The slots of each day from one date to another. ${datesDescription}`,
    args: {
      from: t.arg({ type: 'Date', required: true, description: "The first day, in the assistant's time zone." }),
      to: t.arg({ type: 'Date', required: true, description: 'The last day, included.' }),
    },
    complexity: ({ from, to }) => ({ field: 10, multiplier: Math.max(1, Math.min(92, Temporal.PlainDate.from(from).until(to).days + 1)) }),
    resolve: (assistant, { from, to }, context) => gridOf(assistant, from, to, context),
  }),
  bookings: t.field({
    type: [Booking],
    description: `Its bookings that begin from one date to another, in order of time; canceled ones too. ${datesDescription}`,
    args: {
      from: t.arg({ type: 'Date', required: true, description: "The first day, in the assistant's time zone." }),
      to: t.arg({ type: 'Date', required: true, description: 'The last day, included.' }),
    },
    complexity: { field: 10, multiplier: 20 },
    resolve: (assistant, { from, to }, context) =>
      bookingsBetween(context.tenant(assistant.workspaceId), { ...dates(from, to), timeZone: assistant.timeZone, assistantId: assistant.id }),
  }),
}));

builder.prismaObjectFields(Workspace, (t) => ({
  bookings: t.field({
    type: [Booking],
    select: { id: true, timeZone: true },
    description: `The bookings of all its assistants that begin from one date to another, in order of time; canceled ones too. ${datesDescription}`,
    args: {
      from: t.arg({ type: 'Date', required: true, description: "The first day, in the workspace's time zone." }),
      to: t.arg({ type: 'Date', required: true, description: 'The last day, included.' }),
      assistantId: t.arg.globalID({ description: 'Only the bookings of this assistant.' }),
    },
    complexity: { field: 10, multiplier: 20 },
    resolve: (workspace, { from, to, assistantId }, context) =>
      bookingsBetween(context.tenant(workspace.id), { ...dates(from, to), timeZone: workspace.timeZone, assistantId: idOf('Assistant', assistantId) }),
  }),
}));

builder.objectRef<SlotProblem>('SlotTaken').implement({
  interfaces: [UserError],
  description: 'Somebody else has the time; free ones near it are in `alternatives`.',
  fields: (t) => ({
    alternatives: t.field({
      type: [Slot],
      description: 'Free slots: the nearest before and after, and one of the same weekday a week later. In order of time.',
      resolve: (problem) => [...problem.alternatives],
    }),
  }),
});

userErrorKind('SlotTaken', (problem: Problem) => problem.code === 'SLOT_TAKEN');

const BookingPayloadFields = 'The booking; null when nothing was booked.';

const CreateBookingInput = builder
  .inputRef<{
    assistantId: NodeId;
    startsAt: Date;
    customerName: string;
    customerPhone?: string | null;
    customerEmail?: string | null;
    details?: string | null;
  }>('CreateBookingInput')
  .implement({
    description: 'An appointment to book.',
    fields: (t) => ({
      assistantId: t.globalID({ required: true, description: 'Who takes the appointment.' }),
      startsAt: t.field({ type: 'DateTime', required: true, description: 'When it begins: the start of a slot.' }),
      customerName: t.string({ required: true, description: 'Whom it is for, 1 to 120 characters.' }),
      customerPhone: t.field({ type: 'PhoneNumber', description: 'A number to reach them.' }),
      customerEmail: t.field({ type: 'EmailAddress', description: 'Their e-mail address.' }),
      details: t.string({ description: 'What it is about, at most 2,000 characters.' }),
    }),
  });

const CreateBookingPayload = payload<{ booking: BookingRow }>('CreateBookingPayload', 'The booking, or why there is none.', (t) => ({
  booking: t.expose('booking', { type: Booking, nullable: true, description: BookingPayloadFields }),
}));

const RescheduleBookingInput = builder.inputRef<{ id: NodeId; startsAt: Date }>('RescheduleBookingInput').implement({
  description: 'Where to move a booking.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The booking to move.' }),
    startsAt: t.field({ type: 'DateTime', required: true, description: 'When it is to begin: the start of a slot.' }),
  }),
});

const RescheduleBookingPayload = payload<{ booking: BookingRow }>('RescheduleBookingPayload', 'The moved booking, or why it stays where it is.', (t) => ({
  booking: t.expose('booking', { type: Booking, nullable: true, description: 'The booking at its new time; null when it was not moved.' }),
}));

const CancelBookingInput = builder.inputRef<{ id: NodeId }>('CancelBookingInput').implement({
  description: 'Which booking to cancel.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The booking to cancel.' }) }),
});

const CancelBookingPayload = payload<{ booking: BookingRow }>('CancelBookingPayload', 'The canceled booking, or why it was not canceled.', (t) => ({
  booking: t.expose('booking', { type: Booking, nullable: true, description: 'The canceled booking.' }),
}));

builder.mutationFields((t) => ({
  createBooking: t.field({
    type: CreateBookingPayload,
    description:
      'Books an appointment. Of any number who ask for a slot at once, only as many get it as the policy allows. Errors: SLOT_TAKEN (a `SlotTaken`), OUTSIDE_HOURS, INVALID, NOT_FOUND.',
    args: { input: t.arg({ type: CreateBookingInput, required: true, description: 'The appointment.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await bookSlot(scope, { ...input, assistantId: idOf('Assistant', input.assistantId), bookedBy: 'PERSON' }), (booking) => ({ booking })),
  }),
  rescheduleBooking: t.field({
    type: RescheduleBookingPayload,
    description:
      'Moves a booking to another slot. It keeps its time unless it gets the new one. Errors: SLOT_TAKEN (a `SlotTaken`), OUTSIDE_HOURS, INVALID, NOT_FOUND, ILLEGAL_STATE.',
    args: { input: t.arg({ type: RescheduleBookingInput, required: true, description: 'Where to move it.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await rescheduleBooking(scope, { ...input, id: idOf('Booking', input.id), movedBy: 'PERSON' }), (booking) => ({ booking })),
  }),
  cancelBooking: t.field({
    type: CancelBookingPayload,
    description: 'Cancels a booking; its time is free again at once. Canceling it once more changes nothing. Errors: NOT_FOUND.',
    args: { input: t.arg({ type: CancelBookingInput, required: true, description: 'Which booking.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await cancelBooking(scope, { id: idOf('Booking', input.id) }), (booking) => ({ booking })),
  }),
}));

async function gridOf(assistant: Pick<AssistantRow, 'id' | 'workspaceId'>, from: string, to: string, context: Context): Promise<DaySlotsRow[]> {
  return slotsBetween(context.tenant(assistant.workspaceId), { assistantId: assistant.id, ...dates(from, to) });
}

const dates = (from: string, to: string) => ({ from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) });
