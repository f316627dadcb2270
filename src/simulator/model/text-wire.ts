import { z } from 'zod';
import type { Memory } from './memory.ts';

/** A request for a response, as far as the twin understands the vendor's; what it does not know is refused. */
const content = z.union([z.string(), z.array(z.strictObject({ type: z.enum(['input_text', 'output_text']), text: z.string() }))]);
const inputItem = z.union([
  z.strictObject({ type: z.literal('message').optional(), role: z.enum(['user', 'assistant', 'system', 'developer']), content }),
  z.strictObject({ type: z.literal('function_call'), call_id: z.string().max(64), name: z.string(), arguments: z.string() }),
  z.strictObject({ type: z.literal('function_call_output'), call_id: z.string().max(64), output: z.string() }),
]);
const tool = z.strictObject({
  type: z.literal('function'),
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()),
  strict: z.boolean(),
});

export const createResponse = z.strictObject({
  model: z.string(),
  instructions: z.string().nullish(),
  input: z.union([z.string(), z.array(inputItem)]),
  tools: z.array(tool).default([]),
  store: z.boolean().default(true),
  max_output_tokens: z.int().min(16).nullish(),
  text: z
    .strictObject({
      format: z.strictObject({ type: z.literal('json_schema'), name: z.string(), strict: z.boolean().nullish(), schema: z.record(z.string(), z.unknown()) }),
    })
    .optional(),
});
export type CreateResponse = z.infer<typeof createResponse>;

/** The conversation as the receptionist knows it. */
export function memoryOf({ input }: CreateResponse): Memory[] {
  if (typeof input === 'string') return [{ type: 'caller', text: input }];
  return input.map((item): Memory => {
    if (item.type === 'function_call') return { type: 'tool-call', callId: item.call_id, name: item.name, arguments: item.arguments };
    if (item.type === 'function_call_output') return { type: 'tool-result', callId: item.call_id, output: item.output };
    const text = typeof item.content === 'string' ? item.content : item.content.map((part) => part.text).join('\n');
    return { type: item.role === 'user' ? 'caller' : item.role === 'assistant' ? 'assistant' : 'system', text };
  });
}

/** A response in the vendor's shape. */
export function responseObject(
  request: CreateResponse,
  made: { id: string; createdAt: Date; output: readonly object[]; usage: { input: number; cached: number; output: number } },
): object {
  const { usage } = made;
  return {
    id: made.id,
    object: 'response',
    created_at: Math.floor(made.createdAt.getTime() / 1_000),
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model: request.model,
    output: made.output,
    parallel_tool_calls: true,
    metadata: {},
    tool_choice: 'auto',
    tools: request.tools,
    temperature: 1,
    top_p: 1,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input + usage.output,
    },
  };
}
