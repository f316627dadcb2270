import { z } from 'zod';
import type { TenantDb } from '../../../db/tenant.ts';
import type { Prisma, SurveyAnswer } from '../../../generated/prisma/client.ts';
import { askWords } from '../../surveys/ask-words.ts';
import { type Place, placeOf, type Step } from '../../surveys/interview.ts';
import { interviewLines } from '../../surveys/interview-lines.ts';
import type { Interview } from '../../surveys/interview-plan.ts';

/** What an interview says next. */
export interface InterviewReply {
  readonly say: string;
  /** The number of the question that is asked now; null when the call ends. */
  readonly question: string | null;
  readonly ends: boolean;
}

/** The response to which a call's answers belong, with its steps in order; null before they have agreed for the first time. */
export async function findResponse(tx: TenantDb | Prisma.TransactionClient, workspaceId: string, callId: string, { campaignId, contactId }: Interview) {
  const where = campaignId === null ? { workspaceId, callId } : { workspaceId, campaignId, contactId };
  return tx.surveyResponse.findFirst({ where, include: { answers: { orderBy: { step: 'asc' } } } });
}

const values = z.array(z.string());

export const stepOf = ({ step, questionKey, raw, mapped, status, attempts, awaitsMore }: SurveyAnswer): Step => ({
  step,
  questionKey,
  raw,
  mapped: values.parse(mapped),
  status,
  attempts,
  awaitsMore,
});

/** The question that stands next, behind what has to be said before it; or thanks where there is none. */
export function askNext({ survey }: Interview, steps: readonly Step[], before: readonly (string | null)[] = []): InterviewReply {
  return askAt(survey.language, placeOf(survey, steps), before);
}

export function askAt(language: string, place: Place, before: readonly (string | null)[] = []): InterviewReply {
  const lines = interviewLines(language);
  const first = before.filter((words) => words !== null);
  if (place.type === 'over') return { say: [...first, lines.thanks].join(' '), question: null, ends: true };
  const asked = place.soFar.length > 0 ? lines.others : askWords(place.question, language);
  return { say: [...first, asked].join(' '), question: String(place.step), ends: false };
}

/** The last words of a call. */
export const lastWords = (say: string): InterviewReply => ({ say, question: null, ends: true });
