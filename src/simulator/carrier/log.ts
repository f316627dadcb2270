/** What the carrier did and saw, for tests and for people who develop an assistant. */
export interface CarrierLog {
  readonly requests: RestLog[];
  readonly webhooks: WebhookLog[];
  readonly notifications: Notification[];
  readonly calls: CallLog[];
}

export interface RestLog {
  readonly method: string;
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly status: number;
  /** Parameters that the vendor's specification does not have. */
  readonly unknown: readonly string[];
}

export interface WebhookLog {
  readonly kind: 'voice' | 'status' | 'amd' | 'recording';
  readonly callSid: string;
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly idempotencyToken: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly body: string;
  readonly error: string | null;
  readonly at: Date;
  readonly durationMs: number;
}

/** What the vendor shows in its debugger. */
export interface Notification {
  readonly code: number;
  readonly message: string;
  readonly callSid: string;
  readonly at: Date;
}

export type CallStatus = 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

export interface CallLog {
  readonly sid: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  /** The call that has placed it. */
  readonly parentSid: string | null;
  readonly from: string;
  readonly to: string;
  readonly callerKey: string;
  status: CallStatus;
  readonly createdAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  durationSeconds: number | null;
  /** Who ended it: the person, the program's instructions or request, or the carrier (time limit, failure). */
  endedBy: 'person' | 'program' | 'carrier' | null;
  readonly streams: StreamLog[];
  /** What the carrier took them for, where it was to find out. */
  answeredBy: string | null;
  /** Words that reached the person, and what they said. */
  heard: string;
  said: string;
  /** Keys that sounded at the person's ear. */
  keysHeard: string;
}

export interface StreamLog {
  readonly streamSid: string;
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  opened: boolean;
  closedBy: 'carrier' | 'server' | 'failure' | null;
  closeCode: number | null;
  /** Frames of 20 ms that were sent, and media messages and bytes that came. */
  framesSent: number;
  mediaReceived: number;
  bytesReceived: number;
  /** What the person really heard of it, and what `clear` threw away. */
  playedMs: number;
  droppedMs: number;
  clears: number;
  readonly marks: { readonly name: string; readonly cleared: boolean; readonly atMs: number }[];
  /** Present where the lab records: µ-law as it was sent to and received from the program. */
  readonly sentAudio: Buffer[];
  readonly receivedAudio: Buffer[];
}

export const newCarrierLog = (): CarrierLog => ({ requests: [], webhooks: [], notifications: [], calls: [] });
