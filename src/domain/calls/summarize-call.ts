import { z } from 'zod';
import { transact } from '../../db/transaction.ts';
import type { Logger } from '../../kit/logger.ts';
import { type TextModel, TextModelError } from '../../ports/text-model.ts';
import { spokenTime } from '../bookings/wording.ts';
import type { CallScope } from './advance-call.ts';
import type { PriceList } from './costs/pricing.ts';
import { recordTextUsage } from './costs/record-costs.ts';
import { callPlan } from './plan.ts';
import { isOver } from './state.ts';
import { type CallSummary, INTENT_CHARACTERS, SUMMARY_CHARACTERS, SUMMARY_SCHEMA, summarizeByRules, summaryInstructions } from './summary-rules.ts';
import { transcriptText } from './transcript-text.ts';

export interface SummarizeScope extends CallScope {
  readonly logger: Logger;
  readonly textModel: TextModel | null;
  readonly config: { readonly prices: PriceList };
}

/** A long call's beginning and end tell what it was about. */
const TRANSCRIPT_CHARACTERS = 40_000;

const written = z.object({ intent: z.string().trim().min(1), summary: z.string().trim().min(1) });

/**
 * Writes what a call was about and what came of it, once: by the text model, or from what was done in it where there is
 * none, or none that answers. A call that was never answered has nothing to tell.
 *
 * @param last whether nobody asks again: then the rules write it.
 * @returns `later` where the model is away and it is to be tried again.
 */
export async function summarizeCall(
  scope: SummarizeScope,
  { callId }: { callId: string },
  { last }: { last: boolean },
  signal?: AbortSignal,
): Promise<'done' | 'later'> {
  const workspaceId = scope.db.$workspaceId;
  const call = await readCall(scope, callId);
  if (!call || call.summary !== null || !isOver(call.status) || !call.answeredAt) return 'done';
  const facts = factsOf(call, scope.clock.now());
  const summary = facts.said.length === 0 ? summarizeByRules(facts) : await byModel(scope, call, { last }, signal);
  if (summary === 'later') return 'later';
  const { intent, summary: text } = summary ?? summarizeByRules(facts);
  await transact(scope, async (tx, emit) => {
    const data = { intent: intent.slice(0, INTENT_CHARACTERS), summary: text.slice(0, SUMMARY_CHARACTERS), version: { increment: 1 } };
    const { count } = await tx.call.updateMany({ where: { id: callId, workspaceId, summary: null }, data });
    if (count === 0) return;
    const { version } = await tx.call.findUniqueOrThrow({ where: { id: callId, workspaceId }, select: { version: true } });
    emit({ type: 'CallChanged', workspaceId, callId, version });
  });
  return 'done';
}

const readCall = ({ db }: CallScope, callId: string) =>
  db.call.findFirst({
    where: { id: callId },
    include: {
      turns: { orderBy: { sequence: 'asc' } },
      toolCalls: { where: { status: 'SUCCEEDED' }, orderBy: { startedAt: 'asc' } },
      messages: { orderBy: { createdAt: 'asc' } },
      bookings: { where: { status: 'CONFIRMED' }, orderBy: { createdAt: 'asc' } },
    },
  });

type ReadCall = NonNullable<Awaited<ReturnType<typeof readCall>>>;

function factsOf(call: ReadCall, now: Date) {
  const { turns, toolCalls, messages, bookings } = call;
  return {
    direction: call.direction,
    callerName: bookings[0]?.customerName ?? messages.find(({ callerName }) => callerName)?.callerName ?? null,
    tools: toolCalls.filter(({ result }) => !isRefusal(result)).map(({ name }) => name),
    booked: bookings.map(({ startsAt, timeZone }) => spokenTime(startsAt, timeZone, now)),
    messages,
    transferred: call.transferredTo !== null,
    said: turns.filter(({ speaker }) => speaker === 'CALLER').map(({ text }) => text),
  };
}

/** A tool that answered and did not do it says so. */
const isRefusal = (result: string | null): boolean => /"(?:booked|moved|canceled|taken|transferring)":false/.test(result ?? '');

async function byModel(scope: SummarizeScope, call: ReadCall, { last }: { last: boolean }, signal?: AbortSignal): Promise<CallSummary | null | 'later'> {
  const { textModel, logger } = scope;
  if (!textModel) return null;
  const { language, businessName: business } = callPlan.parse(call.plan);
  // A tag in what was said closes nothing.
  const transcript = shortened(transcriptText(call.turns).replaceAll('<', '‹'));
  try {
    const request = {
      instructions: summaryInstructions({ language, business }),
      text: `<transcript>\n${transcript}\n</transcript>`,
      name: 'call_summary',
      schema: SUMMARY_SCHEMA,
    };
    const { value, usage } = await textModel.extract(request, signal);
    await recordTextUsage(scope, { callId: call.id, key: 'summary', usage });
    const read = written.safeParse(value);
    if (read.success) return read.data;
    logger.warn({ callId: call.id }, 'the text model wrote a summary that is none');
    return last ? null : 'later';
  } catch (error) {
    if (!(error instanceof TextModelError)) throw error;
    logger.warn({ callId: call.id, code: error.code, kind: error.kind, reason: error.message }, 'the text model wrote no summary');
    return error.kind === 'refused' || last ? null : 'later';
  }
}

function shortened(text: string): string {
  if (text.length <= TRANSCRIPT_CHARACTERS) return text;
  const half = TRANSCRIPT_CHARACTERS / 2;
  return `${text.slice(0, half).toWellFormed()}\n[…]\n${text.slice(-half).toWellFormed()}`;
}
