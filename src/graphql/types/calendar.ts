import { z } from 'zod';
import { askForCalendar } from '../../domain/bookings/calendar/calendar-consent.ts';
import { disconnectCalendar } from '../../domain/bookings/calendar/calendar-link.ts';
import type { Workspace as WorkspaceRow } from '../../generated/prisma/client.ts';
import { ok } from '../../kit/errors.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { Workspace } from './workspaces.ts';

builder.prismaObject('CalendarLink', {
  description:
    'The calendar of a workspace: its events keep their time free of bookings, and bookings become events in it. What is moved or deleted there is moved or canceled here.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'Whose service it is: `GOOGLE`.' }),
    email: t.expose('email', { type: 'EmailAddress', description: 'The account that it was connected with.' }),
    calendarId: t.exposeString('calendarId', { description: 'Which of its calendars: `primary`, or the id of another.' }),
    forms: t.exposeBoolean('forms', { description: 'Whether the account also lets us read its Google forms.' }),
    healthy: t.boolean({
      description: 'Whether it works. While it does not, bookings are taken all the same, and callers are told that theirs will be confirmed.',
      select: { problem: true },
      resolve: ({ problem }) => problem === null,
    }),
    problem: t.exposeString('problem', { nullable: true, description: 'What is wrong and what to do, as sentences; null while it works.' }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  calendar: t.relation('calendar', { nullable: true, description: 'The calendar that was connected with `connectCalendar`; null where there is none.' }),
}));

const ConnectCalendarInput = builder
  .inputRef<{ calendarId?: string | null; forms?: boolean | null; returnUrl?: string | null }>('ConnectCalendarInput')
  .implement({
    description: 'Which calendar to connect, and where the browser is to end.',
    validate: z.looseObject({
      calendarId: z.string().trim().max(254, 'The id of a calendar has 254 characters at most.').nullish(),
      returnUrl: z.string().max(2_000, 'The address to return to has 2000 characters at most.').nullish(),
    }),
    fields: (t) => ({
      calendarId: t.string({
        description: "The id of one of the account's calendars; its main one, `primary`, if left out, or with `forms` the one that is connected.",
      }),
      forms: t.boolean({ description: 'Asks for the right to read Google forms besides: for `importGoogleForm`. The calendar goes on as it is.' }),
      returnUrl: t.field({
        type: 'URL',
        description:
          'The page to return to, of an allowed origin; the web client if left out. Its query is given `calendar=connected`, or `calendar=failed` with a `reason`: `denied`, `incomplete`, `expired`, `signed-out`, `unavailable` or `rejected`.',
      }),
    }),
  });

const ConnectCalendarPayload = payload<{ authorizationUrl: string }>(
  'ConnectCalendarPayload',
  'Where consent is given, or why it cannot be asked for.',
  (t) => ({
    authorizationUrl: t.expose('authorizationUrl', {
      type: 'URL',
      nullable: true,
      description: 'Send the browser there within a quarter of an hour. It is good once, and for the sign-in that asked for it.',
    }),
  }),
);

const DisconnectCalendarPayload = payload<{ workspace: WorkspaceRow }>('DisconnectCalendarPayload', 'The workspace, now without a calendar.', (t) => ({
  workspace: t.expose('workspace', { type: Workspace, nullable: true, description: 'The active workspace.' }),
}));

builder.mutationFields((t) => ({
  connectCalendar: t.field({
    type: ConnectCalendarPayload,
    description:
      'Begins to connect a Google calendar to the active workspace, in the place of the one that is connected, if any. Errors: PLAN_REQUIRED, TRIAL_EXPIRED or PAYMENT_REQUIRED (a `PlanRequired`), ILLEGAL_STATE (no calendar service is configured), INVALID.',
    args: { input: t.arg({ type: ConnectCalendarInput, required: true, description: 'Which calendar.' }) },
    resolve: async (_root, { input }, { scope, exchange }) => {
      const { viewer } = scope;
      const asker = { userId: viewer.user.id, sessionId: viewer.sessionId, email: viewer.user.email, byCookie: exchange.byCookie };
      return answer(await askForCalendar(scope, { ...asker, ...input }), ({ authorizationUrl }) => ({ authorizationUrl }));
    },
  }),
  disconnectCalendar: t.field({
    type: DisconnectCalendarPayload,
    description:
      'Disconnects the calendar of the active workspace and gives the consent back. Events that were written stay there. Where none is connected, nothing happens.',
    resolve: async (_root, _args, { scope, db }) => {
      await disconnectCalendar(scope);
      return answer(ok(await db.workspace.findUniqueOrThrow({ where: { id: scope.workspaceId } })), (workspace) => ({ workspace }));
    },
  }),
}));
