import type { DomainEvent } from '../events.ts';
import type { JobQueue, SqlTransaction } from '../ports/job-queue.ts';
import { chargeCallJob, chargeKey, keepRecordedMessageJob, mailMessageJob, messageKey, recordedKey, summarizeCallJob, summaryKey } from './after-call.ts';
import { bookingKey, followBookingJob, mailLostCalendarJob, revokeConsentJob, syncCalendarJob, syncKey } from './calendar.ts';
import { reconcileCallJob, reconcileKey } from './calls.ts';
import { attemptKey, campaignKey, runCampaignJob, settleAttemptJob } from './campaigns.ts';
import { applyPaymentsJob, paymentsKey, reportSecondsJob } from './payments.ts';
import { giveBackNumberJob, numberKey } from './phone-lines.ts';
import { openSubscriptionJob } from './plans.ts';
import { fetchRecordingJob, recordingKey } from './recordings.ts';
import { placeScheduledCallJob, scheduledKey } from './scheduled-calls.ts';

export interface Reaction {
  readonly job: string;
  readonly data: object;
  /** At most one waiting job has this key. */
  readonly key: string;
  readonly startAfter?: Date;
}

/** What follows from what has happened. */
export function reactionsTo(event: DomainEvent): Reaction[] {
  switch (event.type) {
    case 'WorkspaceCreated': {
      const { workspaceId } = event;
      return [{ job: openSubscriptionJob.name, data: { workspaceId }, key: `open:${workspaceId}` }];
    }
    case 'CallUncertain': {
      const { workspaceId, callId } = event;
      return [{ job: reconcileCallJob.name, data: { workspaceId, callId, attempt: 1 }, key: reconcileKey(callId) }];
    }
    case 'CallEnded': {
      const { workspaceId, callId } = event;
      return [
        { job: chargeCallJob.name, data: { workspaceId, callId, attempt: 1 }, key: chargeKey(callId) },
        { job: reportSecondsJob.name, data: { workspaceId, callId }, key: `seconds:${callId}` },
      ];
    }
    case 'CallReleased': {
      const { workspaceId, callId, assistantId } = event;
      return [
        { job: summarizeCallJob.name, data: { workspaceId, callId, attempt: 1 }, key: summaryKey(callId) },
        ...(assistantId === null ? [{ job: settleAttemptJob.name, data: { workspaceId, callId }, key: attemptKey(callId) }] : []),
      ];
    }
    case 'MessageTaken': {
      const { workspaceId, messageId } = event;
      return [{ job: mailMessageJob.name, data: { workspaceId, messageId }, key: messageKey(messageId) }];
    }
    case 'MessageRecorded': {
      const { workspaceId, callId, carrierRecordingId, durationSeconds } = event;
      const data = { workspaceId, callId, carrierRecordingId, durationSeconds, attempt: 1 };
      return [{ job: keepRecordedMessageJob.name, data, key: recordedKey(carrierRecordingId) }];
    }
    case 'RecordingReady': {
      const { workspaceId, recordingId } = event;
      return [{ job: fetchRecordingJob.name, data: { workspaceId, recordingId, attempt: 1 }, key: recordingKey(recordingId) }];
    }
    case 'PaymentTold': {
      const { vendor, subject } = event;
      return [{ job: applyPaymentsJob.name, data: { vendor, subject, attempt: 1 }, key: paymentsKey(vendor, subject) }];
    }
    case 'BookingChanged': {
      const { workspaceId, bookingId } = event;
      return [{ job: followBookingJob.name, data: { workspaceId, bookingId }, key: bookingKey(bookingId) }];
    }
    case 'CalendarConnected': {
      const { workspaceId, linkId } = event;
      return [{ job: syncCalendarJob.name, data: { workspaceId, linkId }, key: syncKey(linkId) }];
    }
    case 'CalendarLost': {
      const { workspaceId, linkId } = event;
      return [{ job: mailLostCalendarJob.name, data: { workspaceId, linkId }, key: `lost:${linkId}` }];
    }
    case 'CalendarDisconnected': {
      const { linkId, accountId, refreshToken } = event;
      return [{ job: revokeConsentJob.name, data: { linkId, accountId, refreshToken }, key: `revoke:${linkId}` }];
    }
    case 'NumberUnwanted': {
      const { carrierNumberId } = event;
      return [{ job: giveBackNumberJob.name, data: { carrierNumberId }, key: numberKey(carrierNumberId) }];
    }
    case 'CampaignChanged': {
      const { workspaceId, campaignId } = event;
      return [{ job: runCampaignJob.name, data: { workspaceId, campaignId }, key: campaignKey(campaignId) }];
    }
    case 'CallScheduled': {
      const { workspaceId, scheduledCallId, at } = event;
      return [{ job: placeScheduledCallJob.name, data: { workspaceId, scheduledCallId }, key: scheduledKey(scheduledCallId), startAfter: at }];
    }
    default:
      return [];
  }
}

/** Enqueues what follows from the events, in the transaction that made them true. */
export async function react(jobs: JobQueue, events: readonly DomainEvent[], transaction: SqlTransaction): Promise<void> {
  for (const { job, data, ...options } of events.flatMap(reactionsTo)) await jobs.enqueue(job, data, { transaction, ...options });
}
