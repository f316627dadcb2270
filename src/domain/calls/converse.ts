import type { Call } from '../../generated/prisma/client.ts';
import { retry } from '../../kit/retry.ts';
import { SECOND } from '../../kit/time.ts';
import { type TextAnswer, type TextItem, type TextModel, TextModelError } from '../../ports/text-model.ts';
import { todayLine } from '../assistants/prompt.ts';
import { callScope } from './advance-call.ts';
import { conversation } from './conversation.ts';
import { recordTextUsage } from './costs/record-costs.ts';
import { gatherLine } from './gather/gather-rules.ts';
import type { GatherScope } from './gather/gather-scope.ts';
import { ownSentence } from './gather/gather-voice.ts';
import { callPlan } from './plan.ts';
import { carrierSentence } from './sentences.ts';
import { runTool } from './tools/run-tool.ts';
import type { ToolName } from './tools/tools.ts';

/** What the assistant says next, and whether the call is over with it. */
export interface Thought {
  readonly text: string;
  readonly ends: boolean;
}

/** Tools in a row, for one turn of the caller. */
const MOST_ROUNDS = 6;
const ANSWER_MS = 12 * SECOND;
const ATTEMPTS = 2;
const PAUSE_MS = 300;

/** What only a live stream can do. */
const NOT_IN_TURNS: ReadonlySet<string> = new Set<ToolName>(['send_dtmf', 'switch_language']);

/**
 * Asks the text model for the next thing to say, with the tools that it wants on the way, from what is stored of the
 * conversation: whoever goes on after a crash asks the same, and finds in the tools' rows what was done.
 *
 * @throws TextModelError
 */
export async function converse(scope: GatherScope & { readonly textModel: TextModel }, call: Call & { readonly bridgeId: string }): Promise<Thought> {
  const { textModel, clock, logger } = scope;
  const { id: callId, workspaceId } = call;
  const inWorkspace = callScope(scope, workspaceId);
  const plan = callPlan.parse(call.plan);
  const tools = plan.tools.filter(({ name }) => !NOT_IN_TURNS.has(name));
  const instructions = `${plan.instructions}\n\n${gatherLine(plan.language)}\n${todayLine(clock.now(), plan.timeZone)}`;
  const turns = await inWorkspace.db.transcriptTurn.findMany({ where: { callId }, orderBy: { sequence: 'asc' } });
  const toolCalls = await inWorkspace.db.toolCall.findMany({ where: { callId }, orderBy: [{ afterSequence: 'asc' }, { startedAt: 'asc' }] });
  const items: TextItem[] = conversation(turns, toolCalls);
  const afterSequence = turns.at(-1)?.sequence ?? 0;
  const said: string[] = [];
  let ends = false;
  let leaves = false;

  for (let round = 1; round <= MOST_ROUNDS && !ends && !leaves; round++) {
    const answer = await ask(scope, { instructions, items, tools, timeoutMs: ANSWER_MS });
    const usage = { callId, key: `text:${call.bridgeId}:${round}`, usage: answer.usage };
    // What it cost is told later rather than the caller kept waiting; one that is lost keeps no answer back.
    void recordTextUsage({ ...inWorkspace, config: scope.config }, usage).catch((error: unknown) =>
      logger.error({ err: error, callId }, 'a cost was not recorded'),
    );
    if (answer.text) said.push(answer.text);
    if (answer.toolCalls.length === 0) break;
    for (const { callId: modelCallId, name, arguments: given } of answer.toolCalls) {
      const request = { workspaceId, callId, assistantId: plan.assistantId, timeZone: plan.timeZone, modelCallId, name, arguments: given, afterSequence };
      const { output, then, farewell } = await runTool(scope, request, NEVER);
      ends ||= then === 'end-call';
      // A person is rung with the next reply: see reply-gather.ts.
      leaves ||= then === 'transfer';
      if (farewell) said.push(farewell);
      items.push({ type: 'tool-call', callId: modelCallId, name, arguments: given }, { type: 'tool-result', callId: modelCallId, output });
    }
  }
  const text = said.join(' ').replace(/\s+/g, ' ').trim();
  if (text) return { text, ends };
  if (leaves) return { text: carrierSentence(plan.language, ({ puttingThrough }) => puttingThrough).say, ends };
  return { text: ownSentence(plan.language, ends ? 'goodbye' : 'goOn'), ends };

  function ask(from: Pick<GatherScope, 'clock'>, request: Parameters<TextModel['answer']>[0]): Promise<TextAnswer> {
    const again = (error: unknown) => error instanceof TextModelError && error.kind === 'unavailable';
    return retry({ clock: from.clock, attempts: ATTEMPTS, pauseMs: PAUSE_MS, longestPauseMs: SECOND, again }, () => textModel.answer(request));
  }
}

const NEVER = new AbortController().signal;
