import type { TenantDb } from '../../db/tenant.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { exportLink } from './export-link.ts';

type ExportScope = Parameters<typeof exportLink>[0] & { readonly db: TenantDb };

/** A link to the responses to a survey, in one campaign or in all. @returns the address, or NOT_FOUND. */
export async function exportResponses(
  scope: ExportScope,
  { surveyId, campaignId, format }: { surveyId: string; campaignId: string | null; format: 'CSV' | 'JSON' },
): Promise<Result<string>> {
  const { db } = scope;
  if ((await db.survey.count({ where: { id: surveyId } })) === 0) return refuse('NOT_FOUND', 'There is no such survey.', ['input', 'surveyId']);
  if (campaignId !== null && (await db.campaign.count({ where: { id: campaignId, surveyId } })) === 0) {
    return refuse('NOT_FOUND', 'There is no such campaign of this survey.', ['input', 'campaignId']);
  }
  return ok(await exportLink(scope, { what: 'responses', workspaceId: db.$workspaceId, surveyId, campaignId, format }));
}

/** A link to the numbers that the workspace never calls. */
export const exportSuppressions = async (scope: ExportScope): Promise<Result<string>> =>
  ok(await exportLink(scope, { what: 'suppressions', workspaceId: scope.db.$workspaceId }));
