import { transact } from '../../../db/transaction.ts';
import type { DomainEvent } from '../../../events.ts';
import type { Call, Prisma } from '../../../generated/prisma/client.ts';
import { newId } from '../../../kit/ids.ts';
import type { Mapping, Reaction } from '../../surveys/answer.ts';
import { readBack } from '../../surveys/ask-words.ts';
import { joined, type Place, placeBefore, placeOf, type Step } from '../../surveys/interview.ts';
import { interviewLines } from '../../surveys/interview-lines.ts';
import type { Interview } from '../../surveys/interview-plan.ts';
import { hasNamedAll } from '../../surveys/more-cues.ts';
import { takesSeveral } from '../../surveys/question.ts';
import { readAnswer } from '../../surveys/read-answer.ts';
import { verdictChange } from '../call-verdict.ts';
import { lockCall } from '../lock-call.ts';
import type { Verdict } from '../progress.ts';
import { askAt, askNext, findResponse, type InterviewReply, lastWords, stepOf } from './interview.ts';
import type { InterviewScope } from './interview-scope.ts';
import { heardOptOut, takeOptOut } from './opt-out.ts';

/** What was said to a question, as the model passes it on. */
export interface Heard {
  /** The number of the question that it answers. */
  readonly question: string;
  /** Their own words, or the keys. */
  readonly words: string;
  /** The last turn by then. */
  readonly afterSequence: number;
}

/** Decided without reading the words: they pass the question, or all of them. */
export type Passed = 'skip' | 'refuse' | 'whole_survey';

type Asking = Extract<Place, { type: 'asks' }>;

/**
 * Takes what somebody said to the question that was asked: reads it, stores it, and tells what to say next. Told again, it
 * changes nothing and asks what stands next. Somebody who answers the question before once more corrects it.
 */
export async function recordAnswer(scope: InterviewScope, interview: Interview, heard: Heard, passed: Passed | null = null): Promise<InterviewReply> {
  const { db, callId } = scope;
  const response = await findResponse(db, db.$workspaceId, callId, interview);
  if (response?.callId !== callId) throw new Error('an answer came before the interview had begun');
  const steps = response.answers.map(stepOf);
  const { survey } = interview;
  const last = response.answers.at(-1);
  const repeated = last && last.callId === callId && last.turnSequence === heard.afterSequence && last.raw === heard.words;
  const place = placeOf(survey, steps);
  if (repeated) return askAt(survey.language, place, last.status === 'REASKED' ? [interviewLines(survey.language).again] : []);
  const asked = whichQuestion(interview, steps, place, heard.question);
  if (!asked) return askAt(survey.language, place);

  const reaction = reactionOf(scope, interview, heard, asked.attempt);
  const { mapping, usage } = passed
    ? { mapping: passing(passed), usage: null }
    : asked.soFar.length > 0 && hasNamedAll(heard.words)
      ? { mapping: named(asked.soFar), usage: null }
      : await readAnswer(scope, asked.question, reaction);
  if (usage) scope.spent(usage);
  return store(scope, interview, { heard, asked, mapping, corrects: asked.step < (place.type === 'asks' ? place.step : steps.length + 1) });
}

/** The question that the words answer: the one that is asked, or, to be corrected, the one before it. Null: neither. */
function whichQuestion({ survey }: Interview, steps: readonly Step[], place: Place, question: string): Asking | null {
  const number = /^\d+$/.test(question.trim()) ? Number(question) : null;
  if (place.type === 'asks' && (number === null || number === place.step)) return place;
  const before = steps.length > 0 ? placeBefore(survey, steps) : null;
  return before?.type === 'asks' && before.step === number ? { ...before, attempt: 1, soFar: [] } : null;
}

export function reactionOf(
  { clock }: { clock: { now(): Date } },
  { timeZone }: Pick<Interview, 'timeZone'>,
  { words }: Pick<Heard, 'words'>,
  attempt: number,
): Reaction {
  const keys = /^\W*pressed\W+((?:[\d*#]\W*)+)$/i.exec(words)?.[1] ?? /^[\d*#][\d*# ]*$/.exec(words.trim())?.[0];
  const now = Temporal.Instant.fromEpochMilliseconds(clock.now().getTime()).toZonedDateTimeISO(timeZone);
  return { words: keys ? keys.replace(/[^\d]/g, '') : words, input: keys && /pressed/i.test(words) ? 'keypad' : 'speech', attempt, now };
}

const named = (mapped: readonly string[]): Mapping => ({ status: 'VALID', mapped, method: 'SYNONYM', confidence: 0.9 });
const passing = (passed: Passed): Mapping => ({
  status: passed === 'skip' ? 'SKIPPED' : 'REFUSED',
  mapped: [],
  method: 'MODEL',
  confidence: 1,
  ...(passed === 'whole_survey' && { endsSurvey: true }),
});

interface Read {
  readonly heard: Heard;
  readonly asked: Asking;
  readonly mapping: Mapping;
  readonly corrects: boolean;
}

async function store(scope: InterviewScope, interview: Interview, read: Read): Promise<InterviewReply> {
  const { callId, clock } = scope;
  const workspaceId = scope.db.$workspaceId;
  const { survey } = interview;
  const lines = interviewLines(survey.language);
  return transact(scope, async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, callId);
    const response = await findResponse(tx, workspaceId, callId, interview);
    if (!call || !response) throw new Error(`the call ${callId} is gone`);
    const steps = response.answers.map(stepOf);
    const now = placeOf(survey, steps);
    const { asked, mapping, corrects } = read;
    // Somebody was faster: two answers at once to one question.
    const stands = corrects ? steps.at(-1)?.step === asked.step : now.type === 'asks' && now.step === asked.step && now.attempt === asked.attempt;
    if (!stands) return askAt(survey.language, now);
    const optOut = heardOptOut({ direction: call.direction }, read.heard.words);
    if (optOut) await takeOptOut(tx, call, optOut, clock.now(), emit);
    // Said instead of an answer; one that was given in the same breath is kept.
    if (optOut && mapping.status !== 'VALID') return lastWords(lines.optedOut);
    // Heard wrong or unclear, what they had said before stays.
    if (mapping.repeat || (corrects && mapping.status === 'REASKED')) return askAt(survey.language, mapping.repeat ? asked : now);
    const written = writtenStep(read, steps.at(-1));
    const row = {
      questionKey: asked.question.key,
      raw: written.raw.slice(0, 4_000),
      mapped: [...written.mapped],
      confidence: mapping.confidence,
      method: mapping.method,
      status: written.status,
      attempts: asked.attempt,
      awaitsMore: written.awaitsMore,
      callId,
      turnSequence: read.heard.afterSequence,
      answeredAt: clock.now(),
    };
    const key = { responseId_step: { responseId: response.id, step: asked.step } };
    await tx.surveyAnswer.upsert({
      where: { ...key, workspaceId },
      create: { ...row, id: newId(), workspaceId, responseId: response.id, step: asked.step },
      update: row,
    });
    if (optOut) return lastWords(lines.optedOut);
    if (mapping.endsSurvey) {
      await settle(tx, call, 'REFUSED', emit);
      return lastWords(lines.refused);
    }
    const after = [
      ...steps.filter(({ step }) => step < asked.step),
      { step: asked.step, questionKey: asked.question.key, ...written, attempts: asked.attempt },
    ];
    const reply = askNext(interview, after, [
      ...(written.status === 'REASKED' ? [lines.again] : []),
      written.status === 'VALID' ? readBack(asked.question, written.mapped, survey.language) : null,
    ]);
    if (reply.ends) await complete(tx, { call, interview, responseId: response.id, now: clock.now() }, emit);
    return reply;
  });
}

/** What is stored of an answer. Options that were named stay named, whatever is said when they are asked for others. */
function writtenStep({ heard, asked, mapping }: Read, last: Step | undefined): Pick<Step, 'raw' | 'mapped' | 'status' | 'awaitsMore'> {
  const { question, soFar } = asked;
  if (soFar.length > 0) {
    const more = mapping.status === 'VALID' ? mapping.mapped : [];
    return { raw: `${last?.raw ?? ''} / ${heard.words}`, mapped: joined(question, soFar, more), status: 'VALID', awaitsMore: false };
  }
  const { status, mapped } = mapping;
  const open = status === 'VALID' && takesSeveral(question) && mapped.length < question.options.length && !mapped.some(meansNone);
  return { raw: heard.words, mapped: status === 'VALID' ? mapped : [], status, awaitsMore: open };
}

const meansNone = (option: string): boolean =>
  /^(?:none|nothing|no one|nobody|neither|not any|all|everything|keine?s?|nichts|ninguno|nada|aucune?|rien)\b/i.test(option);

interface Completion {
  readonly call: Call;
  readonly interview: Interview;
  readonly responseId: string;
  readonly now: Date;
}

async function complete(tx: Prisma.TransactionClient, { call, interview, responseId, now }: Completion, emit: (event: DomainEvent) => void): Promise<void> {
  const { workspaceId, id: callId } = call;
  const { count } = await tx.surveyResponse.updateMany({ where: { id: responseId, workspaceId, complete: false }, data: { complete: true, completedAt: now } });
  await settle(tx, call, 'COMPLETED', emit);
  const { campaignId, survey } = interview;
  if (count > 0) emit({ type: 'SurveyResponseRecorded', workspaceId, surveyId: survey.surveyId, campaignId, responseId, callId });
}

/** Writes what the call has come to. */
export async function settle(tx: Prisma.TransactionClient, call: Call, verdict: Verdict, emit: (event: DomainEvent) => void): Promise<void> {
  const { workspaceId, id: callId } = call;
  const change = verdictChange(call, verdict);
  if (!change) return;
  const { version } = await tx.call.update({ where: { id: callId, workspaceId }, data: { ...change, version: { increment: 1 } } });
  emit({ type: 'CallChanged', workspaceId, callId, version });
}
