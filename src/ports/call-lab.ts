/** Simulated people who call an assistant, so that one can try it with no account, no telephone and no cost. */
export interface CallLab {
  callers(): readonly SimulatedCaller[];
  /**
   * Has one of them call a number of ours.
   *
   * @param ring.to E.164
   * @param ring.callerKey one of `callers()`.
   * @returns the carrier's id of the call, once our webhook has been asked what to do with it: its row exists then.
   * @throws RangeError where nobody has this key.
   */
  ring(ring: { to: string; callerKey: string }): Promise<{ readonly carrierCallId: string }>;
}

export interface SimulatedCaller {
  readonly key: string;
  readonly name: string;
  /** E.164; a call to it reaches them. */
  readonly number: string;
  /** Who they are and what they do. */
  readonly description: string;
}
