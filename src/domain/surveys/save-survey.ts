import type { TenantDb } from '../../db/tenant.ts';
import type { Prisma, Survey } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { parseInput } from '../../kit/parse.ts';
import { sectionsOf } from './survey.ts';
import { type NewSurvey, newSurvey, SURVEY_DEFAULTS, type SurveyChange, surveyBody, surveyChange } from './survey-input.ts';

interface SurveyApp {
  readonly db: TenantDb;
  readonly clock: Clock;
}

const noSuchSurvey = () => refuse('NOT_FOUND', 'There is no such survey.', ['input', 'id']);

/** Makes a survey by hand. @returns it, or one INVALID problem for each field that cannot be taken. */
export async function createSurvey({ db, clock }: SurveyApp, input: NewSurvey): Promise<Result<Survey>> {
  const parsed = parseInput(newSurvey, input);
  if (!parsed.ok) return parsed;
  const { title, description, tone, voice, language, instructions, sections, questions } = parsed.value;
  const now = clock.now();
  const row = await db.survey.create({
    data: {
      id: newId(),
      workspaceId: db.$workspaceId,
      title,
      description: description ?? null,
      source: 'MANUAL',
      tone: tone ?? SURVEY_DEFAULTS.tone,
      voice: voice ?? SURVEY_DEFAULTS.voice,
      language: language ?? SURVEY_DEFAULTS.language,
      instructions: instructions ?? null,
      ...storedBody(surveyBody(questions, sections ?? [{ title }], newId)),
      createdAt: now,
      updatedAt: now,
    },
  });
  return ok(row);
}

/**
 * Changes a survey. Campaigns that were launched keep it as it was. The questions of a form are the form's: they change
 * there, and are read again.
 *
 * @returns it, or NOT_FOUND, ILLEGAL_STATE (questions of a form), or one INVALID problem for each field that cannot be taken.
 */
export async function updateSurvey({ db, clock }: SurveyApp, { id, ...input }: { id: string } & SurveyChange): Promise<Result<Survey>> {
  const parsed = parseInput(surveyChange, input);
  if (!parsed.ok) return parsed;
  const { questions, sections, ...words } = parsed.value;
  const survey = await db.survey.findFirst({ where: { id, deletedAt: null } });
  if (!survey) return noSuchSurvey();
  if (survey.source === 'GOOGLE_FORM' && (questions || sections)) {
    return refuse('ILLEGAL_STATE', 'The questions come from a Google form. Change them there, then import the form again.', ['input', 'questions']);
  }
  const named = sections ?? sectionsOf(survey);
  const body = questions ? storedBody(surveyBody(questions, named, newId)) : sections ? { sections: storedBody({ questions: [], sections }).sections } : {};
  const [row] = await db.survey.updateManyAndReturn({ where: { id, deletedAt: null }, data: { ...words, ...body, updatedAt: clock.now() } });
  return row ? ok(row) : noSuchSurvey();
}

/**
 * Deletes a survey: it is no longer listed and no campaign can be launched with it. What was answered stays.
 *
 * @returns the id, or NOT_FOUND, or ILLEGAL_STATE while a campaign of it is under way.
 */
export async function deleteSurvey({ db, clock }: SurveyApp, { id }: { id: string }): Promise<Result<string>> {
  const underWay = await db.campaign.count({ where: { surveyId: id, status: { in: ['SCHEDULED', 'RUNNING', 'PAUSED', 'CANCELING'] } } });
  if (underWay > 0) return refuse('ILLEGAL_STATE', 'A campaign of this survey is under way. Cancel it first.', ['input', 'id']);
  const now = clock.now();
  const { count } = await db.survey.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now, updatedAt: now } });
  return count > 0 ? ok(id) : noSuchSurvey();
}

/** The JSON columns. */
export const storedBody = (body: {
  readonly questions: readonly object[];
  readonly sections: readonly object[];
}): {
  questions: Prisma.InputJsonArray;
  sections: Prisma.InputJsonArray;
} => JSON.parse(JSON.stringify(body));
