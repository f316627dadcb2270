/** Faults of the carrier on demand. Counts go down as they are used up; set them at any time. */
export interface CarrierFaults {
  /** The next REST requests are answered 503. */
  refuseRequests: number;
  /** The next REST requests are carried out, and their answer is lost with the connection. */
  loseAnswers: number;
  /** Every status callback is sent twice, with the same idempotency token. */
  repeatCallbacks: boolean;
  /** Status callbacks of a call are held back until it is over and then sent in reverse order. */
  reverseCallbacks: boolean;
  /** The next status callbacks are never sent. */
  loseCallbacks: number;
  /** The next media sockets break after so many milliseconds of the call. */
  breakStreamsAfterMs: number[];
}

export const noCarrierFaults = (): CarrierFaults => ({
  refuseRequests: 0,
  loseAnswers: 0,
  repeatCallbacks: false,
  reverseCallbacks: false,
  loseCallbacks: 0,
  breakStreamsAfterMs: [],
});
