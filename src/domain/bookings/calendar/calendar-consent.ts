import { createHash, randomBytes } from 'node:crypto';
import type { RootDb } from '../../../db/client.ts';
import { tenantDb } from '../../../db/tenant.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { CalendarConsent } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { ok, type Problem, type Result, refuse } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/logger.ts';
import type { Sealer } from '../../../kit/seal.ts';
import { MINUTE } from '../../../kit/time.ts';
import { type Calendar, CalendarRejected, CalendarUnreachable, type Consent, ConsentLost, RateLimited } from '../../../ports/calendar.ts';
import type { PlanRequired } from '../../plans/features.ts';
import { type PlanScope, requireFeature } from '../../plans/subscription-of.ts';
import { saveLink } from './calendar-link.ts';

// Consent goes through a person's browser: from us to the calendar's service with a secret state, and back with the state
// and a code (RFC 6749, section 4.1). The state is good once, for a quarter of an hour, and for the sign-in that asked for
// it; the code is void without the verifier, which never leaves us (PKCE, RFC 7636).

const GOOD_FOR_MS = 15 * MINUTE;

export interface AskApp extends PlanScope {
  /** Null where no calendar service is configured. */
  readonly calendar: Calendar | null;
  readonly sealer: Sealer;
  readonly config: { readonly frontendUrl: string; readonly publicUrl: string; readonly allowedOrigins: readonly string[] };
}

export interface AskInput {
  readonly userId: string;
  readonly sessionId: string;
  /** Whether the browser that asks shows the sign-in's cookie: the one that comes back then has to show it too. */
  readonly byCookie: boolean;
  readonly email: string;
  /** `primary` if left out. */
  readonly calendarId?: string | null | undefined;
  /** Asks for the right to read forms besides. */
  readonly forms?: boolean | null | undefined;
  /** Where the browser ends; on the list of allowed origins. The web client's address if left out. */
  readonly returnUrl?: string | null | undefined;
}

/**
 * Begins to link a calendar.
 *
 * @returns where to send the person's browser; or ILLEGAL_STATE where no calendar service is configured; or INVALID;
 *   or what `requireFeature` refuses with.
 */
export async function askForCalendar(app: AskApp, input: AskInput): Promise<Result<{ authorizationUrl: string }, Problem | PlanRequired>> {
  const { db, clock, calendar, sealer, config } = app;
  const included = await requireFeature(app, 'CALENDAR');
  if (!included.ok) return included;
  if (!calendar) return refuse('ILLEGAL_STATE', 'No calendar service is configured, so no calendar can be connected.');
  const returnUrl = input.returnUrl ?? config.frontendUrl;
  const origin = URL.parse(returnUrl)?.origin ?? '';
  if (![...config.allowedOrigins, new URL(config.frontendUrl).origin, new URL(config.publicUrl).origin].includes(origin)) {
    return refuse('INVALID', 'The address to return to is on none of the allowed origins.', ['input', 'returnUrl']);
  }
  const state = randomBytes(32).toString('base64url');
  const codeVerifier = randomBytes(32).toString('base64url');
  const now = clock.now();
  const forms = input.forms ?? false;
  // Whoever only adds the forms keeps the calendar that is linked.
  const linked = forms && !input.calendarId?.trim() ? await db.calendarLink.findFirst({ select: { calendarId: true } }) : null;
  await db.calendarConsent.deleteMany({ where: { expiresAt: { lte: now } } });
  await db.calendarConsent.create({
    data: {
      stateHash: hashOf(state),
      workspaceId: db.$workspaceId,
      sessionId: input.sessionId,
      userId: input.userId,
      cookieBound: input.byCookie,
      codeVerifier: sealer.seal(codeVerifier, verifierContext(hashOf(state))),
      calendarId: input.calendarId?.trim() || linked?.calendarId || 'primary',
      forms,
      returnUrl,
      createdAt: now,
      expiresAt: new Date(now.getTime() + GOOD_FOR_MS),
    },
  });
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  return ok({ authorizationUrl: calendar.authorizationUrl({ state, codeChallenge, loginHint: input.email, forms }) });
}

export interface AnswerApp {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly calendar: Calendar | null;
  readonly sealer: Sealer;
  readonly logger: Logger;
  readonly config: { readonly frontendUrl: string };
}

/** How it ended; `reason` is for the page that the browser ends on. */
export interface ConsentAnswer {
  readonly returnUrl: string;
  readonly outcome: 'connected' | 'failed';
  readonly reason?: FailureReason;
}

export type FailureReason =
  /** The state is unknown, used or too old. */
  | 'expired'
  /** The browser belongs to another sign-in than the one that asked, or that one has ended. */
  | 'signed-out'
  | 'denied'
  /** Not everything that is needed was ticked. */
  | 'incomplete'
  /** The calendar's service does not answer; it may be tried again. */
  | 'unavailable'
  | 'rejected';

/**
 * Ends what `askForCalendar` began: takes what the browser brought back and links the calendar.
 *
 * @param answer.session the sign-in that the browser shows, if any.
 */
export async function takeConsent(
  app: AnswerApp,
  answer: { state: string; code: string | null; session: { userId: string; sessionId: string } | null },
): Promise<ConsentAnswer> {
  const { root, clock, calendar, config } = app;
  const now = clock.now();
  const stateHash = hashOf(answer.state);
  const [asked] = await root.calendarConsent.updateManyAndReturn({ where: { stateHash, usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
  if (!asked || !calendar) return { returnUrl: config.frontendUrl, outcome: 'failed', reason: 'expired' };
  const failed = (reason: FailureReason): ConsentAnswer => ({ returnUrl: asked.returnUrl, outcome: 'failed', reason });

  if (!(await isSameSession(root, asked, answer.session, now))) return failed('signed-out');
  if (answer.code === null) return failed('denied');
  let consent: Consent;
  try {
    consent = await calendar.exchange({ code: answer.code, codeVerifier: app.sealer.open(asked.codeVerifier, verifierContext(stateHash)) });
  } catch (error) {
    const reason = reasonOf(error);
    if (!reason) throw error;
    app.logger.warn({ err: error, workspaceId: asked.workspaceId }, 'a calendar could not be connected');
    return failed(reason);
  }
  await saveLink(
    { ...app, db: tenantDb(root, asked.workspaceId) },
    { provider: calendar.provider, calendarId: asked.calendarId, userId: asked.userId, consent },
  );
  return { returnUrl: asked.returnUrl, outcome: 'connected' };
}

/**
 * Whoever talks somebody else into opening the link would have that person's calendar in their own workspace. So a
 * browser that shows a sign-in must show the one that asked, and one that asked with its cookie must show it.
 */
async function isSameSession(root: RootDb, asked: CalendarConsent, session: { userId: string; sessionId: string } | null, now: Date): Promise<boolean> {
  const live = await root.session.findFirst({
    where: { id: asked.sessionId, endedAt: null, expiresAt: { gt: now }, user: { memberships: { some: { workspaceId: asked.workspaceId } } } },
  });
  if (!live) return false;
  if (asked.cookieBound) return session?.sessionId === asked.sessionId;
  return session === null || session.userId === asked.userId;
}

function reasonOf(error: unknown): FailureReason | null {
  if (error instanceof ConsentLost) return 'incomplete';
  if (error instanceof RateLimited || error instanceof CalendarUnreachable) return 'unavailable';
  return error instanceof CalendarRejected ? 'rejected' : null;
}

const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');
const verifierContext = (stateHash: string): string => `CalendarConsent ${stateHash} codeVerifier`;
