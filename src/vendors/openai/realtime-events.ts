import { z } from 'zod';
import type { VoiceEvent, VoiceUsage } from '../../ports/voice-model.ts';
import { DELTA, fieldOf, ITEM_ID, RESPONSE_ID } from './realtime-fields.ts';

/** The server events of the Realtime API (GA shape) that mean something to a call; the rest is not read. */

const item = { response_id: z.string(), item_id: z.string() };
const count = z.int().nonnegative().catch(0);

const usage = z.object({
  input_token_details: z
    .object({ text_tokens: count, audio_tokens: count, cached_tokens: count, cached_tokens_details: z.object({ audio_tokens: count }).nullish().catch(null) })
    .partial()
    .nullish(),
  output_token_details: z.object({ text_tokens: count, audio_tokens: count }).partial().nullish(),
});

const outputItem = z.union([
  z.object({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.object({ type: z.string() }).transform(() => null),
]);

const serverEvents = {
  error: z.object({ error: z.object({ code: z.string().nullish(), type: z.string().nullish(), message: z.string() }) }),
  'session.updated': z.object({}),
  'input_audio_buffer.speech_started': z.object({ item_id: z.string(), audio_start_ms: z.number() }),
  'input_audio_buffer.speech_stopped': z.object({ item_id: z.string(), audio_end_ms: z.number() }),
  'conversation.item.input_audio_transcription.delta': z.object({ item_id: z.string(), delta: z.string() }),
  'conversation.item.input_audio_transcription.completed': z.object({ item_id: z.string(), transcript: z.string() }),
  'conversation.item.input_audio_transcription.failed': z.object({ item_id: z.string() }),
  'response.created': z.object({ response: z.object({ id: z.string() }) }),
  'response.output_audio_transcript.delta': z.object({ ...item, delta: z.string() }),
  'response.output_audio_transcript.done': z.object({ ...item, transcript: z.string() }),
  'response.done': z.object({
    response: z.object({
      id: z.string(),
      status: z.enum(['completed', 'cancelled', 'incomplete', 'failed']),
      status_details: z
        .object({ reason: z.string().nullish(), error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish() })
        .nullish(),
      output: z.array(outputItem).catch([]),
      usage: usage.nullish(),
    }),
  }),
} as const;

type EventType = keyof typeof serverEvents;
type Parsed = { [T in EventType]: { type: T; data: z.infer<(typeof serverEvents)[T]> } }[EventType];

/** The API names an event first or right behind its id: most that mean nothing to a call are passed over unread. */
const NAME = /^\{(?:"event_id":"\w*",)?"type":"([a-z_.]+)"/;
const NAME_WITHIN = 160;
const BACKSLASH = 0x5c;

/**
 * Words as they are made or recognised, several times a second: taken from where they stand, without parsing.
 *
 * @returns null for other events, and for words with an escape in them, which have to be parsed.
 */
function readWords(type: string, frame: Buffer): VoiceEvent | null {
  if (type !== 'response.output_audio_transcript.delta' && type !== 'conversation.item.input_audio_transcription.delta') return null;
  const itemId = fieldOf(frame, ITEM_ID)?.toString();
  const words = fieldOf(frame, DELTA);
  if (!itemId || !words || words.includes(BACKSLASH)) return null;
  const delta = words.toString();
  if (type === 'conversation.item.input_audio_transcription.delta') return { type: 'caller-words', itemId, delta };
  const responseId = fieldOf(frame, RESPONSE_ID)?.toString();
  return responseId ? { type: 'answer-words', responseId, itemId, delta } : null;
}

const isKnown = (type: string): type is EventType => Object.hasOwn(serverEvents, type);

/**
 * Reads a server event that is not audio.
 *
 * @returns null for one that means nothing to a call.
 * @throws where the frame is not JSON, or a known event lacks what it must have.
 */
export function readServerEvent(frame: Buffer): VoiceEvent | null {
  const named = NAME.exec(frame.toString('latin1', 0, NAME_WITHIN))?.[1];
  if (named && !isKnown(named)) return null;
  const words = named ? readWords(named, frame) : null;
  if (words) return words;
  const json: unknown = JSON.parse(frame.toString());
  if (typeof json !== 'object' || json === null || !('type' in json) || typeof json.type !== 'string') throw new Error('an event without a type');
  const { type } = json;
  if (!isKnown(type)) return null;
  return toVoiceEvent({ type, data: serverEvents[type].parse(json) } as Parsed);
}

function toVoiceEvent({ type, data }: Parsed): VoiceEvent {
  switch (type) {
    case 'error':
      return { type: 'error', code: data.error.code ?? data.error.type ?? 'unknown', message: data.error.message };
    case 'session.updated':
      return { type: 'ready' };
    case 'input_audio_buffer.speech_started':
      return { type: 'speech-started', itemId: data.item_id, atMs: data.audio_start_ms };
    case 'input_audio_buffer.speech_stopped':
      return { type: 'speech-stopped', itemId: data.item_id, atMs: data.audio_end_ms };
    case 'conversation.item.input_audio_transcription.delta':
      return { type: 'caller-words', itemId: data.item_id, delta: data.delta };
    case 'conversation.item.input_audio_transcription.completed':
      return { type: 'caller-text', itemId: data.item_id, text: data.transcript };
    case 'conversation.item.input_audio_transcription.failed':
      return { type: 'caller-text-failed', itemId: data.item_id };
    case 'response.created':
      return { type: 'answer-started', responseId: data.response.id };
    case 'response.output_audio_transcript.delta':
      return { type: 'answer-words', responseId: data.response_id, itemId: data.item_id, delta: data.delta };
    case 'response.output_audio_transcript.done':
      return { type: 'answer-text', responseId: data.response_id, itemId: data.item_id, text: data.transcript };
    case 'response.done': {
      const { response } = data;
      const reason = response.status_details?.reason ?? response.status_details?.error?.code ?? response.status_details?.error?.message;
      return {
        type: 'answer-done',
        responseId: response.id,
        status: response.status,
        ...(reason && { reason }),
        toolCalls: response.output.filter((output) => output !== null).map((call) => ({ callId: call.call_id, name: call.name, arguments: call.arguments })),
        usage: response.usage ? toUsage(response.usage) : null,
      };
    }
  }
}

const toUsage = ({ input_token_details: input, output_token_details: output }: z.infer<typeof usage>): VoiceUsage => ({
  inputTextTokens: input?.text_tokens ?? 0,
  inputAudioTokens: input?.audio_tokens ?? 0,
  cachedTokens: input?.cached_tokens ?? 0,
  cachedAudioTokens: input?.cached_tokens_details?.audio_tokens,
  outputTextTokens: output?.text_tokens ?? 0,
  outputAudioTokens: output?.audio_tokens ?? 0,
});
