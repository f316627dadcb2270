/** On the bus: changes of one call. */
export const callTopicName = (callId: string): string => `call:${callId}`;

/** On the bus: the id of a call of which something is asked, of all workspaces. */
export const commandsTopicName = 'call-commands';

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
  /** Somebody asks something of a live call: its row waits for the bridge. */
  | { readonly type: 'CallCommanded'; readonly workspaceId: string; readonly callId: string }
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
  /** The call is over, no bridge holds it any more, and all that was said is written; told once. `assistantId` is null where a campaign talked. */
  | { readonly type: 'CallReleased'; readonly workspaceId: string; readonly callId: string; readonly assistantId: string | null }
  | { readonly type: 'MessageTaken'; readonly workspaceId: string; readonly callId: string; readonly messageId: string }
  /** A caller left a message as a recording, which the carrier holds. */
  | {
      readonly type: 'MessageRecorded';
      readonly workspaceId: string;
      readonly callId: string;
      readonly carrierRecordingId: string;
      readonly durationSeconds: number;
    }
  | { readonly type: 'BookingChanged'; readonly workspaceId: string; readonly assistantId: string; readonly bookingId: string }
  /** What is free on some days of an assistant is not what it was: a booking or a hold came, moved or went. */
  | { readonly type: 'SlotsChanged'; readonly workspaceId: string; readonly assistantId: string /** `2026-09-03`, UTC. */; readonly days: readonly string[] }
  /** A calendar was linked, in the place of another if there was one. */
  | { readonly type: 'CalendarConnected'; readonly workspaceId: string; readonly linkId: string }
  /** A calendar does not work until its owner does something; told once. */
  | { readonly type: 'CalendarLost'; readonly workspaceId: string; readonly linkId: string }
  /** A link is gone, and the consent behind it is to be given back. `refreshToken` is sealed. */
  | { readonly type: 'CalendarDisconnected'; readonly workspaceId: string; readonly linkId: string; readonly refreshToken: string; readonly accountId: string }
  /** The carrier has a recording that can be fetched. */
  | { readonly type: 'RecordingReady'; readonly workspaceId: string; readonly callId: string; readonly recordingId: string }
  /** A number at the carrier has no place here any more, and is to be given back. */
  | { readonly type: 'NumberUnwanted'; readonly workspaceId: string; readonly carrierNumberId: string }
  /** A call is to be placed at a time. */
  | { readonly type: 'CallScheduled'; readonly workspaceId: string; readonly scheduledCallId: string; readonly at: Date }
  /** Somebody has a workspace of their own. */
  | { readonly type: 'WorkspaceCreated'; readonly workspaceId: string }
  /** What a workspace may use changed: paid, renewed, failed, canceled. `version` grows by one with each change. */
  | { readonly type: 'SubscriptionChanged'; readonly workspaceId: string; readonly version: number }
  /** A payment service told something of one of its customers, payments or purchases: it is stored, and to be acted upon. */
  | { readonly type: 'PaymentTold'; readonly vendor: 'STRIPE' | 'APP_STORE' /** Whom it is about, in the service's words. */; readonly subject: string }
  /** A call was admitted, or its part of the limits was settled or given back. */
  | { readonly type: 'UsageChanged'; readonly workspaceId: string }
  /** Somebody's place in a campaign changed; null where that of many did. */
  | { readonly type: 'CampaignContactChanged'; readonly workspaceId: string; readonly campaignId: string; readonly campaignContactId: string | null }
  /** A campaign began, was paused, goes on or ended, or has room for somebody else. */
  | { readonly type: 'CampaignChanged'; readonly workspaceId: string; readonly campaignId: string }
  /** A campaign began to call people. */
  | { readonly type: 'CampaignStarted'; readonly workspaceId: string; readonly campaignId: string }
  /** Everybody of a campaign is over with, or it was canceled and no call is live; told once. */
  | { readonly type: 'CampaignCompleted'; readonly workspaceId: string; readonly campaignId: string }
  /** Somebody has answered a survey to its end. */
  | {
      readonly type: 'SurveyResponseRecorded';
      readonly workspaceId: string;
      readonly surveyId: string;
      /** Null where no campaign asked. */
      readonly campaignId: string | null;
      readonly responseId: string;
      readonly callId: string;
    }
  /** A sign-in ended: its sockets are closed. */
  | { readonly type: 'SessionEnded'; readonly sessionId: string };
