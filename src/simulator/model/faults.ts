/** How the model behaves, and its faults on demand. Set them at any time; counts go down as they are used up. */
export interface ModelFaults {
  /** The next connections are refused with 503. */
  refuseConnections: number;
  /** The next connections are accepted and nothing is ever said on them. */
  muteConnections: number;
  /** The next answers begin and then nothing follows, until they are cancelled. */
  silentAnswers: number;
  /** The next answers fail with a server error after this much audio. */
  failAnswersAfterMs: number[];
  /** The socket is cut after this much audio of the next answers. */
  dropAfterMs: number[];
  /** The next function calls have this name or these arguments instead of sensible ones. */
  toolCalls: { name?: string; arguments?: string }[];
  /** The next caller turns cannot be transcribed. */
  failTranscriptions: number;
  /** The next client events are answered with this error code besides being carried out. */
  errors: string[];
  /** The next requests to the text model are answered 503. */
  refuseTexts: number;
  /** The next requests to the text model are answered after so many milliseconds. */
  slowTextsMs: number[];
}

export const noModelFaults = (): ModelFaults => ({
  refuseConnections: 0,
  muteConnections: 0,
  silentAnswers: 0,
  failAnswersAfterMs: [],
  dropAfterMs: [],
  toolCalls: [],
  failTranscriptions: 0,
  errors: [],
  refuseTexts: 0,
  slowTextsMs: [],
});

export interface ModelTiming {
  /** From the end of the caller's turn to the first audio. */
  thinkMs: number;
  /** Audio in one event. */
  deltaMs: number;
  /** How much faster than it is played speech is made. */
  speed: number;
  /** Pieces of a cancelled answer that were already under way. */
  lateDeltas: number;
  /** From the end of the caller's turn to its transcript; larger than `thinkMs`, it comes when the answer has begun. */
  transcriptionMs: number;
  /** A connection is closed after this time. */
  sessionMs: number;
}

export const defaultTiming = (): ModelTiming => ({
  thinkMs: 350,
  deltaMs: 200,
  speed: 4,
  lateDeltas: 1,
  transcriptionMs: 250,
  sessionMs: 60 * 60_000,
});
