/** Why a media socket is closed, in one table; the private codes follow HTTP's where one fits. */
export const closeCodes = {
  /** The call is over, or the bridge has let go of it. */
  done: 1000,
  /** The bridge lets go of a call that goes on with another one: the process stops, or the model is out of reach. */
  handedOver: 1012,
  /** A frame that is not of the carrier's protocol. */
  protocol: 4400,
  /** No token, or one that is forged, expired, used before, or of another call. */
  unauthorized: 4401,
  /** No `start` in time. */
  notStarted: 4408,
  /** An error of ours: the carrier asks what comes next, and another bridge is tried. */
  failed: 4500,
} as const;

export type CloseReason = keyof typeof closeCodes;
