import { transact } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import { SECOND } from '../../../kit/time.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { callScope } from '../advance-call.ts';
import { carrierUrls } from '../carrier-urls.ts';
import { lockCall } from '../lock-call.ts';
import { callPlan } from '../plan.ts';
import type { GatherScope } from './gather-scope.ts';
import { GATHER_FACTS, noteFact } from './gather-turns.ts';
import { ownSentence, spoken } from './gather-voice.ts';
import { assistantTurn, sayTurn } from './reply-gather.ts';
import { thinkGather } from './think-gather.ts';

/** How long the carrier is kept waiting for an answer before the caller hears something; and then, time after time. */
const FIRST_WAIT_MS = 1_200;
const NEXT_WAIT_MS = 3 * SECOND;
const LOOK_EVERY_MS = 200;
/** Asked for an answer so often, some four seconds apart, there is none to be had. */
const MOST_TRIES = 9;

/**
 * Answers the turn `after`: says the turn behind it as soon as there is one. While it is thought about, here or in
 * another process, the caller is told to wait, and the carrier asks again.
 *
 * @param tries how often the answer was asked for before: 0 right after the caller has spoken.
 */
export async function answerGather(scope: GatherScope, call: Call, { after, tries }: { after: number; tries: number }): Promise<CarrierReply> {
  const step = tries === 0 ? 'heard' : 'next';
  const there = await sayTurn(scope, call, after, step);
  if (there) return there;
  // Nobody found an answer in all this time: a message is better than silence.
  const thinking = thinkGather(tries >= MOST_TRIES ? { ...scope, textModel: null } : scope, call, after);
  using patience = wait(scope, tries === 0 ? FIRST_WAIT_MS : NEXT_WAIT_MS);
  await Promise.race([thinking, patience.over]);
  for (;;) {
    const answer = await sayTurn(scope, call, after, step);
    if (answer) return answer;
    if (patience.isOver()) return keepWaiting(scope, call, { after, tries });
    await Promise.race([scope.clock.sleep(LOOK_EVERY_MS), patience.over]);
  }
}

/** The first time a sentence is said over the wait; unless the answer has come just now, which then begins without it. */
async function keepWaiting(scope: GatherScope, { id, workspaceId }: Call, { after, tries }: { after: number; tries: number }): Promise<CarrierReply> {
  const { carrier, config, clock } = scope;
  const filler = await transact(callScope(scope, workspaceId), async (tx) => {
    const call = await lockCall(tx, workspaceId, id);
    if (!call || tries > 0 || (await assistantTurn(tx, call, after))) return null;
    await noteFact(tx, call, GATHER_FACTS.filler(after), clock.now());
    const { language } = callPlan.parse(call.plan);
    return spoken(ownSentence(language, 'oneMoment'), language);
  });
  const nextUrl = carrierUrls(config.publicUrl, carrier.path, id).gather({ step: 'next', after, tries: tries + 1 });
  return carrier.speech.sayReply({ say: filler, waitSeconds: filler ? 0 : 1, nextUrl });
}

function wait({ clock }: Pick<GatherScope, 'clock'>, ms: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let passed = false;
  const timer = clock.after(ms, () => {
    passed = true;
    resolve();
  });
  return { over: promise, isOver: () => passed, [Symbol.dispose]: () => timer.cancel() };
}
