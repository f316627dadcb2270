import { z } from 'zod';
import type { ToolName } from './tools.ts';

/** What follows from a tool besides its answer; see run-tool.ts. */
export interface ToolConsequence {
  readonly then: 'answer' | 'end-call' | 'transfer';
  readonly press?: string;
  readonly language?: string;
  /** The last words of the call, which end with it. */
  readonly farewell?: string;
}

/** An interview that has come to its end, or was broken off. */
const interviewEnds = z.object({ ends: z.literal(true), say: z.string() }).transform(({ say }): ToolConsequence => ({ then: 'end-call', farewell: say }));

const outputs = {
  record_answer: interviewEnds,
  skip_question: interviewEnds,
  schedule_callback: interviewEnds,
  transfer_to_human: z.object({ transferring: z.literal(true) }).transform((): ToolConsequence => ({ then: 'transfer' })),
  send_dtmf: z.object({ pressed: z.string() }).transform(({ pressed }): ToolConsequence => ({ then: 'answer', press: pressed })),
  switch_language: z.object({ language: z.string() }).transform(({ language }): ToolConsequence => ({ then: 'answer', language })),
  end_call: z.unknown().transform((): ToolConsequence => ({ then: 'end-call' })),
} as const satisfies Partial<Record<ToolName, z.ZodType<ToolConsequence>>>;

const hasConsequence = (name: string): name is keyof typeof outputs => Object.hasOwn(outputs, name);

/**
 * What follows from a tool that was run, now or by an earlier bridge.
 *
 * @param output what the model was told.
 */
export function consequenceOf(name: string | null, status: string, output: unknown): ToolConsequence {
  const read = name !== null && status === 'SUCCEEDED' && hasConsequence(name) ? outputs[name].safeParse(output) : null;
  return read?.success ? read.data : { then: 'answer' };
}

/** The language that a call is in: the last that it was switched to, or its own. */
export function spokenLanguage(own: string, toolCalls: readonly { readonly name: string; readonly result: string | null }[]): string {
  for (const { name, result } of toolCalls.toReversed()) {
    if (name !== 'switch_language' || result === null) continue;
    const { language } = consequenceOf(name, 'SUCCEEDED', parseJson(result));
    if (language) return language;
  }
  return own;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
