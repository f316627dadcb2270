/** Writes down what is said in a recording. */
export interface Transcriber {
  readonly name: string;
  /** @throws TextModelError as the text model does: a recording that cannot be read is `refused`. */
  transcribe(recording: SpokenRecording, signal?: AbortSignal): Promise<Transcription>;
}

export interface SpokenRecording {
  readonly audio: Uint8Array;
  /** E.g. `audio/mpeg`, `audio/wav`. */
  readonly mediaType: string;
  /** BCP 47; a hint. */
  readonly language: string;
}

export interface Transcription {
  /** Empty where nothing was said. */
  readonly text: string;
}
