import type { Readable } from 'node:stream';

/**
 * Recordings that a carrier makes of calls and keeps until they are fetched: both sides, each in a channel of its own.
 * Beginning one is no idempotent request either: record the intent first, and look with `findRecordings` before asking
 * again.
 */
export interface CarrierRecordings {
  /**
   * Records a call from now on.
   *
   * @param statusUrl is told when the recording can be fetched, or came to nothing.
   * @throws CarrierRejected | CarrierUncertain
   */
  startRecording(request: { carrierCallId: string; statusUrl: string }): Promise<CarrierRecording>;
  /** What was recorded stays. A recording, or a call, that is over already is no error. @throws CarrierRejected | CarrierUncertain */
  stopRecording(recording: { carrierCallId: string; carrierRecordingId: string }): Promise<void>;
  /** All recordings of a call, oldest first. @throws CarrierUncertain */
  findRecordings(carrierCallId: string): Promise<CarrierRecording[]>;
  /**
   * The sound of a recording, or null where the carrier does not have it (yet).
   *
   * @param channels 1 for a message, which is one voice alone; both sides, unless told otherwise.
   * @throws CarrierRejected | CarrierUncertain
   */
  openRecording(carrierRecordingId: string, signal?: AbortSignal, channels?: 1 | 2): Promise<RecordedSound | null>;
  /** Deletes the carrier's copy. One that is gone already is no error. @throws CarrierRejected | CarrierUncertain */
  deleteRecording(carrierRecordingId: string): Promise<void>;
}

export interface CarrierRecording {
  readonly carrierRecordingId: string;
  readonly carrierCallId: string;
  readonly state: 'in-progress' | 'processing' | 'completed' | 'absent';
  /** In whole seconds, of a completed one. */
  readonly durationSeconds?: number;
  /** Why there is none, where the carrier says. */
  readonly reason?: string;
}

export interface RecordedSound {
  readonly mediaType: string;
  readonly body: Readable;
}
