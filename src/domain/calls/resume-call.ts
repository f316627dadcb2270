import type { CarrierVoiceRequest } from '../../ports/carrier.ts';
import type { CarrierReply } from '../../ports/carrier-webhook.ts';
import { advanceCall, callScope } from './advance-call.ts';
import type { AnswerScope } from './answer-call.ts';
import { carrierUrls } from './carrier-urls.ts';
import { connectCall } from './connect-call.ts';
import { findCall } from './find-call.ts';
import { callPlan } from './plan.ts';
import { resumption } from './resume.ts';
import { carrierSentence } from './sentences.ts';
import { isOver } from './state.ts';
import { ringPerson } from './transfer/ring-person.ts';

/**
 * Answers the carrier's question what comes next after a call's media socket is gone: the end, if we wanted it; a
 * person, if it is to be put through; else another bridge, after a wait where none was to be had; and an apology when that goes on for too long.
 */
export async function resumeCall(
  scope: AnswerScope,
  { voice, callId, attempt, held }: { voice: CarrierVoiceRequest; callId: string; attempt: number; held: number },
): Promise<CarrierReply> {
  const { carrier } = scope;
  const call = await findCall(scope.root, { carrierCallId: voice.carrierCallId, callId });
  if (!call || call.id !== callId || isOver(call.status) || call.endReason) return carrier.hangUpReply();

  const transfer = await ringPerson(scope, call);
  if (transfer) return transfer;
  const next = resumption({ attempt, held, bridges: call.bridgeCount, engine: call.engine, canGather: true });
  switch (next.type) {
    case 'connect':
      return connectCall(scope, call, next.attempt);
    case 'wait':
      return carrier.waitReply({
        seconds: next.seconds,
        resumeUrl: carrierUrls(scope.config.publicUrl, carrier.path, call.id).resume(next.attempt, call.bridgeCount),
      });
    case 'gather': {
      const { db } = callScope(scope, call.workspaceId);
      const engine = 'GATHER' as const;
      return connectCall(scope, await db.call.update({ where: { id: callId }, data: { engine } }), next.attempt);
    }
    case 'give-up':
      scope.logger.error({ callId, bridges: call.bridgeCount }, 'no bridge could be had for a live call');
      await advanceCall(callScope(scope, call.workspaceId), { callId, event: 'given-up' });
      return carrier.hangUpReply(carrierSentence(callPlan.parse(call.plan).language, ({ apology }) => apology));
  }
}
