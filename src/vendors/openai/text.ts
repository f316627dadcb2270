import type { Response, ResponseCreateParamsNonStreaming, ResponseInputItem } from 'openai/resources/responses/responses';
import { z } from 'zod';
import { SECOND } from '../../kit/time.ts';
import { type TextItem, type TextModel, TextModelError, type TextUsage } from '../../ports/text-model.ts';
import { type OpenAiAccount, openAiClient } from './client.ts';
import { openAiFailure } from './failures.ts';

export interface OpenAiTextOptions extends OpenAiAccount {
  readonly model: string;
}

const TIMEOUT_MS = 20 * SECOND;
const MAXIMUM_TOKENS = 800;

const text = z.object({ type: z.literal('output_text'), text: z.string() });
const refusal = z.object({ type: z.literal('refusal'), refusal: z.string() });
const other = z.object({ type: z.string() }).transform(() => null);
const message = z.object({ type: z.literal('message'), content: z.array(z.union([text, refusal, other])) });
const functionCall = z.object({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() });
const count = z.int().nonnegative().catch(0);

const response = z.object({
  status: z.string().nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(z.union([message, functionCall, other])),
  usage: z
    .object({ input_tokens: count, output_tokens: count, input_tokens_details: z.object({ cached_tokens: count }).nullish() })
    .nullish()
    .catch(null),
});

/** OpenAI's Responses API. Nothing is kept there (`store: false`): the conversation is ours and goes along with each request. */
export function openAiText(options: OpenAiTextOptions): TextModel {
  const client = openAiClient(options);

  async function ask(body: Omit<ResponseCreateParamsNonStreaming, 'model' | 'store'>, timeoutMs: number, signal?: AbortSignal) {
    const { responses } = await client();
    let answered: Response;
    try {
      answered = await responses.create({ ...body, model: options.model, store: false }, { timeout: timeoutMs, signal: signal ?? null });
    } catch (error) {
      throw openAiFailure(error);
    }
    return readResponse(answered);
  }

  return {
    name: options.model,

    async answer({ instructions, items, tools, maximumTokens = MAXIMUM_TOKENS, timeoutMs = TIMEOUT_MS }, signal) {
      const { said, toolCalls, usage } = await ask(
        {
          instructions,
          input: items.map(inputItem),
          tools: tools.map(({ name, description, parameters }) => ({ type: 'function', name, description, parameters: { ...parameters }, strict: false })),
          max_output_tokens: maximumTokens,
        },
        timeoutMs,
        signal,
      );
      return { text: said.trim(), toolCalls, usage };
    },

    async extract({ instructions, text: given, name, schema, maximumTokens = MAXIMUM_TOKENS, timeoutMs = TIMEOUT_MS }, signal) {
      const { said, usage } = await ask(
        {
          instructions,
          input: [{ role: 'user', content: given }],
          text: { format: { type: 'json_schema', name, strict: true, schema: { ...schema } } },
          max_output_tokens: maximumTokens,
        },
        timeoutMs,
        signal,
      );
      try {
        return { value: JSON.parse(said), usage };
      } catch (error) {
        throw new TextModelError('OpenAI wrote something that is no JSON', 'unavailable', 'not-json', error);
      }
    },
  };
}

function inputItem(item: TextItem): ResponseInputItem {
  switch (item.type) {
    case 'caller':
      return { role: 'user', content: item.text };
    case 'assistant':
      return { role: 'assistant', content: item.text };
    case 'note':
      return { role: 'system', content: item.text };
    case 'tool-call':
      return { type: 'function_call', call_id: item.callId, name: item.name, arguments: item.arguments };
    case 'tool-result':
      return { type: 'function_call_output', call_id: item.callId, output: item.output };
  }
}

/** @throws TextModelError where it failed, was cut off or was refused. */
function readResponse(answered: unknown) {
  const parsed = response.safeParse(answered);
  if (!parsed.success) throw new TextModelError('OpenAI answered something that is no response', 'unavailable', 'unreadable', parsed.error);
  const { status, error, incomplete_details: incomplete, output } = parsed.data;
  if (status === 'failed') throw new TextModelError(`OpenAI failed: ${error?.message ?? 'no reason given'}`, 'unavailable', error?.code ?? 'failed');
  if (status === 'incomplete') {
    const reason = incomplete?.reason ?? 'incomplete';
    throw new TextModelError(`OpenAI cut its answer off: ${reason}`, 'refused', reason);
  }
  const said: string[] = [];
  const toolCalls: { callId: string; name: string; arguments: string }[] = [];
  for (const item of output) {
    if (item?.type === 'function_call') toolCalls.push({ callId: item.call_id, name: item.name, arguments: item.arguments });
    if (item?.type !== 'message') continue;
    for (const part of item.content) {
      if (part?.type === 'refusal') throw new TextModelError(`OpenAI refused: ${part.refusal}`, 'refused', 'refusal');
      if (part?.type === 'output_text') said.push(part.text);
    }
  }
  const used: TextUsage = {
    inputTokens: parsed.data.usage?.input_tokens ?? 0,
    cachedTokens: parsed.data.usage?.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: parsed.data.usage?.output_tokens ?? 0,
  };
  return { said: said.join('\n'), toolCalls, usage: used };
}
