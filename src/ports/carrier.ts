import type { CarrierNumbers } from './carrier-numbers.ts';
import type { CarrierRecording, CarrierRecordings } from './carrier-recordings.ts';
import type { CarrierSpeech } from './carrier-speech.ts';
import type { CarrierTransfers } from './carrier-transfers.ts';
import type { CarrierCallState, CarrierReply, CarrierRequest } from './carrier-webhook.ts';

/**
 * A telephone carrier: it places and ends calls at our request, and tells us by webhooks what happens to them.
 */
export interface Carrier {
  /** Whose calls these are; simulated ones say so, though they come by another carrier's protocol. */
  readonly name: CarrierName;
  /** How it stands in our addresses, e.g. `twilio` in /webhooks/twilio/voice and /media/twilio. */
  readonly path: string;
  readonly recordings: CarrierRecordings;
  readonly numbers: CarrierNumbers;
  readonly speech: CarrierSpeech;
  readonly transfers: CarrierTransfers;
  /**
   * Asks the carrier to ring a number. The carriers know no idempotency keys: record the intent before the
   * request leaves, and after a `CarrierUncertain` look with `findCalls` before asking again.
   *
   * @throws CarrierRejected the carrier said no: nothing rings.
   * @throws CarrierUncertain no clear answer came: it may ring.
   */
  placeCall(request: PlaceCarrierCall): Promise<CarrierCall>;
  /** Hangs up. A call that is over already is no error. @throws CarrierRejected | CarrierUncertain */
  endCall(carrierCallId: string): Promise<void>;
  /** The call as the carrier sees it, or null where it knows none. @throws CarrierUncertain */
  fetchCall(carrierCallId: string): Promise<CarrierCall | null>;
  /** Calls from and to these numbers that began at or after `since`, newest first. @throws CarrierUncertain */
  findCalls(query: { from: string; to: string; since: Date }): Promise<CarrierCall[]>;

  /** Whether the request carries the carrier's signature over our public address. */
  isAuthentic(request: CarrierRequest): boolean;
  /** Whether the upgrade of a media socket carries the carrier's signature over our public media address. */
  isAuthenticStream(request: Pick<CarrierRequest, 'headers'>): boolean;
  /** A new inbound call, or an outbound one that was answered. @throws CarrierPayloadError */
  readVoice(request: CarrierRequest): CarrierVoiceRequest;
  /** @throws CarrierPayloadError */
  readStatus(request: CarrierRequest): CarrierStatus;
  /** What picked up an outbound call. @throws CarrierPayloadError */
  readAnswerer(request: CarrierRequest): CarrierAnswerer;
  /** What became of a recording. @throws CarrierPayloadError */
  readRecording(request: CarrierRequest): CarrierRecording;

  /** Joins the call to a media socket; when that socket is gone the carrier asks `resumeUrl` what to do. */
  connectReply(reply: { mediaUrl: string; token: string; resumeUrl: string }): CarrierReply;
  /** Waits, then asks `resumeUrl` again. */
  waitReply(reply: { seconds: number; resumeUrl: string }): CarrierReply;
  /** Says a sentence, if any, and hangs up. */
  hangUpReply(reply?: { say: string; language: string }): CarrierReply;
}

export type CarrierName = 'TWILIO' | 'LIVEKIT' | 'VOXIMPLANT' | 'SIMULATED';

export interface PlaceCarrierCall {
  /** E.164 */
  readonly to: string;
  readonly from: string;
  /** Asked when the call is answered; its reply decides what happens. */
  readonly answerUrl: string;
  readonly statusUrl: string;
  /** Told what has picked up, while the call goes on; of a machine when one may speak to it. Null: nobody wants to know. */
  readonly answererUrl: string | null;
  /** How long it may ring. */
  readonly ringSeconds: number;
  /** The carrier hangs up by itself after this time, whatever happens to us. */
  readonly maximumSeconds: number;
}

/** What a carrier says of a call, in our words. */
export interface CarrierCall {
  readonly carrierCallId: string;
  readonly state: CarrierCallState;
  /** The carrier's reason, where it gives one. */
  readonly reason?: string;
  readonly startedAt?: Date;
  /** Answered time in whole seconds, of a completed call. */
  readonly durationSeconds?: number;
  /** What the carrier took for it, once it knows. */
  readonly price?: CarrierPrice;
}

export interface CarrierPrice {
  /** Millionths of the currency. */
  readonly micros: number;
  /** ISO 4217 */
  readonly currency: string;
}

export interface CarrierVoiceRequest {
  readonly carrierCallId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly from: string;
  readonly to: string;
  readonly state: CarrierCallState;
}

export interface CarrierStatus extends CarrierCall {
  /** The same for every delivery of one event: what deduplicates. */
  readonly eventKey: string;
  /** When it happened, by the carrier's clock. */
  readonly at: Date | null;
}

/** What picked up. `machine`: an answering machine whose greeting is over. */
export interface CarrierAnswerer {
  readonly carrierCallId: string;
  readonly answeredBy: 'human' | 'machine' | 'fax' | 'unknown';
}

/** The carrier refused; the call was not placed or changed. */
export class CarrierRejected extends Error {
  override readonly name = 'CarrierRejected';
  /** The carrier's own code, e.g. `21211`. */
  readonly code: string;
  /** What it means for this number: `invalid-number` is never dialed again. */
  readonly kind: 'invalid-number' | 'not-permitted' | 'busy-account' | 'configuration' | 'other';

  constructor(message: string, code: string, kind: CarrierRejected['kind'], cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.kind = kind;
  }
}

/** The request may or may not have been carried out. */
export class CarrierUncertain extends Error {
  override readonly name = 'CarrierUncertain';
}

/** A webhook that is signed and yet not readable. */
export class CarrierPayloadError extends Error {
  override readonly name = 'CarrierPayloadError';
}
