/** What the model heard, said and was told, for tests and for people who develop an assistant. */
export interface ModelSessionLog {
  readonly id: string;
  readonly model: string;
  readonly openedAt: Date;
  closedAt: Date | null;
  /** How often each client event came. */
  readonly clientEvents: Record<string, number>;
  /** Errors that the client was sent. */
  readonly errors: { readonly code: string; readonly message: string; readonly param: string | null }[];
  /** Bytes of caller audio, after decoding base64. */
  receivedBytes: number;
  /** Present where the lab records. */
  readonly receivedAudio: Buffer[];
  /** What the caller was understood to say, turn by turn. */
  readonly heard: string[];
  readonly answers: AnswerLog[];
  readonly truncations: { readonly itemId: string; readonly audioEndMs: number; readonly producedMs: number; readonly remembered: string }[];
  readonly toolCalls: { readonly name: string; readonly arguments: string; output: string | null; readonly callId: string }[];
}

export interface AnswerLog {
  readonly responseId: string;
  status: 'in_progress' | 'completed' | 'cancelled' | 'failed' | 'incomplete';
  reason: string | null;
  /** All it meant to say, and the audio that was sent of it. */
  readonly text: string;
  producedMs: number;
  /** Sent after the caller had begun to speak. */
  lateMs: number;
}
