import type { CarrierCallState, CarrierReply, CarrierRequest } from './carrier-webhook.ts';

/**
 * The carrier's own voice and ears, for calls without a realtime model: it says sentences, and posts the words that it
 * recognised, turn by turn. Each reply names the address that is asked next.
 */
export interface CarrierSpeech {
  /** Says something, if anything, and listens: what was heard, or that nothing was, is posted to `heardUrl`. */
  listenReply(reply: ListenReply): CarrierReply;
  /** Says something, if anything, waits, if it is to, and asks `nextUrl`. */
  sayReply(reply: { say: SpokenText | null; waitSeconds: number; nextUrl: string }): CarrierReply;
  /** Says something and records what follows; `recordedUrl` is asked what comes next. */
  recordReply(reply: RecordReply): CarrierReply;
  /** @throws CarrierPayloadError */
  readHeard(request: CarrierRequest): CarrierHeard;
  /** @throws CarrierPayloadError */
  readRecorded(request: CarrierRequest): CarrierRecorded;
}

export interface SpokenText {
  readonly text: string;
  /** BCP 47 */
  readonly language: string;
}

export interface ListenReply {
  readonly say: SpokenText | null;
  /** BCP 47: what it listens for. */
  readonly language: string;
  /** Words that are likely to come: names, mostly. */
  readonly hints: readonly string[];
  /** How long it waits for the first word or key, and for the next key. */
  readonly seconds: number;
  readonly heardUrl: string;
}

export interface RecordReply {
  readonly say: SpokenText;
  readonly maximumSeconds: number;
  readonly recordedUrl: string;
  /** Told when the recording can be fetched. */
  readonly statusUrl: string;
}

export interface CarrierHeard {
  readonly carrierCallId: string;
  readonly state: CarrierCallState;
  /** Empty where nobody said a word that was recognised. */
  readonly words: string;
  /** Keys that were pressed, e.g. `42`. */
  readonly digits: string;
}

export interface CarrierRecorded {
  readonly carrierCallId: string;
  readonly state: CarrierCallState;
  /** Null where nothing was said. */
  readonly carrierRecordingId: string | null;
  readonly durationSeconds: number;
}
