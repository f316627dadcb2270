import { callPlanFor } from '../../src/domain/calls/plan-call.ts';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
import type { Call, Prisma } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, LINE } from './call-app.ts';
import { callSid } from './twilio-webhook.ts';

export const ENDED_SID = callSid('ended');

/** A call of 90 seconds that is over, with what was said in turn, the caller first. */
export async function endedCall(
  app: CallApp,
  { said = [], ...more }: { said?: readonly string[] } & Partial<Prisma.CallUncheckedCreateInput> = {},
): Promise<Call> {
  const now = app.clock.now();
  const call = await app.root.call.create({
    data: {
      id: newId(),
      workspaceId: app.workspace.id,
      assistantId: app.assistant.id,
      direction: 'INBOUND',
      status: 'ENDED',
      outcome: 'COMPLETED',
      carrier: 'TWILIO',
      carrierCallId: ENDED_SID,
      from: '+12025550142',
      to: LINE,
      plan: storedPlan(callPlanFor(app.assistant, app.workspace, 'INBOUND')),
      createdAt: now,
      answeredAt: now,
      endedAt: now,
      durationSeconds: 90,
      bridgeCount: 1,
      ...more,
    },
  });
  for (const [index, text] of said.entries()) {
    const speaker = index % 2 === 0 ? ('CALLER' as const) : ('ASSISTANT' as const);
    const turn = { id: newId(), workspaceId: app.workspace.id, callId: call.id, sequence: index + 1, speaker, text, heardText: text, startedAt: now };
    await app.root.transcriptTurn.create({ data: { ...turn, audioMs: speaker === 'CALLER' ? 2_400 : 0 } });
  }
  return call;
}
