/**
 * What has happened, told after the transaction that made it true: the only way in which a domain reaches a later
 * one. Reactions become jobs (jobs/reactions.ts), and live views are woken (realtime/project.ts).
 */
export type DomainEvent =
  /** A call's row changed. `version` grows by one with each change. */
  | { readonly type: 'CallChanged'; readonly workspaceId: string; readonly callId: string; readonly version: number }
  /** A call reached its terminal state; told once. */
  | { readonly type: 'CallEnded'; readonly workspaceId: string; readonly callId: string }
  /** What the carrier did is not known: a dial or a hang-up got no answer. It has to be asked. */
  | { readonly type: 'CallUncertain'; readonly workspaceId: string; readonly callId: string }
  /** A turn's row was written or completed. */
  | { readonly type: 'TurnRecorded'; readonly workspaceId: string; readonly callId: string; readonly sequence: number }
  /** Words are being spoken: told to live views alone, with the whole text so far. */
  | {
      readonly type: 'TurnSpoken';
      readonly workspaceId: string;
      readonly callId: string;
      readonly sequence: number;
      readonly speaker: 'CALLER' | 'ASSISTANT';
      readonly text: string;
      readonly startedAt: Date;
      readonly audioMs: number;
      readonly heardMs: number;
    }
  /** No bridge holds the call any more and all its turns are written. */
  | { readonly type: 'CallReleased'; readonly workspaceId: string; readonly callId: string }
  | { readonly type: 'MessageTaken'; readonly workspaceId: string; readonly callId: string; readonly messageId: string }
  | { readonly type: 'BookingChanged'; readonly workspaceId: string; readonly assistantId: string; readonly bookingId: string }
  /** A sign-in ended: its sockets are closed. */
  | { readonly type: 'SessionEnded'; readonly sessionId: string };
