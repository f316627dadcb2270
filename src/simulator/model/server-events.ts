import type { UtteranceUsage } from './usage.ts';

/** The members of a response object that change; the rest is fixed by the session. */
export interface ResponseState {
  readonly id: string;
  readonly status: 'in_progress' | 'completed' | 'cancelled' | 'failed' | 'incomplete';
  readonly reason?: 'turn_detected' | 'client_cancelled' | undefined;
  readonly output: readonly object[];
  readonly usage?: UtteranceUsage | undefined;
  readonly conversationId: string | null;
  readonly modality: 'audio' | 'text';
  readonly audio: { readonly format: object; readonly voice: string };
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** A response as it is shown on the wire. */
export function responseObject(state: ResponseState): Record<string, unknown> {
  const failed = state.status === 'failed' ? { error: { type: 'server_error', code: 'server_error' } } : {};
  const details =
    state.status === 'in_progress' || state.status === 'completed'
      ? {}
      : { status_details: { type: state.status, ...(state.reason && { reason: state.reason }), ...failed } };
  return {
    object: 'realtime.response',
    id: state.id,
    status: state.status,
    ...details,
    output: state.output,
    ...(state.conversationId !== null && { conversation_id: state.conversationId }),
    output_modalities: [state.modality],
    max_output_tokens: 'inf',
    audio: { output: { format: state.audio.format, voice: state.audio.voice } },
    ...(state.usage && { usage: state.usage }),
    ...(state.metadata && { metadata: state.metadata }),
  };
}

/** Limits as the vendor tells them after each answer. */
export const rateLimits = (tokens: number): object[] => [
  { name: 'requests', limit: 1_000, remaining: 999, reset_seconds: 0.06 },
  { name: 'tokens', limit: 200_000, remaining: Math.max(0, 200_000 - tokens), reset_seconds: Math.round(tokens * 0.3) / 1_000 },
];
