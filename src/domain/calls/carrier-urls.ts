/** Where a carrier asks us about one call. All are signed by the carrier, so that the query cannot be changed on the way. */
export interface CarrierUrls {
  readonly answer: string;
  readonly status: string;
  readonly answerer: string;
  readonly recording: string;
  /** @param attempt how many times in a row no bridge was had. @param held how many bridges had held the call when this was said. */
  resume(attempt: number, held: number): string;
}

/**
 * @param publicUrl where the carrier reaches us, without a slash at the end.
 * @param path the carrier's, e.g. `twilio`.
 */
export function carrierUrls(publicUrl: string, path: string, callId: string): CarrierUrls {
  const base = `${publicUrl}/webhooks/${path}`;
  return {
    answer: `${base}/voice?call=${callId}`,
    status: `${base}/status?call=${callId}`,
    answerer: `${base}/amd?call=${callId}`,
    recording: `${base}/recording?call=${callId}`,
    resume: (attempt, held) => `${base}/resume?call=${callId}&attempt=${attempt}&held=${held}`,
  };
}
