import type { Contact, Survey, Workspace } from '../../generated/prisma/client.ts';
import { ok, type Result } from '../../kit/errors.ts';
import { DAY } from '../../kit/time.ts';
import { dialPermit } from '../calls/dialing/dial-permit.ts';
import { possibleZones } from '../contacts/possible-zones.ts';
import { questionsOf } from '../surveys/survey.ts';
import { CAMPAIGN_RULES, type CampaignFacts } from './campaign-rules.ts';
import type { CampaignSettings } from './campaign-settings.ts';
import type { CampaignScope } from './dialer-scope.ts';
import { estimatedMinutes } from './estimate.ts';
import { type LaunchCampaign, readyToLaunch } from './launch-campaign.ts';
import { deferral } from './refusal.ts';
import { FREQUENCY_DAYS } from './retries.ts';

export type PreviewVerdict = 'DIALED' | 'DEFERRED' | 'SUPPRESSED' | 'REJECTED';

export interface PreviewedContact {
  readonly contact: Contact;
  readonly verdict: PreviewVerdict;
  /** The rule that decided, as a sentence; null for whoever would be called at once. */
  readonly reason: string | null;
  /** When they would be called; null where never. */
  readonly at: Date | null;
}

export interface CampaignPreview {
  readonly total: number;
  readonly dialed: number;
  readonly deferred: number;
  readonly suppressed: number;
  readonly rejected: number;
  /** The first of each kind, in the order of the survey. */
  readonly contacts: readonly PreviewedContact[];
  readonly estimatedDurationMinutes: number;
  /** Whether a number would be bought. */
  readonly buysNumber: boolean;
}

const PAGE = 2_000;
const SHOWN_OF_EACH = 25;

/**
 * Tells who of a survey would be called if the campaign began, and who not and why, by the very rules that are asked then.
 * Calls nobody and buys nothing.
 *
 * @returns problems as `launchCampaign`.
 */
export async function previewCampaign(scope: CampaignScope, input: LaunchCampaign): Promise<Result<CampaignPreview>> {
  const ready = await readyToLaunch(scope, input);
  if (!ready.ok) return ready;
  const { survey, settings } = ready.value;
  const { db, clock, config } = scope;
  const at = settings.startsAt ?? clock.now();
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId } });
  const lines = await db.phoneLine.count({ where: { status: 'ACTIVE' } });

  const counts = { DIALED: 0, DEFERRED: 0, SUPPRESSED: 0, REJECTED: 0 };
  const contacts: PreviewedContact[] = [];
  for await (const page of peopleOf(scope, survey, input.testMode ?? false)) {
    for (const previewed of await judge(scope, page, { workspace, settings, at })) {
      if (counts[previewed.verdict]++ < SHOWN_OF_EACH) contacts.push(previewed);
    }
  }
  const { DIALED: dialed, DEFERRED: deferred, SUPPRESSED: suppressed, REJECTED: rejected } = counts;
  return ok({
    total: dialed + deferred + suppressed + rejected,
    dialed,
    deferred,
    suppressed,
    rejected,
    contacts,
    estimatedDurationMinutes: estimatedMinutes(dialed + deferred, questionsOf(survey), { ...settings, callsPerSecond: config.callsPerSecond }),
    buysNumber: lines === 0,
  });
}

async function* peopleOf({ db }: CampaignScope, { id: surveyId }: Survey, testMode: boolean): AsyncGenerator<Contact[]> {
  for (let skip = 0; ; skip += PAGE) {
    const rows = await db.surveyContact.findMany({
      where: { surveyId },
      orderBy: [{ addedAt: 'asc' }, { contactId: 'asc' }],
      skip,
      take: testMode ? 1 : PAGE,
      include: { contact: true },
    });
    if (rows.length > 0) yield rows.map(({ contact }) => contact);
    if (rows.length < PAGE) return;
  }
}

async function judge(
  { db }: CampaignScope,
  people: readonly Contact[],
  { workspace, settings, at }: { workspace: Workspace; settings: CampaignSettings; at: Date },
): Promise<PreviewedContact[]> {
  const suppressions = await db.suppression.findMany({ where: { phoneNumber: { in: people.map(({ phoneNumber }) => phoneNumber) } } });
  const suppressed = new Map(suppressions.map((row) => [row.phoneNumber, row]));
  const since = new Date(at.getTime() - FREQUENCY_DAYS * DAY);
  const attempts = await db.$queryRaw<{ contactId: string; count: bigint }[]>`
    SELECT c."contactId", count(*) AS "count" FROM "Attempt" a
    JOIN "CampaignContact" c ON c."id" = a."campaignContactId" JOIN "Call" k ON k."id" = a."callId"
    WHERE c."workspaceId" = ${workspace.id} AND c."contactId" = ANY(${people.map(({ id }) => id)}) AND k."dialedAt" >= ${since}
    GROUP BY c."contactId"`;
  const called = new Map(attempts.map(({ contactId, count }) => [contactId, Number(count)]));
  return people.map((contact) => {
    const facts = supposed(contact, { workspace, settings });
    const permit = dialPermit(
      { ...facts, suppression: suppressed.get(contact.phoneNumber) ?? null, frequency: { attempts: called.get(contact.id) ?? 0, most: settings.maxAttempts } },
      at,
      CAMPAIGN_RULES,
    );
    return permit.granted ? { contact, verdict: 'DIALED', reason: null, at } : refusedAs(contact, permit.rules.at(-1), { settings, at });
  });
}

/** As it would be if the campaign ran, and nobody else were called. */
const supposed = (contact: Contact, { workspace, settings }: { workspace: Workspace; settings: CampaignSettings }): CampaignFacts => ({
  campaign: { status: 'RUNNING', pauseReason: null, endsAt: settings.endsAt },
  workspace,
  number: { asked: contact.phoneNumber, e164: contact.phoneNumber },
  suppression: null,
  line: { phoneNumber: 'its line', shared: false },
  quietHours: { contactTimeZone: contact.timeZone, hours: settings.hours },
  consent: contact.consent,
  inCall: false,
  frequency: { attempts: 0, most: settings.maxAttempts },
  usage: null,
  workspaceCalls: { live: 0, most: 1 },
  campaignCalls: { live: 0, most: 1 },
  turn: null,
  lines: 1,
});

function refusedAs(
  contact: Contact,
  refusal: { readonly rule: string; readonly evidence: string } | undefined,
  { settings, at }: { settings: CampaignSettings; at: Date },
): PreviewedContact {
  const { rule = '', evidence = 'They may not be called.' } = refusal ?? {};
  const next = deferral(
    {
      rule,
      evidence,
      from: 'PENDING',
      zones: possibleZones(contact.phoneNumber, contact.timeZone),
      hours: settings.hours,
      campaign: { status: 'RUNNING', startedAt: at, endsAt: settings.endsAt },
      usageUsedUp: false,
      lines: 1,
    },
    at,
  );
  const verdict = next.at ? 'DEFERRED' : next.state === 'SUPPRESSED' ? 'SUPPRESSED' : 'REJECTED';
  return { contact, verdict, reason: next.reason, at: next.at };
}
