/**
 * A realtime voice model: it hears the caller, decides when a turn ends, and speaks.
 *
 * One connection is one conversation. Audio in both directions is base64 text of 8 kHz µ-law, passed
 * through as the bytes in which it came, so that a bridge never decodes what both ends speak alike.
 * The model makes speech faster than it is played: what the caller has heard is the bridge's to know,
 * and it tells the model by `truncate`.
 */
export interface VoiceModel {
  readonly name: string;
  /** After this the vendor closes a connection, whatever is being said. */
  readonly longestSessionMs: number;
  /** Opens a conversation. Never throws and never rejects: `ready` or `closed` tells how it went. */
  open(setup: VoiceSetup, handlers: VoiceHandlers): VoiceConnection;
}

/** What the model is before the first word. */
export interface VoiceSetup {
  readonly instructions: string;
  /** The model's own voice name, e.g. `marin`. */
  readonly voice: string;
  /** BCP 47; a hint for the transcription of the caller. Null where they may speak one of several. */
  readonly language: string | null;
  readonly tools: readonly VoiceTool[];
  /** What was said before, when a call goes on over a new connection. */
  readonly history: readonly VoiceHistoryItem[];
}

export interface VoiceTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type VoiceHistoryItem =
  | { readonly type: 'caller' | 'assistant'; readonly text: string }
  /** Nobody said it: the business lets the model know. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'tool-call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'tool-result'; readonly callId: string; readonly output: string };

export interface VoiceHandlers {
  /** Speech of an answer: base64 bytes, valid only during the call (a view of the received frame). */
  audio(responseId: string, itemId: string, base64: Buffer): void;
  event(event: VoiceEvent): void;
}

export type VoiceEvent =
  /** The conversation is configured; audio and commands are taken from here on. */
  | { readonly type: 'ready' }
  /** `itemId` is the caller turn that begins; `atMs` counts the audio sent on this connection. */
  | { readonly type: 'speech-started'; readonly itemId: string; readonly atMs: number }
  | { readonly type: 'speech-stopped'; readonly itemId: string; readonly atMs: number }
  /** Words of the caller as they are recognised; they may come after the answer has begun. */
  | { readonly type: 'caller-words'; readonly itemId: string; readonly delta: string }
  | { readonly type: 'caller-text'; readonly itemId: string; readonly text: string }
  | { readonly type: 'caller-text-failed'; readonly itemId: string }
  | { readonly type: 'answer-started'; readonly responseId: string }
  | { readonly type: 'answer-words'; readonly responseId: string; readonly itemId: string; readonly delta: string }
  | { readonly type: 'answer-text'; readonly responseId: string; readonly itemId: string; readonly text: string }
  | {
      readonly type: 'answer-done';
      readonly responseId: string;
      readonly status: 'completed' | 'cancelled' | 'incomplete' | 'failed';
      /** The vendor's reason when not completed. */
      readonly reason?: string;
      readonly toolCalls: readonly VoiceToolCall[];
      readonly usage: VoiceUsage | null;
    }
  /** Something was refused or failed; the conversation goes on. */
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  /** The connection is gone; nothing follows. */
  | { readonly type: 'closed'; readonly reason: string };

export interface VoiceToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON text as the model wrote it; not checked. */
  readonly arguments: string;
}

/** Tokens of one answer; cached tokens are part of the input tokens. */
export interface VoiceUsage {
  readonly inputTextTokens: number;
  readonly inputAudioTokens: number;
  readonly cachedTokens: number;
  /** How many of the cached ones were audio, where the model says. */
  readonly cachedAudioTokens?: number | undefined;
  readonly outputTextTokens: number;
  readonly outputAudioTokens: number;
}

export type VoiceCommand =
  /** Begin an answer; with instructions they replace the session's for this answer alone. */
  | { readonly type: 'answer'; readonly instructions?: string; readonly withoutTools?: boolean }
  | { readonly type: 'cancel' }
  /** The caller heard only this much of the item. */
  | { readonly type: 'truncate'; readonly itemId: string; readonly heardMs: number }
  /** Something that is not heard: what the caller does (a key that is pressed), or what the business lets the model know. No answer begins by itself. */
  | { readonly type: 'tell'; readonly from: 'caller' | 'business'; readonly text: string }
  /** BCP 47: what the caller speaks from now on, for the transcription. */
  | { readonly type: 'language'; readonly language: string }
  /** A call that an earlier connection made, before its result is told. */
  | { readonly type: 'tool-call'; readonly callId: string; readonly name: string; readonly arguments: string }
  /** `output` is JSON text. No answer begins by itself. */
  | { readonly type: 'tool-result'; readonly callId: string; readonly output: string };

export interface VoiceConnection {
  /** Caller audio, in order. The bytes are copied before the call returns. */
  sendAudio(base64: Buffer): void;
  /** No more audio comes: what the caller was saying is a whole turn, and its words are still told. */
  endAudio(): void;
  send(command: VoiceCommand): void;
  /** What is written and not yet on its way: a growing number means that the model no longer reads. */
  readonly bufferedBytes: number;
  /** Ends the conversation; `closed` follows. */
  close(): void;
  /** Drops a connection that no longer answers; `closed` follows with this reason. */
  abandon(reason: string): void;
}
