import { CATALOGUE, type Feature as FeatureName, type Plan as PlanValue, plansOf } from '../../domain/plans/catalogue.ts';
import type { PlanRequired } from '../../domain/plans/features.ts';
import { standing } from '../../domain/plans/standing.ts';
import { subscriptionOf } from '../../domain/plans/subscription-of.ts';
import type { Subscription as SubscriptionRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { UserError, userErrorKind } from '../errors.ts';
import { Money } from './money.ts';
import { Platform } from './platform.ts';
import { Workspace } from './workspaces.ts';

export const PlanKey = builder.enumType('PlanKey', {
  description: 'The plans, by platform.',
  values: {
    CONSUMER_TRIAL: { description: 'What a consumer begins with.' },
    CONSUMER_WEEKLY: { description: 'Paid by the week through the App Store.' },
    BUSINESS_TRIAL: { description: 'What a business begins with.' },
    BUSINESS_BASIC: { description: 'The smallest plan that a business pays for.' },
    BUSINESS_PROFESSIONAL: { description: 'More calls, campaigns and recordings.' },
    BUSINESS_ENTERPRISE: { description: 'Everything.' },
  },
});

const BillingInterval = builder.enumType('BillingInterval', {
  description: 'How often a plan is paid.',
  values: {
    NONE: { description: 'Never: it costs nothing.' },
    WEEK: { description: 'Every week.' },
    MONTH: { description: 'Every month.' },
  },
});

export const Feature = builder.enumType('Feature', {
  description: 'What a plan may include.',
  values: {
    PRESET_SCENARIOS: { description: 'Calls by the scenarios that come with the platform.' },
    CUSTOM_SCENARIOS: { description: 'Scenarios of your own.' },
    DEDICATED_NUMBER: { description: 'A telephone number of your own.' },
    TRANSCRIPTS: { description: 'Reading what was said.' },
    ANALYTICS: { description: 'Figures of your calls.' },
    CALENDAR: { description: 'Appointments, and your calendar connected to them.' },
    KNOWLEDGE: { description: 'Documents that the assistant answers from.' },
    CAMPAIGNS: { description: 'Calling many people with a survey.' },
    WEBHOOKS: { description: 'Having your own systems told.' },
    RECORDINGS: { description: 'Recording calls, with consent.' },
  } satisfies Record<FeatureName, { description: string }>,
});

export const Plan = builder.objectRef<PlanValue>('Plan').implement({
  description: 'What there is to buy, and what it includes.',
  fields: (t) => ({
    key: t.expose('key', { type: PlanKey, description: 'Which plan it is.' }),
    platform: t.expose('platform', { type: Platform, description: 'Whom it is for.' }),
    name: t.exposeString('name', { description: 'What it is called, e.g. `Basic`.' }),
    price: t.field({ type: Money, description: 'For each interval.', resolve: ({ priceCents }) => ({ amount: priceCents, currency: 'USD' }) }),
    interval: t.expose('interval', { type: BillingInterval, description: 'How often it is paid.' }),
    callsPerWeek: t.exposeInt('callsPerWeek', { nullable: true, description: 'Answered calls a week, from Monday on; null: unlimited, but for a trial.' }),
    callsInTrial: t.exposeInt('trialCalls', { nullable: true, description: 'Answered calls in all, of a trial; null where it is none.' }),
    minutesPerMonth: t.exposeInt('minutesPerMonth', { nullable: true, description: 'Minutes of answered time a month; null: unlimited.' }),
    concurrentCalls: t.exposeInt('concurrentCalls', { description: 'Calls at a time.' }),
    features: t.field({ type: [Feature], description: 'What it includes.', resolve: ({ features }) => [...features] }),
  }),
});

export const SubscriptionStatus = builder.enumType('SubscriptionStatus', {
  description: 'Where a subscription stands.',
  values: {
    TRIALING: { description: 'The trial runs.' },
    ACTIVE: { description: 'It is paid.' },
    PAST_DUE: { description: 'A renewal failed and the grace is over: no calls until it is paid.' },
    GRACE: { description: 'A renewal failed; calls go on until `graceEndsAt`.' },
    EXPIRED: { description: 'The trial or the subscription is over.' },
    CANCELED: { description: 'It was canceled and is over.' },
  },
});

const BillingSource = builder.enumType('BillingSource', {
  description: 'Who collects the money.',
  values: {
    NONE: { description: 'Nobody: it is a trial.' },
    STRIPE: { description: 'Stripe.' },
    APP_STORE: { description: "Apple's App Store." },
    STAFF: { description: 'We ourselves, by agreement.' },
  },
});

const PlanSubscription = builder.objectRef<{ row: SubscriptionRow; now: Date }>('PlanSubscription').implement({
  description: 'What a workspace has subscribed to, as it stands at this moment.',
  fields: (t) => ({
    plan: t.field({ type: Plan, description: 'The plan.', resolve: ({ row }) => CATALOGUE[row.planKey] }),
    status: t.field({ type: SubscriptionStatus, description: 'Where it stands.', resolve: ({ row, now }) => standing(row, now).status }),
    source: t.field({ type: BillingSource, description: 'Who collects the money.', resolve: ({ row }) => row.source }),
    trialEndsAt: t.field({ type: 'DateTime', nullable: true, description: 'When the trial ends or ended.', resolve: ({ row }) => row.trialEndsAt }),
    graceEndsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when calls go on after a failed renewal; null where none has failed.',
      resolve: ({ row, now }) => standing(row, now).graceEndsAt,
    }),
    currentPeriodEndsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the paid time ends and is renewed or over; null where nothing is paid by the period.',
      resolve: ({ row }) => row.currentPeriodEndsAt,
    }),
    cancelsAtPeriodEnd: t.boolean({ description: 'Whether it ends there, and is not renewed.', resolve: ({ row }) => row.cancelsAtPeriodEnd }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  subscription: t.field({
    type: PlanSubscription,
    description: 'What it has subscribed to.',
    resolve: async ({ id }, _args, context) => ({ row: await subscriptionOf(context.within(id)), now: context.app.clock.now() }),
  }),
}));

builder.objectRef<PlanRequired>('PlanRequired').implement({
  interfaces: [UserError],
  description: 'The plan does not include a feature, or is not paid.',
  fields: (t) => ({
    feature: t.expose('feature', { type: Feature, description: 'The feature that is asked for.' }),
    suggestedPlan: t.expose('suggestedPlan', { type: Plan, nullable: true, description: 'The plan to buy; null where none on the platform includes it.' }),
  }),
});
userErrorKind('PlanRequired', (problem) => 'feature' in problem);

builder.queryField('plans', (t) =>
  t.field({
    type: [Plan],
    skipTypeScopes: true,
    description: 'What there is to buy, the cheapest of each platform first. For everybody, signed in or not.',
    args: { platform: t.arg({ type: Platform, description: 'Only plans of this platform; all if left out.' }) },
    resolve: (_root, { platform }) => plansOf(platform ?? null),
  }),
);
