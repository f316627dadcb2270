import type { CallPlan } from './plan.ts';
import type { RecordingDecision } from './recording/recording.ts';

/** A call as a bridge takes it: its plan, and what was said and done before, if another bridge held it. */
export interface ClaimedCall {
  readonly callId: string;
  readonly workspaceId: string;
  /** This claim of the call; a later claim makes it void. */
  readonly bridgeId: string;
  readonly plan: CallPlan;
  /** How many bridges have held the call, this one included. */
  readonly bridgeCount: number;
  readonly answeredAt: Date;
  readonly known: CallKnowledge;
  /** In order; all complete. */
  readonly turns: readonly TurnRecord[];
  /** In order. One without a result was cut off with its bridge: it did not happen as far as the model is told. */
  readonly toolCalls: readonly ToolCallRecord[];
}

/** What earlier bridges, or the carrier, have found out about a call. */
export interface CallKnowledge {
  /** What picked up: see the row. */
  readonly answeredBy: string | null;
  /** The other side has heard that an automated assistant is calling. */
  readonly disclosed: boolean;
  readonly voicemailLeft: boolean;
  readonly recordingDecision: RecordingDecision | null;
  /** Why nobody took the call that was just to be put through; null where that is not the last that happened. */
  readonly failedTransfer: string | null;
}

/** What a bridge finds out about a call, to be kept at once. */
export type CallNote =
  | { readonly type: 'disclosed' }
  | { readonly type: 'voicemail-left' }
  | { readonly type: 'answered-by'; readonly answeredBy: 'screener' | 'human' }
  /** They want no more calls. */
  | { readonly type: 'opted-out'; readonly by: 'speech' | 'keypad'; readonly evidence: string }
  | { readonly type: 'recording'; readonly decision: RecordingDecision; readonly evidence: string };

/** One turn of the conversation, as it is stored. */
export interface TurnRecord {
  readonly sequence: number;
  readonly speaker: 'CALLER' | 'ASSISTANT' | 'SYSTEM';
  /** All that was said or, by the assistant, generated. */
  readonly text: string;
  /** What the other side had heard; equals `text` unless interrupted. */
  readonly heardText: string;
  readonly interrupted: boolean;
  /** False while the words are still being spoken. */
  readonly complete: boolean;
  readonly startedAt: Date;
  readonly audioMs: number;
  readonly heardMs: number;
}

export interface ToolCallRecord {
  readonly modelCallId: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
  /** JSON text. */
  readonly result: string | null;
  readonly afterSequence: number;
}

/** Why a bridge let go of a call. */
export type BridgeEnding =
  /** We ended it, with the reason: the carrier hangs up when it asks what comes next. */
  | { readonly type: 'ended'; readonly reason: 'assistant-ended' | 'silence' | 'maximum-duration' | 'plan-limit' | 'voicemail' | 'fax' | 'opted-out' }
  /** The call is put through to a person: the carrier rings them when it asks what comes next. */
  | { readonly type: 'transfer' }
  /** The carrier ended the stream: the caller hung up, or the carrier's status will say what happened. */
  | { readonly type: 'carrier-stopped' }
  /** The bridge gives up or is stopped: the call goes on with another one. */
  | {
      readonly type: 'handed-over';
      readonly reason: string /** The voice model is out of reach: by speech gather from here on. */;
      readonly withoutModel?: true;
    };
