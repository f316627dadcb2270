import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Result, refuse } from '../../kit/errors.ts';
import { type AddContact, addContacts } from '../contacts/add-contacts.ts';
import { type ImportContacts, type ImportedContacts, importContacts } from '../contacts/import-contacts.ts';

interface ContactsApp {
  readonly db: TenantDb;
  readonly clock: Clock;
}

/** The survey that people are added to; null: to none. */
interface ToSurvey {
  readonly surveyId: string | null;
}

const noSuchSurvey = () => refuse('NOT_FOUND', 'There is no such survey.', ['input', 'surveyId']);
const BATCH = 5_000;

/** Reads a list of contacts, as `importContacts`, and adds those whom it names to a survey. @returns NOT_FOUND besides. */
export async function importSurveyContacts(app: ContactsApp, { surveyId, ...list }: ImportContacts & ToSurvey): Promise<Result<ImportedContacts>> {
  if (surveyId !== null && !(await isSurvey(app.db, surveyId))) return noSuchSurvey();
  const imported = await importContacts(app, list);
  if (imported.ok && surveyId !== null) await addToSurvey(app, surveyId, imported.value.contactIds);
  return imported;
}

/** Adds people by hand, as `addContacts`, to a survey too. @returns NOT_FOUND besides. */
export async function addSurveyContacts(app: ContactsApp, { surveyId, contacts }: { contacts: AddContact[] } & ToSurvey): Promise<Result<string[]>> {
  if (surveyId !== null && !(await isSurvey(app.db, surveyId))) return noSuchSurvey();
  const added = await addContacts(app, { contacts });
  if (added.ok && surveyId !== null) await addToSurvey(app, surveyId, added.value);
  return added;
}

/** Whoever is in it stays in it once. A later import of the same list goes on where one was cut off. */
async function addToSurvey({ db, clock }: ContactsApp, surveyId: string, contactIds: readonly string[]): Promise<void> {
  const rows = [...new Set(contactIds)].sort().map((contactId) => ({ workspaceId: db.$workspaceId, surveyId, contactId, addedAt: clock.now() }));
  for (let at = 0; at < rows.length; at += BATCH) await db.surveyContact.createMany({ data: rows.slice(at, at + BATCH), skipDuplicates: true });
}

const isSurvey = async (db: TenantDb, id: string): Promise<boolean> => (await db.survey.count({ where: { id, deletedAt: null } })) > 0;
