import { z } from 'zod';

/**
 * What a client of the Realtime API may send, in its generally available shape. Objects are strict: a member of the
 * former beta (`session.voice`, `modalities`, …) is an unknown parameter, as it is to the vendor.
 */
const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).optional() }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);

const turnDetection = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).optional(),
    prefix_padding_ms: z.int().min(0).optional(),
    silence_duration_ms: z.int().min(0).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
    idle_timeout_ms: z.null().optional(),
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
]);

const VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'] as const;
const TRANSCRIBERS = [
  'whisper-1',
  'gpt-transcribe',
  'gpt-live-transcribe',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-4o-mini-transcribe-2025-03-20',
  'gpt-4o-mini-transcribe-2025-12-15',
  'gpt-4o-transcribe-diarize',
  'gpt-realtime-whisper',
] as const;

const tool = z.strictObject({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
export type WireTool = z.infer<typeof tool>;

const toolChoice = z.union([z.enum(['none', 'auto', 'required']), z.strictObject({ type: z.literal('function'), name: z.string() })]);
const outputModalities = z.array(z.enum(['audio', 'text'])).length(1);
const maximumTokens = z.union([z.literal('inf'), z.int().min(1).max(4_096)]);
const voice = z.enum(VOICES);

const session = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().optional(),
  output_modalities: outputModalities.optional(),
  instructions: z.string().optional(),
  audio: z
    .strictObject({
      input: z
        .strictObject({
          format: format.optional(),
          transcription: z
            .strictObject({ model: z.enum(TRANSCRIBERS), language: z.string().optional(), prompt: z.string().optional() })
            .nullable()
            .optional(),
          noise_reduction: z
            .strictObject({ type: z.enum(['near_field', 'far_field']) })
            .nullable()
            .optional(),
          turn_detection: turnDetection.nullable().optional(),
        })
        .optional(),
      output: z.strictObject({ format: format.optional(), voice: voice.optional(), speed: z.number().min(0.25).max(1.5).optional() }).optional(),
    })
    .optional(),
  include: z.array(z.string()).nullable().optional(),
  tracing: z
    .union([z.literal('auto'), z.record(z.string(), z.unknown())])
    .nullable()
    .optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_output_tokens: maximumTokens.optional(),
  truncation: z.union([z.enum(['auto', 'disabled']), z.record(z.string(), z.unknown())]).optional(),
  prompt: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type SessionUpdate = z.infer<typeof session>;

const itemBase = { id: z.string().max(32).optional(), object: z.literal('realtime.item').optional(), status: z.string().optional() };
const text = (type: 'input_text' | 'output_text') => z.strictObject({ type: z.literal(type), text: z.string() });
const item = z.discriminatedUnion('type', [
  z.discriminatedUnion('role', [
    z.strictObject({ ...itemBase, type: z.literal('message'), role: z.literal('user'), content: z.array(text('input_text')).min(1) }),
    z.strictObject({ ...itemBase, type: z.literal('message'), role: z.literal('system'), content: z.array(text('input_text')).min(1) }),
    z.strictObject({ ...itemBase, type: z.literal('message'), role: z.literal('assistant'), content: z.array(text('output_text')).min(1) }),
  ]),
  z.strictObject({ ...itemBase, type: z.literal('function_call'), call_id: z.string().max(32).optional(), name: z.string(), arguments: z.string() }),
  z.strictObject({ ...itemBase, type: z.literal('function_call_output'), call_id: z.string(), output: z.string() }),
]);
export type NewItem = z.infer<typeof item>;

const responseCreate = z.strictObject({
  instructions: z.string().optional(),
  conversation: z.enum(['auto', 'none']).optional(),
  output_modalities: outputModalities.optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_output_tokens: maximumTokens.optional(),
  metadata: z.record(z.string(), z.string()).nullable().optional(),
  input: z.array(item).optional(),
  audio: z.strictObject({ output: z.strictObject({ format: format.optional(), voice: voice.optional() }).optional() }).optional(),
});
export type ResponseCreate = z.infer<typeof responseCreate>;

const head = z.object({ type: z.string().optional().catch(undefined), event_id: z.string().optional().catch(undefined) }).catch({});

const base = { event_id: z.string().max(512).optional() };
const events = {
  'session.update': z.strictObject({ ...base, type: z.literal('session.update'), session }),
  'input_audio_buffer.append': z.strictObject({ ...base, type: z.literal('input_audio_buffer.append'), audio: z.string() }),
  'input_audio_buffer.commit': z.strictObject({ ...base, type: z.literal('input_audio_buffer.commit') }),
  'input_audio_buffer.clear': z.strictObject({ ...base, type: z.literal('input_audio_buffer.clear') }),
  'conversation.item.create': z.strictObject({
    ...base,
    type: z.literal('conversation.item.create'),
    previous_item_id: z.string().nullable().optional(),
    item,
  }),
  'conversation.item.retrieve': z.strictObject({ ...base, type: z.literal('conversation.item.retrieve'), item_id: z.string() }),
  'conversation.item.delete': z.strictObject({ ...base, type: z.literal('conversation.item.delete'), item_id: z.string() }),
  'conversation.item.truncate': z.strictObject({
    ...base,
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.int(),
    audio_end_ms: z.int().min(0),
  }),
  'response.create': z.strictObject({ ...base, type: z.literal('response.create'), response: responseCreate.optional() }),
  'response.cancel': z.strictObject({ ...base, type: z.literal('response.cancel'), response_id: z.string().optional() }),
} as const;

export type ClientEvent = { [Type in keyof typeof events]: z.infer<(typeof events)[Type]> }[keyof typeof events];

export interface WireError {
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
}

export type ReadEvent = { readonly ok: true; readonly event: ClientEvent } | { readonly ok: false; readonly eventId: string | null; readonly error: WireError };

const invalid = (code: string, message: string, param: string | null): WireError => ({ type: 'invalid_request_error', code, message, param });

/** Reads one client event; a refusal is worded as the vendor words it. */
export function readClientEvent(source: string): ReadEvent {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return { ok: false, eventId: null, error: invalid('invalid_json', 'The message is not valid JSON.', null) };
  }
  const { type, event_id: eventId = null } = head.parse(value);
  if (type === undefined) return { ok: false, eventId, error: invalid('missing_required_parameter', "Missing required parameter: 'type'.", 'type') };
  if (!isEventType(type)) {
    const supported = Object.keys(events).map((name) => `'${name}'`);
    return { ok: false, eventId, error: invalid('invalid_value', `Invalid value: '${type}'. Supported values are: ${supported.join(', ')}.`, 'type') };
  }
  const parsed = events[type].safeParse(value);
  return parsed.success ? { ok: true, event: parsed.data } : { ok: false, eventId, error: describe(parsed.error, value) };
}

const isEventType = (type: string): type is keyof typeof events => Object.hasOwn(events, type);

function describe(error: z.ZodError, value: unknown): WireError {
  const issue = deepest(error.issues);
  const at = (path: readonly PropertyKey[]) =>
    path
      .map(String)
      .join('.')
      .replaceAll(/\.(\d+)/g, '[$1]');
  if (issue?.code === 'unrecognized_keys') {
    const param = at([...issue.path, issue.keys[0] ?? '']);
    return invalid('unknown_parameter', `Unknown parameter: '${param}'.`, param);
  }
  const param = at(issue?.path ?? []);
  if (issue && valueAt(value, issue.path) === undefined) return invalid('missing_required_parameter', `Missing required parameter: '${param}'.`, param);
  return invalid('invalid_value', `Invalid value for '${param}': ${issue?.message ?? 'cannot be read'}.`, param);
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);

/** Of a union, the branch that came furthest tells most. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const branches = issue.errors.map((branch) => deepest(branch)).filter((found) => found !== undefined);
  const best = branches.reduce<z.core.$ZodIssue | undefined>((a, b) => (a && a.path.length >= b.path.length && a.code !== 'invalid_value' ? a : b), undefined);
  return best ? { ...best, path: [...issue.path, ...best.path] } : issue;
}
