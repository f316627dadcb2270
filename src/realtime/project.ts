import { commandsTopicName, type DomainEvent } from '../events.ts';
import { unreachable } from '../kit/errors.ts';
import type { BusMessage } from '../ports/event-bus.ts';
import {
  bookingsTopic,
  callsTopic,
  callTopic,
  campaignContactsTopic,
  campaignTopic,
  message,
  messagesTopic,
  sessionTopic,
  slotsTopic,
  transcriptTopic,
  usageTopic,
} from './topics.ts';

/** Which live views a domain event wakes. */
export function project(event: DomainEvent): BusMessage[] {
  switch (event.type) {
    case 'CallChanged': {
      const payload = { callId: event.callId, version: event.version };
      return [message(callTopic(event.callId), payload), message(callsTopic(event.workspaceId), payload)];
    }
    case 'CallCommanded':
      return [{ topic: commandsTopicName, payload: JSON.stringify(event.callId) }];
    case 'CallEnded':
    case 'CallUncertain':
    case 'RecordingReady':
    case 'MessageRecorded':
      return [];
    case 'TurnRecorded':
      return [message(transcriptTopic(event.callId), { type: 'recorded', sequence: event.sequence })];
    case 'TurnSpoken': {
      const { sequence, speaker, text, startedAt, audioMs, heardMs } = event;
      const payload = { type: 'speaking' as const, sequence, speaker, text, startedAt: startedAt.toISOString(), audioMs, heardMs };
      return [message(transcriptTopic(event.callId), payload)];
    }
    case 'CallReleased':
      return [message(transcriptTopic(event.callId), { type: 'over' })];
    case 'MessageTaken':
      return [message(messagesTopic(event.workspaceId), { id: event.messageId })];
    case 'BookingChanged':
      return [message(bookingsTopic(event.workspaceId), { id: event.bookingId })];
    case 'SlotsChanged': {
      const { workspaceId, assistantId, days } = event;
      return [message(slotsTopic, { workspaceId, assistantId, days: [...days] })];
    }
    case 'NumberUnwanted':
    case 'SurveyResponseRecorded':
    case 'CallScheduled':
    case 'WorkspaceCreated':
    case 'CalendarConnected':
    case 'CalendarLost':
    case 'CalendarDisconnected':
    case 'PaymentTold':
      return [];
    case 'SubscriptionChanged':
    case 'UsageChanged':
      return [message(usageTopic(event.workspaceId), { id: event.workspaceId })];
    case 'CampaignContactChanged': {
      const { campaignId, campaignContactId } = event;
      return [message(campaignTopic(campaignId), { id: campaignId }), message(campaignContactsTopic(campaignId), { id: campaignContactId })];
    }
    case 'CampaignChanged':
      return [message(campaignTopic(event.campaignId), { id: event.campaignId })];
    case 'CampaignStarted':
    case 'CampaignCompleted':
      return [];
    case 'SessionEnded':
      return [message(sessionTopic(event.sessionId), { id: event.sessionId })];
    default:
      return unreachable(event);
  }
}
