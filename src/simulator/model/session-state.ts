import type { SessionUpdate, WireError, WireTool } from './wire.ts';

/** How a session is configured: what the client set, over the vendor's defaults. */
export interface SessionState {
  readonly instructions: string;
  readonly modality: 'audio' | 'text';
  readonly tools: readonly WireTool[];
  readonly toolChoice: NonNullable<SessionUpdate['tool_choice']>;
  readonly input: {
    readonly format: object & { readonly type: string };
    readonly transcription: { readonly model: string; readonly language?: string | undefined; readonly prompt?: string | undefined } | null;
    readonly noiseReduction: object | null;
    readonly turns: Turns | null;
  };
  readonly output: { readonly format: object & { readonly type: string }; readonly voice: string; readonly speed: number };
  readonly maximumTokens: number | 'inf';
}

interface Turns {
  readonly type: 'server_vad' | 'semantic_vad';
  readonly silenceMs: number;
  readonly prefixMs: number;
  readonly createResponse: boolean;
  readonly interruptResponse: boolean;
  /** As the client wrote it, with the defaults. */
  readonly wire: object;
}

const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  create_response: true,
  interrupt_response: true,
} as const;
/** The longest pauses that the vendor names are 2, 4 and 8 seconds; it waits much less after a finished sentence. */
const EAGERNESS_MS = { high: 400, medium: 700, auto: 700, low: 1_500 } as const;
const PCM = { type: 'audio/pcm', rate: 24_000 } as const;

export const initialState: SessionState = {
  instructions: 'You are a helpful assistant. Talk quickly and be concise.',
  modality: 'audio',
  tools: [],
  toolChoice: 'auto',
  input: { format: PCM, transcription: null, noiseReduction: null, turns: turnsOf(SERVER_VAD) },
  output: { format: PCM, voice: 'alloy', speed: 1 },
  maximumTokens: 'inf',
};

export type Updated = { readonly ok: true; readonly state: SessionState } | { readonly ok: false; readonly error: WireError };

/** @param spoken the model has spoken: its voice cannot change any more. */
export function updateState(state: SessionState, update: SessionUpdate, spoken: boolean): Updated {
  const { input, output } = update.audio ?? {};
  if (spoken && output?.voice !== undefined && output.voice !== state.output.voice) {
    const message = 'Cannot update a conversation’s voice if assistant audio is present.';
    return { ok: false, error: { type: 'invalid_request_error', code: 'cannot_update_voice', message, param: null } };
  }
  return {
    ok: true,
    state: {
      instructions: update.instructions ?? state.instructions,
      modality: update.output_modalities?.[0] ?? state.modality,
      tools: update.tools ?? state.tools,
      toolChoice: update.tool_choice ?? state.toolChoice,
      input: {
        format: input?.format ?? state.input.format,
        transcription: input?.transcription === undefined ? state.input.transcription : input.transcription,
        noiseReduction: input?.noise_reduction === undefined ? state.input.noiseReduction : input.noise_reduction,
        turns: input?.turn_detection === undefined ? state.input.turns : input.turn_detection && turnsOf(input.turn_detection),
      },
      output: { format: output?.format ?? state.output.format, voice: output?.voice ?? state.output.voice, speed: output?.speed ?? state.output.speed },
      maximumTokens: update.max_output_tokens ?? state.maximumTokens,
    },
  };
}

/** A session as it is shown on the wire. */
export const sessionObject = (state: SessionState, session: { id: string; model: string; expiresAt: Date }): object => ({
  type: 'realtime',
  object: 'realtime.session',
  id: session.id,
  model: session.model,
  expires_at: Math.floor(session.expiresAt.getTime() / 1_000),
  output_modalities: [state.modality],
  instructions: state.instructions,
  tools: state.tools,
  tool_choice: state.toolChoice,
  max_output_tokens: state.maximumTokens,
  truncation: 'auto',
  tracing: null,
  audio: {
    input: {
      format: state.input.format,
      ...(state.input.transcription && { transcription: state.input.transcription }),
      ...(state.input.noiseReduction && { noise_reduction: state.input.noiseReduction }),
      turn_detection: state.input.turns?.wire ?? null,
    },
    output: state.output,
  },
});

function turnsOf(given: NonNullable<NonNullable<NonNullable<SessionUpdate['audio']>['input']>['turn_detection']>): Turns {
  const createResponse = given.create_response ?? true;
  const interruptResponse = given.interrupt_response ?? true;
  if (given.type === 'semantic_vad') {
    const eagerness = given.eagerness ?? 'auto';
    const wire = { type: 'semantic_vad', eagerness, create_response: createResponse, interrupt_response: interruptResponse };
    return { type: 'semantic_vad', silenceMs: EAGERNESS_MS[eagerness], prefixMs: 300, createResponse, interruptResponse, wire };
  }
  const wire = { ...SERVER_VAD, ...given };
  return { type: 'server_vad', silenceMs: wire.silence_duration_ms, prefixMs: wire.prefix_padding_ms, createResponse, interruptResponse, wire };
}
