/** Where a call stands, as a carrier sees it. */
export type CarrierCallState = 'queued' | 'dialing' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';

/** A webhook as it arrived. */
export interface CarrierRequest {
  readonly method: string;
  /** Path and query as requested; the host is the configured public one, never a header's. */
  readonly pathAndQuery: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a carrier is told to do next. */
export interface CarrierReply {
  readonly contentType: string;
  readonly body: string;
}
