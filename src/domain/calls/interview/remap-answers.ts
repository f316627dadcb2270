import { z } from 'zod';
import type { TenantDb } from '../../../db/tenant.ts';
import type { Clock } from '../../../kit/clock.ts';
import { ok, type Result, refuse } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/logger.ts';
import type { TextModel } from '../../../ports/text-model.ts';
import { readAnswer } from '../../surveys/read-answer.ts';
import { frozenSurvey, questionsOf } from '../../surveys/survey.ts';
import type { PriceList } from '../costs/pricing.ts';
import { recordTextUsage } from '../costs/record-costs.ts';
import { reactionOf } from './record-answer.ts';

export interface RemapScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly textModel: TextModel | null;
  readonly config: { readonly prices: PriceList };
}

export interface Remapped {
  readonly looked: number;
  readonly changed: number;
  /** More wait: ask again. */
  readonly more: boolean;
}

/** In one request; whoever has more asks again. */
const MOST = 200;
const AT_ONCE = 4;
const names = z.array(z.string());

/**
 * Reads answers that were left to a person once more, from the words as they were said: after better options, or with a
 * model that was away. What was understood stays as it is. Values are those of the questions as they were asked.
 *
 * @returns how many were looked at and how many are understood now; NOT_FOUND.
 */
export async function remapAnswers(
  scope: RemapScope,
  { surveyId, after }: { surveyId: string; after: string | null },
): Promise<Result<Remapped & { cursor: string | null }>> {
  const { db } = scope;
  const survey = await db.survey.findFirst({ where: { id: surveyId } });
  if (!survey) return refuse('NOT_FOUND', 'There is no such survey.', ['input', 'surveyId']);
  const open = await db.surveyAnswer.findMany({
    where: { status: { in: ['NEEDS_REVIEW', 'REASKED'] }, response: { surveyId }, ...(after !== null && { id: { gt: after } }) },
    include: {
      response: {
        include: { campaign: { select: { frozenSurvey: true } }, contact: { select: { timeZone: true } }, workspace: { select: { timeZone: true } } },
      },
    },
    orderBy: { id: 'asc' },
    take: MOST + 1,
  });
  const page = open.slice(0, MOST);
  let changed = 0;
  for (let at = 0; at < page.length; at += AT_ONCE) {
    const done = await Promise.all(page.slice(at, at + AT_ONCE).map((answer) => remap(answer)));
    changed += done.filter(Boolean).length;
  }
  return ok({ looked: page.length, changed, more: open.length > MOST, cursor: page.at(-1)?.id ?? null });

  async function remap(answer: (typeof open)[number]): Promise<boolean> {
    const { response } = answer;
    const questions = response.campaign ? frozenSurvey.parse(response.campaign.frozenSurvey).questions : questionsOf(survey ?? { questions: [] });
    const question = questions.find(({ key }) => key === answer.questionKey);
    if (!question) return false;
    const clock = { now: () => answer.answeredAt };
    const timeZone = response.contact.timeZone ?? response.workspace.timeZone;
    const { mapping, usage } = await readAnswer(scope, question, reactionOf({ clock }, { timeZone }, { words: answer.raw }, 2));
    if (usage) await recordTextUsage(scope, { callId: answer.callId, key: `remap:${answer.id}:${scope.clock.now().getTime()}`, usage });
    if (mapping.status === 'REASKED' || mapping.status === 'NEEDS_REVIEW' || mapping.repeat) return false;
    const { status, confidence, method } = mapping;
    // Somebody else may have been faster, or the person has answered meanwhile.
    const { count } = await db.surveyAnswer.updateMany({
      where: { id: answer.id, status: answer.status, raw: answer.raw },
      data: { status, confidence, method, mapped: names.parse([...mapping.mapped]) },
    });
    return count > 0;
  }
}
