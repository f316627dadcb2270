import { z } from 'zod';
import { WEEKDAYS } from '../assistants/opening-hours.ts';
import { interview } from '../surveys/interview-plan.ts';

/**
 * What the assistant is for one call, frozen into the call's row when it begins: a change of the assistant
 * shows in the next call, and a bridge that takes over finds what the first one knew.
 */
export type CallPlan = z.infer<typeof callPlan>;

const span = { opens: z.string(), closes: z.string() };
const openingTimes = z.object({
  hours: z.array(z.object({ day: z.enum(WEEKDAYS), ...span })).readonly(),
  closedDates: z.array(z.string()).readonly(),
  specialHours: z.array(z.object({ date: z.string(), ...span })).readonly(),
});

export const callPlan = z.object({
  direction: z.enum(['INBOUND', 'OUTBOUND']),
  /** Null where none of the workspace's talks, but a campaign. */
  assistantId: z.string().nullable(),
  businessName: z.string(),
  /** The whole system prompt. It holds no date: today's is added when a bridge takes the call. */
  instructions: z.string(),
  /** Said first, word for word. */
  greeting: z.string(),
  voice: z.string(),
  /** BCP 47 */
  language: z.string(),
  /** Further languages, BCP 47, in which it may go on when the caller speaks them. */
  otherLanguages: z.array(z.string()).default([]),
  /** Whom callers may be put through to; null where there is nobody. */
  transfer: z.object({ to: z.string() }).nullable().default(null),
  /** Whether the call is recorded, and what has to come first; null where it is not. */
  recording: z
    .object({ consent: z.enum(['SPOKEN', 'ANNOUNCED']) })
    .nullable()
    .default(null),
  /** Said once to an answering machine, word for word; null: it hangs up there. */
  voicemailMessage: z.string().nullable().default(null),
  /** Whether the carrier is to tell what has picked up. */
  detectsMachines: z.boolean().default(true),
  /** What an outbound call is about, in words that can be said to whoever screens it; null where nobody said. */
  purpose: z.string().nullable().default(null),
  /** What it asks, where it is an interview. */
  interview: interview.nullable().default(null),
  /** The assistant's own; all spoken times are in it. */
  timeZone: z.string(),
  /** When people are there; null in plans of before it was kept. */
  openingTimes: openingTimes.nullable().default(null),
  tools: z.array(z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) })),
  limits: z.object({
    /** The call is told goodbye and ended after this. */
    maximumSeconds: z.int().positive(),
    /** It is what was left of the subscription that makes it so short. */
    limitedByPlan: z.boolean().default(false),
    /** Nobody has spoken for this long: the assistant asks once whether anybody is there, then ends the call. */
    silenceSeconds: z.int().positive(),
  }),
});
