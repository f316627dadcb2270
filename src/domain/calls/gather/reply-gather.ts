import { tenantDb } from '../../../db/tenant.ts';
import type { Call, Prisma } from '../../../generated/prisma/client.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { carrierUrls, type GatherStep } from '../carrier-urls.ts';
import { callPlan } from '../plan.ts';
import { isOver } from '../state.ts';
import { ringPerson } from '../transfer/ring-person.ts';
import { LISTEN_SECONDS, RECORDING_SECONDS, speechHints } from './gather-rules.ts';
import type { GatherScope } from './gather-scope.ts';
import { GATHER_FACTS, knowsFact, turnsAfter } from './gather-turns.ts';
import { carrierLanguage, ownSentence, spoken, withoutFiller } from './gather-voice.ts';

/** Why a call ends that goes by the carrier's speech: what is said before is its last turn. */
export type GatherEnding = 'assistant-ended' | 'silence' | 'maximum-duration' | 'plan-limit' | 'message-recorded' | 'opted-out';
const ENDINGS: ReadonlySet<string> = new Set<GatherEnding>(['assistant-ended', 'silence', 'maximum-duration', 'plan-limit', 'message-recorded', 'opted-out']);

type Place = Omit<GatherStep, 'step'>;

/**
 * What the carrier is told to say and do, from the rows alone: the assistant's turn behind `after`, and then to listen, to
 * record a message, or to hang up.
 *
 * @param step after `next` the caller has heard a filler, which is not said again.
 * @returns null where there is no such turn yet.
 */
export async function sayTurn(
  scope: GatherScope,
  { id, workspaceId }: Pick<Call, 'id' | 'workspaceId'>,
  after: number,
  step: GatherStep['step'],
): Promise<CarrierReply | null> {
  const { root, carrier, config } = scope;
  const db = tenantDb(root, workspaceId);
  const call = await db.call.findUniqueOrThrow({ where: { id, workspaceId } });
  const ending = call.endReason !== null && ENDINGS.has(call.endReason);
  if (isOver(call.status) || (call.endReason && !ending)) return carrier.hangUpReply();
  const turn = await assistantTurn(db, call, after);
  if (!turn) return null;

  const { language } = callPlan.parse(call.plan);
  const say = spoken(step === 'next' ? withoutFiller(turn.text, language) : turn.text, language);
  if (ending) return carrier.hangUpReply({ say: say.text, language: say.language });
  const transfer = await ringPerson(scope, call, { say: say.text, language: say.language });
  if (transfer) return transfer;
  const urls = carrierUrls(config.publicUrl, carrier.path, call.id);
  if (await knowsFact(db, call, GATHER_FACTS.recording)) {
    const recordedUrl = urls.gather({ step: 'recorded', after: turn.sequence });
    return carrier.speech.recordReply({ say, maximumSeconds: RECORDING_SECONDS, recordedUrl, statusUrl: urls.message });
  }
  const asked = turn.text === ownSentence(language, 'stillThere') ? 1 : 0;
  return listen(scope, call, { after: turn.sequence, asked }, say);
}

/** Listens on without a word, or after one. */
export function listen({ carrier, config }: GatherScope, call: Call, place: Place, say: ReturnType<typeof spoken> | null = null): CarrierReply {
  const plan = callPlan.parse(call.plan);
  const heardUrl = carrierUrls(config.publicUrl, carrier.path, call.id).gather({ ...place, step: 'heard' });
  return carrier.speech.listenReply({ say, language: carrierLanguage(plan.language), hints: speechHints(plan), seconds: LISTEN_SECONDS, heardUrl });
}

/** The assistant's turn that stands right behind `after`. */
export async function assistantTurn(tx: Prisma.TransactionClient, call: Call, after: number) {
  const [turn] = await turnsAfter(tx, call, after);
  return turn?.speaker === 'ASSISTANT' ? turn : null;
}
