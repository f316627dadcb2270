import { transact } from '../../../db/transaction.ts';
import { newId } from '../../../kit/ids.ts';
import { interviewLines } from '../../surveys/interview-lines.ts';
import type { Interview } from '../../surveys/interview-plan.ts';
import { suitsLater } from '../../surveys/more-cues.ts';
import { question } from '../../surveys/question.ts';
import { readAnswer } from '../../surveys/read-answer.ts';
import { lockCall } from '../lock-call.ts';
import { readConsent } from '../recording/spoken-consent.ts';
import { askNext, findResponse, type InterviewReply, lastWords, stepOf } from './interview.ts';
import type { InterviewScope } from './interview-scope.ts';
import { type Heard, reactionOf, settle } from './record-answer.ts';

const MAY_BEGIN = question.parse({ key: 'may-begin', title: 'May I ask you some questions now?', kind: 'SINGLE_CHOICE', options: ['Yes', 'No'] });

/** Whether they have agreed in this call: only then is anything asked. */
export async function hasBegun({ db, callId }: InterviewScope, interview: Interview): Promise<boolean> {
  return (await findResponse(db, db.$workspaceId, callId, interview))?.callId === callId;
}

/**
 * Takes the answer to the question whether it suits. Whoever agrees is asked the first question, or the one at which the
 * last call broke off; whoever does not, or stays unclear when asked again, is left in peace.
 *
 * @param attempt the how-manieth answer to it, from 1.
 */
export async function beginInterview(scope: InterviewScope, interview: Interview, heard: Heard, attempt: number): Promise<InterviewReply> {
  const { language } = interview.survey;
  const lines = interviewLines(language);
  // Somebody who has no time is called again: at the time that they name, or as somebody with whom a call broke off.
  if (suitsLater(heard.words)) return attempt === 1 ? { say: lines.whenBetter, question: '0', ends: false } : lastWords(lines.refused);
  const plain = readConsent(heard.words, [language]);
  if (plain === 'yes') return agreed(scope, interview);
  if (plain === 'no') return declineInterview(scope, interview);
  const { mapping, usage } = await readAnswer(scope, MAY_BEGIN, reactionOf(scope, interview, heard, Math.min(attempt, 2)));
  if (usage) scope.spent(usage);
  if (mapping.repeat || mapping.status === 'REASKED' || (mapping.status === 'SKIPPED' && attempt === 1))
    return { say: lines.mayBegin, question: '0', ends: false };
  if (mapping.status !== 'VALID' || mapping.mapped[0] !== 'Yes') return declineInterview(scope, interview);
  return agreed(scope, interview);
}

/** They want no questions: nobody asks them again. */
export async function declineInterview(scope: InterviewScope, { survey }: Interview): Promise<InterviewReply> {
  const workspaceId = scope.db.$workspaceId;
  await transact(scope, async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, scope.callId);
    if (call) await settle(tx, call, 'REFUSED', emit);
  });
  return lastWords(interviewLines(survey.language).refused);
}

async function agreed(scope: InterviewScope, interview: Interview): Promise<InterviewReply> {
  const { callId, clock, db } = scope;
  const workspaceId = db.$workspaceId;
  const { survey, campaignId, contactId, test } = interview;
  return transact(scope, async (tx) => {
    await lockCall(tx, workspaceId, callId);
    const before = await findResponse(tx, workspaceId, callId, interview);
    if (before) await tx.surveyResponse.update({ where: { id: before.id, workspaceId }, data: { callId } });
    else {
      const row = { id: newId(), workspaceId, surveyId: survey.surveyId, campaignId, contactId, callId, test, createdAt: clock.now() };
      await tx.surveyResponse.createMany({ data: [row], skipDuplicates: true });
    }
    return askNext(interview, before?.answers.map(stepOf) ?? [], [interviewLines(survey.language).begins]);
  });
}
