import { z } from 'zod';
import type { RootDb } from '../../db/client.ts';
import { type TenantDb, tenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { type ExportGrant, readExportToken } from './export-link.ts';
import { csvHead, csvLine, csvResponse, type ExportedResponse, formResponse } from './exported.ts';
import { questionsOf } from './survey.ts';

export interface ExportFile {
  readonly fileName: string;
  readonly mediaType: string;
  /** Read from the database page by page while it is sent. */
  readonly body: AsyncIterable<string>;
}

const PAGE = 500;
const BOM = '\uFEFF';
const values = z.array(z.string());

/** What a link to an export leads to, as it is now; `unknown` where it never was a link of ours or the survey is gone. */
export async function openExport(
  scope: { root: RootDb; clock: Clock; config: { readonly secretKeys: readonly [string, ...string[]] } },
  token: string,
): Promise<ExportFile | 'expired' | 'unknown'> {
  const grant = await readExportToken(scope, token);
  if (grant === 'expired') return 'expired';
  if (grant === 'invalid') return 'unknown';
  const db = tenantDb(scope.root, grant.workspaceId);
  if (grant.what === 'suppressions') return { fileName: 'suppressions.csv', mediaType: 'text/csv; charset=utf-8', body: suppressions(db) };
  const survey = await db.survey.findFirst({ where: { id: grant.surveyId } });
  if (!survey) return 'unknown';
  const { format } = grant;
  const body = format === 'CSV' ? csv(db, survey, grant) : json(db, survey.formId, grant);
  const mediaType = format === 'CSV' ? 'text/csv; charset=utf-8' : 'application/json';
  return { fileName: `responses-${survey.id}.${format.toLowerCase()}`, mediaType, body };
}

type ResponsesGrant = Extract<ExportGrant, { what: 'responses' }>;

async function* csv(db: TenantDb, survey: { questions: unknown }, grant: ResponsesGrant): AsyncGenerator<string> {
  const questions = questionsOf(survey);
  yield csvHead(questions);
  for await (const response of responses(db, grant)) yield csvResponse(questions, response);
}

/** In the shape of `forms.responses.list` of the Google Forms API. */
async function* json(db: TenantDb, formId: string | null, grant: ResponsesGrant): AsyncGenerator<string> {
  yield '{"responses":[';
  let separator = '\n';
  for await (const response of responses(db, grant)) {
    yield `${separator}${JSON.stringify(formResponse(formId, response))}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** Those of tests are left out. */
async function* responses(db: TenantDb, { surveyId, campaignId }: ResponsesGrant): AsyncGenerator<ExportedResponse> {
  let after = '';
  for (;;) {
    const page = await db.surveyResponse.findMany({
      where: { surveyId, test: false, ...(campaignId !== null && { campaignId }), id: { gt: after } },
      orderBy: { id: 'asc' },
      take: PAGE,
      include: { answers: true, contact: { select: { name: true, phoneNumber: true, email: true } } },
    });
    for (const { id, complete, createdAt, completedAt, contact, answers } of page) {
      const updatedAt = new Date(Math.max((completedAt ?? createdAt).getTime(), ...answers.map(({ answeredAt }) => answeredAt.getTime())));
      yield { id, complete, createdAt, updatedAt, ...contact, answers: answers.map((answer) => ({ ...answer, mapped: values.parse(answer.mapped) })) };
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

async function* suppressions(db: TenantDb): AsyncGenerator<string> {
  yield BOM + csvLine(['Phone', 'Reason', 'Source', 'Since']);
  let after = '';
  for (;;) {
    const page = await db.suppression.findMany({ where: { phoneNumber: { gt: after } }, orderBy: { phoneNumber: 'asc' }, take: PAGE });
    for (const { phoneNumber, reason, source, createdAt } of page) yield csvLine([{ plain: phoneNumber }, reason, source, createdAt.toISOString()]);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.phoneNumber;
  }
}
