import { transact } from '../../db/transaction.ts';
import type { Campaign, PhoneLine, Prisma, Survey } from '../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse, refused } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { ensureLine } from '../phone-lines/ensure-line.ts';
import { requireFeature } from '../plans/subscription-of.ts';
import { freezeSurvey, problemsOf, questionsOf } from '../surveys/survey.ts';
import { type CampaignSettings, type CampaignWishes, campaignSettings } from './campaign-settings.ts';
import type { CampaignScope } from './dialer-scope.ts';
import { estimatedMinutes } from './estimate.ts';

export interface LaunchCampaign extends CampaignWishes {
  readonly surveyId: string;
  readonly name?: string | null;
  /** Only the first of the survey's people is called, and what they say is kept out of the results. */
  readonly testMode?: boolean | null;
  /** The same key is the same campaign, however often it is launched. */
  readonly idempotencyKey?: string | null;
}

export interface LaunchedCampaign {
  readonly campaign: Campaign;
  /** The line that the workspace calls from. */
  readonly phoneLine: PhoneLine | null;
  /** What happens now, as a sentence. */
  readonly message: string;
}

/**
 * Launches a campaign: freezes the survey, buys a number where the workspace has none, and begins now or at its time.
 *
 * @returns the campaign. Problems: `NOT_FOUND` (the survey), `INVALID` (a setting, or a question that cannot be asked),
 *   `CONFLICT` (the key was used for another), `NO_CONSENT` and `SUPPRESSED` (there is nobody to call), `ILLEGAL_STATE`,
 *   `PLAN_REQUIRED`, and those of `ensureLine`.
 */
export async function launchCampaign(scope: CampaignScope, input: LaunchCampaign): Promise<Result<LaunchedCampaign>> {
  const { db } = scope;
  const before = await launchedBefore(scope, input);
  if (before) return before;
  const included = await requireFeature(scope, 'CAMPAIGNS');
  if (!included.ok) return included;
  const ready = await readyToLaunch(scope, input);
  if (!ready.ok) return ready;
  const { survey, settings } = ready.value;
  const nobody = await nobodyToCall(scope, survey, input.testMode ?? false);
  if (nobody) return refused(nobody);
  if (!scope.carrier) return refuse('ILLEGAL_STATE', 'No telephone carrier is configured, so nobody can be called.');
  const { suspendedAt } = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { suspendedAt: true } });
  if (suspendedAt) return refuse('ILLEGAL_STATE', 'The workspace is suspended, so nobody can be called.');
  const line = await ensureLine(scope);
  if (!line.ok) return line;

  const workspaceId = db.$workspaceId;
  const id = newId();
  const launched = await transact(scope, async (tx, emit) => {
    // The key is unique: of many who launch at once, one makes the row.
    const { count } = await tx.campaign.createMany({ data: [rowOf(scope, { id, input, survey, settings, line: line.value })], skipDuplicates: true });
    if (count === 0) return false;
    await addContacts(tx, { campaignId: id, surveyId: survey.id, workspaceId, at: scope.clock.now(), most: input.testMode ? 1 : null });
    if (!settings.startsAt) emit({ type: 'CampaignStarted', workspaceId, campaignId: id });
    emit({ type: 'CampaignChanged', workspaceId, campaignId: id });
    return true;
  });
  if (!launched) return (await launchedBefore(scope, input)) ?? refuse('CONFLICT', 'The campaign was launched by somebody else meanwhile.');
  return ok(await launchedAs(scope, await db.campaign.findFirstOrThrow({ where: { id } })));
}

/** What the same key has launched before. */
async function launchedBefore(scope: CampaignScope, { idempotencyKey, surveyId }: LaunchCampaign): Promise<Result<LaunchedCampaign> | null> {
  const campaign = idempotencyKey ? await scope.db.campaign.findFirst({ where: { idempotencyKey } }) : null;
  if (!campaign) return null;
  if (campaign.surveyId !== surveyId) return refuse('CONFLICT', 'This idempotency key was used for another campaign.', ['input', 'idempotencyKey']);
  return ok(await launchedAs(scope, campaign));
}

/** The survey and the settings; or what keeps them from being launched. */
export async function readyToLaunch(
  { db, clock }: Pick<CampaignScope, 'db' | 'clock'>,
  input: LaunchCampaign,
): Promise<Result<{ survey: Survey; settings: CampaignSettings }>> {
  const survey = await db.survey.findFirst({ where: { id: input.surveyId, deletedAt: null } });
  if (!survey) return refuse('NOT_FOUND', 'There is no such survey.', ['input', 'surveyId']);
  const settings = campaignSettings(input, clock.now());
  if (!settings.ok) return settings;
  const blocking = problemsOf(survey).filter(({ blocks }) => blocks);
  if (blocking.length > 0) return refused(...blocking.map(({ message }): Problem => ({ code: 'INVALID', message, path: ['input', 'surveyId'] })));
  return ok({ survey, settings: settings.value });
}

async function nobodyToCall({ db }: CampaignScope, { id: surveyId }: Survey, testMode: boolean): Promise<Problem | null> {
  const path = ['input', 'surveyId'];
  const people = await db.surveyContact.findMany({
    where: { surveyId },
    orderBy: [{ addedAt: 'asc' }, { contactId: 'asc' }],
    take: 1,
    include: { contact: true },
  });
  if (people.length === 0) return { code: 'ILLEGAL_STATE', message: 'The survey has nobody to call. Add people to it first.', path };
  const agreed = testMode
    ? people.some(({ contact }) => contact.consent !== 'NONE')
    : (await db.surveyContact.findFirst({ where: { surveyId, contact: { consent: { not: 'NONE' } } } })) !== null;
  if (agreed) return null;
  const who = testMode ? 'The first person of the survey has not' : 'Nobody of the survey has';
  return { code: 'NO_CONSENT', message: `${who} agreed to be called by a machine. Say to what they have agreed when you add people.`, path };
}

function rowOf(
  { db, clock }: CampaignScope,
  { id, input, survey, settings, line }: { id: string; input: LaunchCampaign; survey: Survey; settings: CampaignSettings; line: PhoneLine },
): Prisma.CampaignCreateManyInput {
  const now = clock.now();
  const { hours, startsAt, ...rest } = settings;
  return {
    ...rest,
    id,
    workspaceId: db.$workspaceId,
    surveyId: survey.id,
    name: input.name?.trim() || survey.title,
    status: startsAt ? 'SCHEDULED' : 'RUNNING',
    testMode: input.testMode ?? false,
    phoneLineId: line.id,
    frozenSurvey: JSON.parse(JSON.stringify(freezeSurvey(survey))),
    callingFrom: hours.from,
    callingTo: hours.to,
    callingDays: [...hours.days],
    startsAt,
    startedAt: startsAt ? null : now,
    idempotencyKey: input.idempotencyKey ?? null,
    createdAt: now,
  };
}

/** The people of the survey, in the order in which they were added: the ids sort as they do. */
async function addContacts(
  tx: Prisma.TransactionClient,
  { campaignId, surveyId, workspaceId, at, most }: { campaignId: string; surveyId: string; workspaceId: string; at: Date; most: number | null },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "CampaignContact" ("id", "workspaceId", "campaignId", "contactId", "state", "createdAt", "updatedAt")
    SELECT ${campaignId} || lpad(row_number() OVER (ORDER BY s."addedAt", s."contactId")::text, 8, '0'), ${workspaceId}, ${campaignId}, s."contactId", 'PENDING', ${at}, ${at}
    FROM "SurveyContact" s WHERE s."surveyId" = ${surveyId} AND s."workspaceId" = ${workspaceId}
    ORDER BY s."addedAt", s."contactId" LIMIT ${most}`;
}

async function launchedAs({ db, config }: CampaignScope, campaign: Campaign): Promise<LaunchedCampaign> {
  const phoneLine = campaign.phoneLineId ? await db.phoneLine.findFirst({ where: { id: campaign.phoneLineId } }) : null;
  const people = await db.campaignContact.count({ where: { campaignId: campaign.id } });
  const survey = await db.survey.findFirstOrThrow({ where: { id: campaign.surveyId } });
  const minutes = estimatedMinutes(people, questionsOf(survey), { ...campaign, callsPerSecond: config.callsPerSecond });
  const whom = people === 1 ? '1 person is' : `${people.toLocaleString('en-US')} people are`;
  const when = campaign.startsAt && !campaign.startedAt ? `from ${campaign.startsAt.toISOString()} on` : 'now';
  const from = phoneLine ? ` from ${phoneLine.phoneNumber}` : '';
  return {
    campaign,
    phoneLine,
    message: `${whom} called${from} ${when}; that takes about ${minutes === 1 ? 'a minute' : `${minutes} minutes`} of calling time.`,
  };
}
