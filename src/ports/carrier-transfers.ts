import type { CarrierCallState, CarrierReply, CarrierRequest } from './carrier-webhook.ts';

/**
 * Putting a live call through to a person: the carrier rings them while the caller waits, and joins the two.
 *
 * The person may be asked first (`offerUrl`): they hear `offerReply`, and the key that they press is posted to its
 * address; `joinReply` joins them, a hang-up reply turns the call down. When it is over, one way or the other,
 * `doneUrl` is asked what comes next: `readTransfer` tells how it went.
 */
export interface CarrierTransfers {
  transferReply(reply: TransferReply): CarrierReply;
  /** Says something and waits for one key, which is posted to `keyUrl`; hangs up where none is pressed. */
  offerReply(reply: { say: string; language: string; keyUrl: string; waitSeconds: number }): CarrierReply;
  /** The person who was asked is joined with the call. */
  joinReply(): CarrierReply;
  /** Sends a live call to another address, whatever it is doing. @throws CarrierRejected (say, it is over) | CarrierUncertain */
  redirectCall(carrierCallId: string, url: string): Promise<void>;
  /** The keys that the person pressed, or none. @throws CarrierPayloadError */
  readKeys(request: CarrierRequest): string;
  /** @throws CarrierPayloadError */
  readTransfer(request: CarrierRequest): CarrierTransfer;
}

export interface TransferReply {
  /** Said to the caller before it rings; null where they know. */
  readonly say: { readonly say: string; readonly language: string } | null;
  /** E.164 */
  readonly to: string;
  /** The number that is shown to the person: one of ours. */
  readonly callerId: string;
  readonly ringSeconds: number;
  /** The carrier ends it after this time, whatever happens to us. */
  readonly maximumSeconds: number;
  /** Where the person hears what it is about; null: they are joined as soon as they answer. */
  readonly offerUrl: string | null;
  /** Told when the person answers. */
  readonly answeredUrl: string;
  readonly doneUrl: string;
}

export interface CarrierTransfer {
  /** The caller's call, not the one to the person. */
  readonly carrierCallId: string;
  /** Where the caller's call stands: over, where they hung up. */
  readonly state: CarrierCallState;
  /** `answered`: somebody picked up, whether or not they took the call. `unknown`: the carrier does not say it a second time. */
  readonly result: 'answered' | 'busy' | 'no-answer' | 'failed' | 'canceled' | 'unknown';
}
