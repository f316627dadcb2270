import { type BOOKING_MODES, type BookingPolicyChange, type BookingPolicyColumns, policyOf } from '../../domain/assistants/booking-policy.ts';
import { updateBookingPolicy } from '../../domain/assistants/update-assistant.ts';
import type { Assistant as AssistantRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Assistant } from './assistants.ts';

const BookingMode = builder.enumType('BookingMode', {
  description: 'How many appointments may share a time.',
  values: {
    STRICT: { description: 'One.' },
    FLEXIBLE: { description: 'As many as the smaller of `employeeCount` and `maxConcurrentBookings`.' },
    UNLIMITED: { description: 'Any number.' },
  } satisfies Record<(typeof BOOKING_MODES)[number], { description: string }>,
});

const BookingPolicy = builder.objectRef<BookingPolicyColumns>('BookingPolicy').implement({
  description: "How an assistant's appointments are cut, and how many may share a time.",
  fields: (t) => ({
    mode: t.field({ type: BookingMode, description: 'How many appointments may share a time.', resolve: (row) => policyOf(row).mode }),
    employeeCount: t.exposeInt('employeeCount', { description: 'How many people take appointments, 1 to 50. Counts in mode FLEXIBLE.' }),
    maxConcurrentBookings: t.exposeInt('maxConcurrentBookings', { description: 'The most appointments at one time, 1 to 50. Counts in mode FLEXIBLE.' }),
    allowOverbooking: t.exposeBoolean('allowOverbooking', {
      description: 'Whether people may book a slot that is full. The assistant on the phone never does.',
    }),
    slotMinutes: t.exposeInt('slotMinutes', { description: 'The length of an appointment in minutes, 5 to 480.' }),
    bufferMinutes: t.exposeInt('bufferMinutes', { description: 'How many minutes stay free after each appointment, 0 to 240.' }),
    minimumNoticeMinutes: t.exposeInt('minimumNoticeMinutes', {
      description: 'How many minutes ahead an appointment must be made at least, up to 43,200 (30 days).',
    }),
    maximumDaysAhead: t.exposeInt('maximumDaysAhead', { description: 'How many days ahead an appointment can be made at most, 1 to 365.' }),
  }),
});

builder.prismaObjectFields(Assistant, (t) => ({
  bookingPolicy: t.field({
    type: BookingPolicy,
    select: {
      bookingMode: true,
      employeeCount: true,
      maxConcurrentBookings: true,
      allowOverbooking: true,
      slotMinutes: true,
      bufferMinutes: true,
      minimumNoticeMinutes: true,
      maximumDaysAhead: true,
    },
    description: 'How its appointments are cut, and how many may share a time.',
    resolve: (assistant) => assistant,
  }),
}));

const UpdateBookingPolicyInput = builder.inputRef<{ assistantId: NodeId } & BookingPolicyChange>('UpdateBookingPolicyInput').implement({
  description: 'What to change of a booking policy. What is left out or null stays.',
  fields: (t) => ({
    assistantId: t.globalID({ required: true, description: 'The assistant whose policy it is.' }),
    mode: t.field({ type: BookingMode, description: 'How many appointments may share a time.' }),
    employeeCount: t.int({ description: 'How many people take appointments, 1 to 50.' }),
    maxConcurrentBookings: t.int({ description: 'The most appointments at one time, 1 to 50.' }),
    allowOverbooking: t.boolean({ description: 'Whether people may book a slot that is full.' }),
    slotMinutes: t.int({ description: 'The length of an appointment in minutes, 5 to 480.' }),
    bufferMinutes: t.int({ description: 'How many minutes stay free after each appointment, 0 to 240.' }),
    minimumNoticeMinutes: t.int({ description: 'How many minutes ahead an appointment must be made at least, 0 to 43,200 (30 days).' }),
    maximumDaysAhead: t.int({ description: 'How many days ahead an appointment can be made at most, 1 to 365.' }),
  }),
});

const UpdateBookingPolicyPayload = payload<{ assistant: AssistantRow }>(
  'UpdateBookingPolicyPayload',
  'The assistant with its changed policy, or why it was not changed.',
  (t) => ({ assistant: t.expose('assistant', { type: Assistant, nullable: true, description: 'The assistant with the policy as it is now.' }) }),
);

builder.mutationFields((t) => ({
  updateBookingPolicy: t.field({
    type: UpdateBookingPolicyPayload,
    description:
      "Changes how an assistant's appointments are cut. Bookings that stand are kept, even where they are now more than fit. Errors: INVALID, NOT_FOUND.",
    args: { input: t.arg({ type: UpdateBookingPolicyInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await updateBookingPolicy(scope, { ...input, assistantId: idOf('Assistant', input.assistantId) }), (assistant) => ({ assistant })),
  }),
}));
