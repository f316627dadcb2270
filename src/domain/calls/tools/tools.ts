import { z } from 'zod';
import { DTMF_DIGITS } from '../../../kit/dtmf.ts';
import { SECOND } from '../../../kit/time.ts';
import { type HoursColumns, openingTimesOf, takesBookings } from '../../assistants/assistant.ts';
import { INTERVIEW_TOOLS } from '../interview/interview-arguments.ts';
import type { CallPlan } from '../plan.ts';

/** What a voice model may ask us to do during a call. */
export interface Tool<Arguments extends z.ZodType = z.ZodType> {
  /** For the model: when to use it and what it answers. */
  readonly description: string;
  readonly arguments: Arguments;
  /** After this the model is told that the tool did not answer. */
  readonly deadlineMs: number;
}

const tool = <Arguments extends z.ZodType>(definition: Tool<Arguments>): Tool<Arguments> => definition;

const optionalText = (maximum: number, description: string) => z.string().max(maximum).nullish().describe(description);

export const TOOLS = {
  check_availability: tool({
    description:
      'Tells which appointment times are free on a date, and the nearest ones when there are none. Use it before you offer or book a time. ' +
      'With a `time` that is free, that time is kept for the caller for 90 seconds (`held`). ' +
      '`say` is what you may tell the caller; `free` holds every free start of that day.',
    arguments: z.object({
      date: z.string().max(200).describe('The date on the clock of the business, as YYYY-MM-DD, e.g. 2026-09-03; or as the caller said it, e.g. next Friday.'),
      time: optionalText(
        100,
        'The time of day that the caller would like, as HH:MM on the 24-hour clock, e.g. 14:30, or as they said it. Leave it out if they named none.',
      ),
    }),
    deadlineMs: 5 * SECOND,
  }),
  book_appointment: tool({
    description:
      'Books an appointment in two steps. As soon as the caller has picked a time, use it with `startsAt` alone: the time is kept for them for 90 seconds (`held`) while you ask for the name. ' +
      'Once they have agreed to the weekday, date and time and you have the name, use it again with `customerName`; if the time is held already and you have the name, once is enough. ' +
      'It is booked only if `booked` is true; if it is neither booked nor held, offer the alternatives. Repeat the weekday, date and time from `say`.',
    arguments: z.object({
      startsAt: z.string().max(200).describe('When it begins, exactly as check_availability gave it, e.g. 2026-09-03T14:30; or as the caller said it.'),
      customerName: optionalText(120, 'The name of the person that the appointment is for. Without it the time is only held.'),
      customerPhone: optionalText(40, 'A telephone number to reach them, if it is another one than they call from.'),
      customerEmail: optionalText(254, 'Their e-mail address, if they gave one.'),
      details: optionalText(2_000, 'What the appointment is about, in a few words, if they said it.'),
    }),
    deadlineMs: 8 * SECOND,
  }),
  reschedule_appointment: tool({
    description:
      'Moves an appointment to another time. Use check_availability with the new time first. It is moved only if `moved` is true; else the appointment stays, and you may offer the alternatives. ' +
      'Appointments booked from the number that the caller calls from are found by themselves; else ask for the name and the time.',
    arguments: z.object({
      newStartsAt: z.string().max(200).describe('The new time, exactly as check_availability gave it, e.g. 2026-09-03T14:30; or as the caller said it.'),
      currentStartsAt: optionalText(200, 'When the appointment is now, e.g. 2026-09-01T10:00, if the caller said it.'),
      customerName: optionalText(120, 'The name that the appointment is under, if the caller said it.'),
    }),
    deadlineMs: 8 * SECOND,
  }),
  cancel_appointment: tool({
    description:
      'Cancels an appointment. Use it when the caller has said that they want it canceled. It is canceled only if `canceled` is true. ' +
      'Appointments booked from the number that the caller calls from are found by themselves; else ask for the name and the time.',
    arguments: z.object({
      startsAt: optionalText(200, 'When the appointment is, e.g. 2026-09-03T14:30, if the caller said it.'),
      customerName: optionalText(120, 'The name that the appointment is under, if the caller said it.'),
    }),
    deadlineMs: 8 * SECOND,
  }),
  take_message: tool({
    description:
      'Passes a message on to the people of the business. Use it when you cannot help or the caller asks for a person. It was taken only if `taken` is true.',
    arguments: z.object({
      body: z.string().min(1).max(5_000).describe('The message, with all that the caller wants to be known.'),
      callerName: optionalText(200, 'Who it is from.'),
      callbackNumber: optionalText(40, 'The number to call back, if it is another one than they call from.'),
      urgent: z.boolean().nullish().describe('True only if the caller says that it cannot wait.'),
    }),
    deadlineMs: 8 * SECOND,
  }),
  transfer_to_human: tool({
    description:
      'Puts the caller through to a person of the business, who hears first who calls and what about. Use it when the caller asks for a person or needs one, and you know what it is about. ' +
      'If `transferring` is true, say nothing more: the caller is told and the call leaves you. Else say why, and offer to take a message.',
    arguments: z.object({
      about: z.string().min(1).max(300).describe('What the caller wants, in a few words that can be said to the person, in the language of the business.'),
      callerName: optionalText(120, 'The name of the caller, if they said it.'),
    }),
    deadlineMs: 5 * SECOND,
  }),
  send_dtmf: tool({
    description:
      'Presses keys of the telephone, as a phone menu asks for them. Use it only when a recorded voice asks for a key, never with a person, and say nothing in the same answer.',
    arguments: z.object({
      digits: z
        .string()
        .regex(DTMF_DIGITS, 'Keys are 0 to 9, * and #; w and W wait.')
        .max(40)
        .describe('The keys, e.g. 1 or 42#. w waits half a second, W one second.'),
    }),
    deadlineMs: 2 * SECOND,
  }),
  switch_language: tool({
    description: 'Use it as soon as the caller speaks another of your languages than the one you speak, before you answer in it.',
    arguments: z.object({
      language: z.string().max(35).describe('The tag of the language that the caller speaks, as it stands in your instructions, e.g. es.'),
    }),
    deadlineMs: 2 * SECOND,
  }),
  ...INTERVIEW_TOOLS,
  end_call: tool({
    description: 'Hangs up once your goodbye has been heard. Use it in the same answer in which you say goodbye, and only when the caller has all they need.',
    arguments: z.object({ reason: optionalText(200, 'Why the call is over, in a few words.') }),
    deadlineMs: 2 * SECOND,
  }),
};

export type ToolName = keyof typeof TOOLS;

const BOOKING_TOOLS: ReadonlySet<string> = new Set<ToolName>(['check_availability', 'book_appointment', 'reschedule_appointment', 'cancel_appointment']);

/** The tool of a name that a model wrote; null where there is none. */
export const findTool = (name: string): ToolName | null => (isToolName(name) ? name : null);

const isToolName = (name: string): name is ToolName => Object.hasOwn(TOOLS, name);

/** What the tools of a call depend on besides the hours. */
export interface ToolSetting {
  readonly transfers: boolean;
  /** Whether it calls somebody, and may meet a phone menu. */
  readonly outbound: boolean;
  readonly otherLanguages: readonly string[];
}

const INBOUND_ALONE: ToolSetting = { transfers: false, outbound: false, otherLanguages: [] };

/** The tools that an assistant is given: those for appointments only if it has hours in which it takes any. */
export function toolsFor(assistant: HoursColumns, { transfers, outbound, otherLanguages }: ToolSetting = INBOUND_ALONE): CallPlan['tools'] {
  const books = takesBookings(openingTimesOf(assistant));
  const withheld = new Set<string>([
    ...Object.keys(INTERVIEW_TOOLS),
    ...(books ? [] : BOOKING_TOOLS),
    ...(transfers ? [] : (['transfer_to_human'] satisfies ToolName[])),
    ...(outbound ? [] : (['send_dtmf'] satisfies ToolName[])),
    ...(otherLanguages.length > 0 ? [] : (['switch_language'] satisfies ToolName[])),
  ]);
  return Object.entries(TOOLS)
    .filter(([name]) => !withheld.has(name))
    .map(([name, { description, arguments: schema }]) => ({ name, description, parameters: parametersOf(schema) }));
}

/** The tools of a call that interviews somebody: the interview ends it, and nothing else does. */
export const interviewTools = (): CallPlan['tools'] =>
  Object.entries(INTERVIEW_TOOLS).map(([name, { description, arguments: schema }]) => ({ name, description, parameters: parametersOf(schema) }));

function parametersOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema, ...parameters } = z.toJSONSchema(schema, { io: 'input' });
  return { ...parameters, additionalProperties: false };
}
