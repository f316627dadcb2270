import type { z } from 'zod';
import { transact } from '../../../db/transaction.ts';
import { resolveSpokenTime } from '../../bookings/spoken/spoken-time.ts';
import { timeQuestion } from '../../bookings/spoken/time-question.ts';
import { spokenTime } from '../../bookings/wording.ts';
import { interviewLines } from '../../surveys/interview-lines.ts';
import type { Interview } from '../../surveys/interview-plan.ts';
import { recordTextUsage } from '../costs/record-costs.ts';
import { callPlan } from '../plan.ts';
import type { ToolContext, ToolOutput } from '../tools/tool-actions.ts';
import { beginInterview, declineInterview, hasBegun } from './begin-interview.ts';
import { type InterviewReply, lastWords } from './interview.ts';
import type { INTERVIEW_TOOLS } from './interview-arguments.ts';
import type { InterviewScope } from './interview-scope.ts';
import { recordAnswer } from './record-answer.ts';

type ArgumentsOf<Name extends keyof typeof INTERVIEW_TOOLS> = z.output<(typeof INTERVIEW_TOOLS)[Name]['arguments']>;

const PASSED = { no_answer: 'skip', refused: 'refuse', whole_survey: 'whole_survey' } as const;

/** Takes what they said to a question, or to the question whether it suits. */
export const takeAnswer = (context: ToolContext, given: ArgumentsOf<'record_answer'>): Promise<ToolOutput> =>
  inInterview(context, async (scope, interview) => {
    const heard = { ...given, afterSequence: context.afterSequence };
    if (await hasBegun(scope, interview)) return recordAnswer(scope, interview, heard);
    const tries = await context.db.toolCall.count({ where: { callId: context.callId, name: 'record_answer', status: 'SUCCEEDED' } });
    return beginInterview(scope, interview, heard, tries + 1);
  });

/** Passes a question, or all that are left. */
export const skipQuestion = (context: ToolContext, given: ArgumentsOf<'skip_question'>): Promise<ToolOutput> =>
  inInterview(context, async (scope, interview) => {
    if (!(await hasBegun(scope, interview))) return declineInterview(scope, interview);
    return recordAnswer(scope, interview, { ...given, afterSequence: context.afterSequence }, PASSED[given.reason]);
  });

/** Takes down when they are to be called again, on their own clock, and ends the call. */
export const scheduleCallback = (context: ToolContext, { when }: ArgumentsOf<'schedule_callback'>): Promise<ToolOutput> =>
  inInterview(context, async (scope, { timeZone, survey }) => {
    const { clock, callId, db } = scope;
    const now = clock.now();
    const { startsAt, reason } = resolveSpokenTime(when, { now, timeZone });
    if (!startsAt) return { say: timeQuestion(reason, when, { now, timeZone }), question: null, ends: false };
    await transact(scope, (tx) => tx.attempt.updateMany({ where: { workspaceId: db.$workspaceId, callId }, data: { callbackAt: startsAt } }));
    return lastWords(interviewLines(survey.language).callback(spokenTime(startsAt, timeZone, now)));
  });

async function inInterview(context: ToolContext, act: (scope: InterviewScope, interview: Interview) => Promise<InterviewReply>): Promise<ToolOutput> {
  const { db, clock, events, callId, modelCallId, logger, textModel, prices } = context;
  const { plan } = await db.call.findFirstOrThrow({ where: { id: callId }, select: { plan: true } });
  const { interview } = callPlan.parse(plan);
  if (!interview) return { error: 'NO_SURVEY', say: 'There is no survey in this call.' };
  const spent: InterviewScope['spent'] = (usage) => {
    if (!prices) return;
    // What it cost is told later rather than somebody kept waiting.
    void recordTextUsage({ db, clock, config: { prices } }, { callId, key: `answer:${modelCallId}`, usage }).catch((error: unknown) =>
      logger.error({ err: error, callId }, 'a cost was not recorded'),
    );
  };
  return { ...(await act({ db, clock, events, logger, textModel, callId, spent }, interview)) };
}
