import { z } from 'zod';
import { callTopicName } from '../events.ts';
import type { BusMessage } from '../ports/event-bus.ts';

/** A topic of the bus with the schema of what is said on it. Payloads carry ids and small deltas: the rows are read again. */
export interface Topic<T> {
  readonly name: string;
  readonly payload: z.ZodType<T>;
}

export type CallMessage = z.infer<typeof callMessage>;
const callMessage = z.object({ callId: z.string(), version: z.int() });

export type TranscriptMessage = z.infer<typeof transcriptMessage>;
const transcriptMessage = z.discriminatedUnion('type', [
  /** A turn's row was written or completed: read from there. */
  z.object({ type: z.literal('recorded'), sequence: z.int() }),
  /** Words still being spoken; the whole text so far, so that a lost message costs nothing. */
  z.object({
    type: z.literal('speaking'),
    sequence: z.int(),
    speaker: z.enum(['CALLER', 'ASSISTANT']),
    text: z.string(),
    startedAt: z.iso.datetime(),
    audioMs: z.int(),
    heardMs: z.int(),
  }),
  /** No turn will follow. */
  z.object({ type: z.literal('over') }),
]);

const idMessage = z.object({ id: z.string() });
const idsMessage = z.object({ id: z.string().nullable() });
/** One row changed, or, without an id, many at once. */
export type IdsMessage = z.infer<typeof idsMessage>;
export type IdMessage = z.infer<typeof idMessage>;

export type SlotsMessage = z.infer<typeof slotsMessage>;
const slotsMessage = z.object({ workspaceId: z.string(), assistantId: z.string(), days: z.array(z.string()) });

/** Changes of one call. */
export const callTopic = (callId: string): Topic<CallMessage> => ({ name: callTopicName(callId), payload: callMessage });
/** Changes of every call of a workspace. */
export const callsTopic = (workspaceId: string): Topic<CallMessage> => ({ name: `calls:${workspaceId}`, payload: callMessage });
export const transcriptTopic = (callId: string): Topic<TranscriptMessage> => ({ name: `transcript:${callId}`, payload: transcriptMessage });
export const messagesTopic = (workspaceId: string): Topic<IdMessage> => ({ name: `messages:${workspaceId}`, payload: idMessage });
export const bookingsTopic = (workspaceId: string): Topic<IdMessage> => ({ name: `bookings:${workspaceId}`, payload: idMessage });
/** What a workspace has used or may use has changed. */
export const usageTopic = (workspaceId: string): Topic<IdMessage> => ({ name: `usage:${workspaceId}`, payload: idMessage });
/** Days on which what is free has changed, of all workspaces: for processes, which keep what they have read. */
export const slotsTopic: Topic<SlotsMessage> = { name: 'slots', payload: slotsMessage };
/** That a campaign has moved on. */
export const campaignTopic = (campaignId: string): Topic<IdMessage> => ({ name: `campaign:${campaignId}`, payload: idMessage });
/** Changes of people's places in a campaign. */
export const campaignContactsTopic = (campaignId: string): Topic<IdsMessage> => ({ name: `campaign-contacts:${campaignId}`, payload: idsMessage });
/** Ends of one sign-in. */
export const sessionTopic = (sessionId: string): Topic<IdMessage> => ({ name: `session:${sessionId}`, payload: idMessage });

export const message = <T>(topic: Topic<T>, payload: T): BusMessage => ({ topic: topic.name, payload: JSON.stringify(payload) });
