import { z } from 'zod';

/**
 * What the assistant is for one call, frozen into the call's row when it begins: a change of the assistant
 * shows in the next call, and a bridge that takes over finds what the first one knew.
 */
export type CallPlan = z.infer<typeof callPlan>;

export const callPlan = z.object({
  direction: z.enum(['INBOUND', 'OUTBOUND']),
  assistantId: z.string(),
  businessName: z.string(),
  /** The whole system prompt. It holds no date: today's is added when a bridge takes the call. */
  instructions: z.string(),
  /** Said first, word for word. */
  greeting: z.string(),
  voice: z.string(),
  /** BCP 47 */
  language: z.string(),
  /** The assistant's own; all spoken times are in it. */
  timeZone: z.string(),
  tools: z.array(z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) })),
  limits: z.object({
    /** The call is told goodbye and ended after this. */
    maximumSeconds: z.int().positive(),
    /** Nobody has spoken for this long: the assistant asks once whether anybody is there, then ends the call. */
    silenceSeconds: z.int().positive(),
  }),
});
