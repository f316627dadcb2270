/** Where a carrier asks us about one call. All are signed by the carrier, so that the query cannot be changed on the way. */
export interface CarrierUrls {
  /** A turn of a call that goes by the carrier's own speech. */
  gather(step: GatherStep): string;
  /** The recording of a message that a caller left. */
  readonly message: string;
  readonly answer: string;
  readonly status: string;
  readonly answerer: string;
  readonly recording: string;
  /** @param attempt how many times in a row no bridge was had. @param held how many bridges had held the call when this was said. */
  resume(attempt: number, held: number): string;
  transfer(transferId: string, held: number): TransferUrls;
}

/** Where a carrier asks and tells about one transfer of a call. */
export interface TransferUrls {
  readonly offer: string;
  readonly key: string;
  readonly answered: string;
  readonly done: string;
}

/** Where a call that goes by the carrier's own speech stands. Each question of the carrier's names one, so that it may ask twice. */
export interface GatherStep {
  /** `heard`: what the caller said. `next`: the answer that was not ready. `recorded`: a message was recorded. */
  readonly step: 'heard' | 'next' | 'recorded';
  /** The last turn that there was when the carrier was told to ask. */
  readonly after: number;
  /** For how many seconds nobody has said anything. */
  readonly quiet?: number;
  /** How often the caller was asked whether they are still there. */
  readonly asked?: number;
  /** How often the answer was asked for. */
  readonly tries?: number;
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
    message: `${base}/recording?call=${callId}&message=1`,
    gather: ({ step, after, quiet = 0, asked = 0, tries = 0 }) =>
      `${base}/gather?call=${callId}&step=${step}&after=${after}&quiet=${quiet}&asked=${asked}&tries=${tries}`,
    resume: (attempt, held) => `${base}/resume?call=${callId}&attempt=${attempt}&held=${held}`,
    transfer(transferId, held) {
      const query = `call=${callId}&transfer=${transferId}`;
      return {
        offer: `${base}/voice?${query}`,
        key: `${base}/voice?${query}&keys=1`,
        answered: `${base}/status?${query}`,
        done: `${base}/resume?${query}&attempt=1&held=${held}`,
      };
    },
  };
}
