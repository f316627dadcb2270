import type { RootDb } from '../../src/db/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CampaignNode, fillCampaigns } from './world-of-campaigns.ts';

/** One row of everything that a workspace owns, by the name of its type. */
export type World = Readonly<Record<'Assistant' | 'PhoneLine' | 'Call' | 'TranscriptTurn' | 'Message' | 'Booking' | 'ScheduledCall' | CampaignNode, string>>;

/**
 * Fills a workspace.
 *
 * @param mark stands in every text, so that a text says whose it is.
 * @returns the ids of its nodes, as they stand in global ids.
 */
export async function fillWorkspace(root: RootDb, workspaceId: string, mark: string): Promise<World> {
  const now = new Date();
  const assistant = await root.assistant.create({
    data: {
      id: newId(),
      workspaceId,
      name: mark,
      businessName: mark,
      description: mark,
      greeting: mark,
      instructions: mark,
      voice: 'marin',
      tone: 'FRIENDLY',
      language: 'en-US',
      timeZone: 'America/New_York',
      hours: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((day) => ({ day, opens: '00:00', closes: '23:30' })),
      closedDates: ['2030-12-25'],
      specialHours: [{ date: '2030-12-24', opens: '09:00', closes: '12:00' }],
      faqs: [{ question: mark, answer: mark }],
      createdAt: now,
      updatedAt: now,
    },
  });
  const number = () => `+1202555${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`;
  const line = await root.phoneLine.create({
    data: { id: newId(), workspaceId, assistantId: assistant.id, phoneNumber: number(), carrier: 'TWILIO', isPrimary: true, provisionedAt: now },
  });
  const call = await root.call.create({
    data: {
      id: newId(),
      workspaceId,
      assistantId: assistant.id,
      direction: 'INBOUND',
      status: 'IN_PROGRESS',
      carrier: 'TWILIO',
      carrierCallId: mark + newId(),
      intent: mark,
      summary: mark,
      from: '+12025550177',
      to: line.phoneNumber,
      plan: {},
      permit: { granted: true, decidedAt: now.toISOString(), rules: [{ rule: mark, passed: true, evidence: mark }] },
      createdAt: now,
      answeredAt: now,
    },
  });
  const owned = { workspaceId, callId: call.id };
  await root.transcriptTurn.create({ data: { ...owned, id: newId(), sequence: 1, speaker: 'CALLER', text: mark, heardText: mark, startedAt: now } });
  await root.toolCall.create({
    data: {
      ...owned,
      id: newId(),
      modelCallId: mark,
      name: mark,
      arguments: JSON.stringify(mark),
      result: JSON.stringify(mark),
      status: 'SUCCEEDED',
      afterSequence: 1,
      startedAt: now,
    },
  });
  await root.recording.create({
    data: { ...owned, id: newId(), status: 'STORED', consented: true, consentEvidence: mark, blobKey: mark, durationSeconds: 1, bytes: 1, startedAt: now },
  });
  const message = await root.message.create({ data: { ...owned, id: newId(), body: mark, callerName: mark, callbackNumber: '+12025550177', createdAt: now } });
  await root.callCost.create({
    data: { ...owned, id: newId(), item: mark, quantity: 1, unit: mark, amountMicros: 8_500n, source: 'price-list', key: mark, createdAt: now },
  });
  const startsAt = new Date(now.getTime() + 3_600_000);
  const booking = await root.booking.create({
    data: {
      ...owned,
      id: newId(),
      assistantId: assistant.id,
      lane: 0,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 1_800_000),
      blockedUntil: new Date(startsAt.getTime() + 1_800_000),
      timeZone: 'America/New_York',
      customerName: mark,
      details: mark,
      status: 'CONFIRMED',
      createdAt: now,
      updatedAt: now,
    },
  });
  const scheduled = await root.scheduledCall.create({
    data: {
      id: newId(),
      workspaceId,
      assistantId: assistant.id,
      to: '+12025550177',
      at: startsAt,
      status: 'PLACED',
      callId: call.id,
      error: mark,
      createdAt: now,
    },
  });
  const account = { provider: 'GOOGLE', accountId: mark, email: `${mark}@example.com`.toLowerCase(), calendarId: mark };
  const tokens = { refreshToken: mark, accessToken: mark, accessTokenExpiresAt: now };
  await root.calendarLink.create({ data: { id: newId(), workspaceId, ...account, ...tokens, nextSyncAt: now, createdAt: now } });
  return {
    Assistant: assistant.id,
    PhoneLine: line.id,
    Call: call.id,
    TranscriptTurn: `${call.id}-1`,
    Message: message.id,
    Booking: booking.id,
    ScheduledCall: scheduled.id,
    ...(await fillCampaigns(root, { workspaceId, callId: call.id, phoneLineId: line.id }, mark)),
  };
}
