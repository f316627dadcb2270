import type { TenantDb } from '../../db/tenant.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { CalendarLink, Survey } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { Fault, ok, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Sealer } from '../../kit/seal.ts';
import { type Calendar, CalendarRejected, CalendarUnreachable, ConsentLost, RateLimited } from '../../ports/calendar.ts';
import { type Form, type Forms, FormsRejected, FormsUnreachable } from '../../ports/forms.ts';
import { withAccess } from '../bookings/calendar/calendar-access.ts';
import { type FormSurvey, surveyChanges, surveyOfForm } from './form-survey.ts';
import { storedBody } from './save-survey.ts';
import { questionsOf, sectionsOf } from './survey.ts';
import { SURVEY_DEFAULTS } from './survey-input.ts';

export interface ImportApp {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly sealer: Sealer;
  /** Null where no Google client is configured. */
  readonly calendar: Calendar | null;
  readonly forms: Forms | null;
}

export interface ImportedForm {
  readonly survey: Survey;
  /** What is another than when it was read before; empty at the first time. */
  readonly changes: readonly string[];
}

const ADDRESS = 'Open the form to edit it, as its owner does: its address is https://docs.google.com/forms/d/…/edit.';
const CONSENT = 'Connect Google with `forms: true` in `connectCalendar`, as somebody who may open the form to edit it.';
const PATH = ['input', 'url'];

/**
 * Reads a Google form into a survey, or again into the survey that was made of it before. Campaigns that were launched keep
 * it as it was.
 *
 * @param url the address at which the form is edited.
 * @returns the survey; INVALID (no such address), ILLEGAL_STATE (nobody let us read forms), NOT_FOUND (no form there that the
 *   connected account may read), UPSTREAM_REJECTED.
 * @throws Fault UPSTREAM_UNAVAILABLE
 */
export async function importGoogleForm(app: ImportApp, { url }: { url: string }): Promise<Result<ImportedForm>> {
  const { db, calendar, forms } = app;
  if (!calendar || !forms) return refuse('ILLEGAL_STATE', 'No Google client is configured, so no form can be read.');
  const id = forms.idIn(url);
  if ('problem' in id) {
    const why =
      id.problem === 'responder'
        ? 'This is the address for those who answer the form; it does not tell which form it is.'
        : 'This is not the address of a Google form.';
    return refuse('INVALID', `${why} ${ADDRESS}`, PATH);
  }
  const link = await db.calendarLink.findFirst();
  if (!link?.forms) return refuse('ILLEGAL_STATE', `Google does not let us read forms yet. ${CONSENT}`);
  let form: Form;
  try {
    form = await withAccess({ ...app, calendar }, link.id, ({ token }) => forms.read({ token }, id.formId));
  } catch (error) {
    return refusal(app, link, error);
  }
  return ok(await keep(app, link.id, form));
}

async function refusal({ db, logger }: ImportApp, link: CalendarLink, error: unknown): Promise<Result<never>> {
  logger.warn({ err: error, workspaceId: link.workspaceId }, 'a form could not be read');
  if (error instanceof FormsUnreachable || error instanceof CalendarUnreachable || error instanceof RateLimited) {
    throw new Fault('UPSTREAM_UNAVAILABLE', 'Google Forms does not answer. Try again in a moment.', {}, error);
  }
  if (error instanceof ConsentLost) return refuse('ILLEGAL_STATE', `The access to the account ${link.email} was taken back or has run out. ${CONSENT}`);
  if (error instanceof FormsRejected && error.kind === 'scope-missing') {
    await db.calendarLink.updateMany({ where: { id: link.id }, data: { forms: false } });
    return refuse('ILLEGAL_STATE', `The account ${link.email} does not let us read forms. ${CONSENT}`);
  }
  if (error instanceof FormsRejected && (error.kind === 'not-found' || error.kind === 'not-shared')) {
    return refuse('NOT_FOUND', `The account ${link.email} has no such form. Share the form with it, or connect the account of its owner.`, PATH);
  }
  if (error instanceof FormsRejected || error instanceof CalendarRejected) return refuse('UPSTREAM_REJECTED', 'Google gave no form that can be read.');
  throw error;
}

async function keep({ db, clock }: ImportApp, linkId: string, form: Form): Promise<ImportedForm> {
  const now = clock.now();
  const read = surveyOfForm(form);
  const body = { ...storedBody(read), unaskable: JSON.parse(JSON.stringify(read.unaskable)), formRevision: form.revision, updatedAt: now };
  return db.$transaction(async (tx) => {
    // Two imports of one form wait for each other, and the second finds the survey of the first.
    await tx.calendarLink.updateMany({ where: { id: linkId }, data: { forms: true } });
    const before = await tx.survey.findFirst({ where: { formId: form.formId, deletedAt: null }, orderBy: { createdAt: 'asc' } });
    if (before) {
      const changes = surveyChanges({ title: before.title, questions: questionsOf(before), sections: sectionsOf(before) }, read);
      const data = { ...body, ...words(read) };
      return { survey: await tx.survey.update({ where: { id: before.id, workspaceId: db.$workspaceId }, data }), changes };
    }
    const made = { id: newId(), workspaceId: db.$workspaceId, source: 'GOOGLE_FORM' as const, formId: form.formId, ...SURVEY_DEFAULTS, createdAt: now };
    return { survey: await tx.survey.create({ data: { ...made, ...body, ...words(read) } }), changes: [] };
  });
}

const words = ({ title, description }: FormSurvey) => ({ title: title.slice(0, 300), description });
