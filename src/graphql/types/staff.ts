import { type BusinessMetrics as BusinessMetricsValue, businessMetrics } from '../../domain/billing/business-metrics.ts';
import { callStats } from '../../domain/calls/call-stats.ts';
import { workspaceStandingWhere } from '../../domain/plans/standing-where.ts';
import { datesBetween } from '../../domain/usage/periods.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { Fault } from '../../kit/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../node-ids.ts';
import { CallStats, insistOnOrder } from './call-stats.ts';
import { Call, CallConnection, CallFilter, callsWhere } from './calls.ts';
import { Money } from './money.ts';
import { Feature, SubscriptionStatus } from './plans.ts';
import { Platform } from './platform.ts';
import { Workspace } from './workspaces.ts';

const PlatformCount = builder.objectRef<BusinessMetricsValue['signUps'][number]>('PlatformCount').implement({
  description: 'How many of something a platform has.',
  fields: (t) => ({
    platform: t.expose('platform', { type: Platform, description: 'The platform.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

const FeatureUse = builder.objectRef<BusinessMetricsValue['featureUse'][number]>('FeatureUse').implement({
  description: 'How much a feature is used.',
  fields: (t) => ({
    feature: t.expose('feature', { type: Feature, description: 'The feature.' }),
    workspaces: t.exposeInt('workspaces', { description: 'By how many workspaces.' }),
    uses: t.exposeInt('uses', { description: 'How often: numbers got, conversations written down, appointments, questions to documents, recordings.' }),
  }),
});

const BusinessMetrics = builder.objectRef<BusinessMetricsValue>('BusinessMetrics').implement({
  description: 'The figures of the platform over some days, UTC. Money is in US dollars.',
  fields: (t) => ({
    signUps: t.field({ type: [PlatformCount], description: 'Workspaces that were made.', resolve: ({ signUps }) => [...signUps] }),
    activeSubscriptions: t.field({
      type: [PlatformCount],
      description: 'Subscriptions to plans that cost something, at the end of the last day; those that staff gave included.',
      resolve: ({ activeSubscriptions }) => [...activeSubscriptions],
    }),
    trialsStarted: t.exposeInt('trialsStarted', { description: 'Trials that began.' }),
    trialsConverted: t.exposeInt('trialsConverted', { description: 'Of these trials, how many have been followed by a paid plan, until now.' }),
    trialConversion: t.exposeFloat('trialConversion', { description: 'The same as a part of all that began, 0 to 1; 0 where none did.' }),
    monthlyRecurringRevenue: t.expose('monthlyRecurringRevenue', {
      type: Money,
      description: 'What the subscriptions that are paid through Stripe and the App Store bring a month, at the end of the last day.',
    }),
    averageRevenuePerWorkspace: t.expose('averageRevenuePerWorkspace', { type: Money, description: 'The same for each workspace that pays.' }),
    renewals: t.exposeInt('renewals', { description: 'Paid periods that were followed by the next.' }),
    churned: t.exposeInt('churned', { description: 'Paid subscriptions that ended.' }),
    featureUse: t.field({ type: [FeatureUse], description: 'Every feature, with how much it was used.', resolve: ({ featureUse }) => [...featureUse] }),
    callCost: t.expose('callCost', { type: Money, description: 'What calls cost us.' }),
    margin: t.expose('margin', { type: Money, description: 'Money that came in, less what went back and what calls cost.' }),
  }),
});

/** Only ever made for staff. */
const Staff = builder.objectRef<{ readonly staff: true }>('Staff').implement({
  description: 'What platform staff see.',
  fields: (t) => ({
    customers: t.prismaConnection(
      {
        type: Workspace,
        cursor: 'id',
        description: 'Every workspace, the newest first.',
        args: {
          search: t.arg.string({
            description: 'Only those whose name, or the name or address of one of whose members, contains this, in any case of letters.',
          }),
          status: t.arg({ type: SubscriptionStatus, description: 'Only those whose subscription stands so.' }),
        },
        totalCount: (_staff, args, context) => context.db.workspace.count({ where: customersWhere(args, context.app.clock.now()) }),
        resolve: (query, _staff, args, context) =>
          context.db.workspace.findMany({ ...query, where: customersWhere(args, context.app.clock.now()), orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
      },
      { name: 'WorkspaceConnection', description: 'One page of workspaces.' },
      { name: 'WorkspaceEdge', description: 'One workspace of a page.' },
    ),
    customer: t.prismaField({
      type: Workspace,
      nullable: true,
      description: 'One workspace; null where there is none.',
      args: { id: t.arg.globalID({ required: true, description: 'The workspace.' }) },
      resolve: (query, _staff, { id }, context) => context.db.workspace.findUnique({ ...query, where: { id: idOf('Workspace', id) } }),
    }),
    calls: t.prismaConnection(
      {
        type: Call,
        cursor: 'id',
        description: 'The calls of all workspaces, the newest first.',
        args: { filter: t.arg({ type: CallFilter, description: 'Only these calls; all if left out.' }) },
        totalCount: (_staff, { filter }, context) => context.db.call.count({ where: callsWhere(filter) }),
        resolve: (query, _staff, { filter }, context) =>
          context.db.call.findMany({ ...query, where: callsWhere(filter), orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
      },
      CallConnection,
    ),
    callStats: t.field({
      type: CallStats,
      complexity: 50,
      description: 'Figures of the calls of all workspaces, by days in UTC.',
      args: {
        from: t.arg({ type: 'DateTime', required: true, description: 'Calls that began at this instant or later.' }),
        to: t.arg({ type: 'DateTime', required: true, description: 'Calls that began before this instant.' }),
      },
      resolve: (_staff, { from, to }, context) => {
        insistOnOrder(from, to);
        return callStats(context.seeEverything(), { workspaceId: null, from, to, timeZone: 'UTC' });
      },
    }),
    metrics: t.field({
      type: BusinessMetrics,
      complexity: 50,
      description: 'The figures of the platform. BAD_USER_INPUT where `to` is before `from`.',
      args: {
        from: t.arg({ type: 'Date', required: true, description: 'The first day, UTC.' }),
        to: t.arg({ type: 'Date', required: true, description: 'The last day, UTC, which is included.' }),
      },
      resolve: (_staff, { from, to }, context) => {
        if (to < from) throw new Fault('BAD_USER_INPUT', '`to` is before `from`.');
        return businessMetrics(context.seeEverything(), datesBetween(from, to, 'UTC'));
      },
    }),
  }),
});

function customersWhere(
  { search, status }: { search?: string | null | undefined; status?: Parameters<typeof workspaceStandingWhere>[0] | null | undefined },
  now: Date,
): Prisma.WorkspaceWhereInput {
  const contains = { contains: search?.trim() ?? '', mode: 'insensitive' as const };
  const named = [{ name: contains }, { memberships: { some: { user: { OR: [{ email: contains }, { name: contains }] } } } }];
  return { AND: [search?.trim() ? { OR: named } : {}, status ? workspaceStandingWhere(status, now) : {}] };
}

builder.queryField('staff', (t) =>
  t.field({
    type: Staff,
    nullable: true,
    description: 'For platform staff only; FORBIDDEN to everyone else. What is asked for in the same operation sees every workspace.',
    resolve: (_root, _args, context) => {
      context.seeEverything();
      return { staff: true as const };
    },
  }),
);
