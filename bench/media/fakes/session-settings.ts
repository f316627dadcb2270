import { z } from 'zod';

// `g711_ulaw` is how the session before GA named the format; a client may still say so.
const format = z
  .union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)])
  .transform((name) => (name === 'g711_ulaw' ? 'audio/pcmu' : name));
const turnDetection = z.object({ create_response: z.boolean().optional(), interrupt_response: z.boolean().optional() }).nullish();

const session = z.object({
  type: z.string().optional(),
  audio: z
    .object({
      input: z.object({ format: format.optional(), turn_detection: turnDetection }).optional(),
      output: z.object({ format: format.optional() }).optional(),
    })
    .optional(),
});

export interface SessionSettings {
  readonly type?: string | undefined;
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  readonly createResponse?: boolean | undefined;
  readonly interruptResponse?: boolean | undefined;
}

/** The few settings of `session.update` that change what the fake model does. */
export function readSettings(value: unknown): SessionSettings {
  const parsed = session.safeParse(value);
  if (!parsed.success) return {};
  const { type, audio } = parsed.data;
  const detection = audio?.input?.turn_detection;
  return {
    type,
    input: audio?.input?.format,
    output: audio?.output?.format,
    createResponse: detection?.create_response,
    interruptResponse: detection?.interrupt_response,
  };
}
