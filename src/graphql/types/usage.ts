import type { CallPermission as CallPermissionValue, LimitReached } from '../../domain/usage/permission.ts';
import type { UpgradePrompt as UpgradePromptValue } from '../../domain/usage/upgrade-prompt.ts';
import { type UsageMonth as UsageMonthValue, type Usage as UsageValue, usageByMonth, usageOf } from '../../domain/usage/usage-of.ts';
import { Fault } from '../../kit/errors.ts';
import { listen } from '../../realtime/replay.ts';
import { usageTopic } from '../../realtime/topics.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { UserError, userErrorKind } from '../errors.ts';
import { live } from '../live.ts';
import { Money } from './money.ts';
import { Plan } from './plans.ts';
import { Workspace } from './workspaces.ts';

const CallRefusal = builder.enumType('CallRefusal', {
  description: 'Why no call may be placed.',
  values: {
    TRIAL_EXPIRED: { description: 'The trial is over.' },
    TRIAL_CALLS_USED: { description: 'All calls of the trial are used or under way.' },
    WEEKLY_CALLS_USED: { description: 'All calls of the week are used or under way.' },
    MINUTES_USED: { description: 'All minutes of the month are used.' },
    CONCURRENCY: { description: 'As many calls are under way as the plan has at a time.' },
    SUBSCRIPTION_INACTIVE: { description: 'The subscription is not paid.' },
    WORKSPACE_SUSPENDED: { description: 'The workspace is suspended.' },
  },
});

const CallPermission = builder.objectRef<CallPermissionValue>('CallPermission').implement({
  description: 'Whether a call may be placed.',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'Whether it may.' }),
    reason: t.expose('reason', { type: CallRefusal, nullable: true, description: 'Why not; null where it may.' }),
    message: t.exposeString('message', { description: 'The same as a complete sentence.' }),
    remainingCalls: t.exposeInt('remainingCalls', { nullable: true, description: 'How many calls may be placed until `resetsAt`; null: unlimited.' }),
    resetsAt: t.expose('resetsAt', { type: 'DateTime', nullable: true, description: 'When the limit begins anew; null where it does not.' }),
    suggestedPlan: t.expose('suggestedPlan', { type: Plan, nullable: true, description: 'What to buy to go on; null where that would not help.' }),
  }),
});

const UpgradePrompt = builder.objectRef<UpgradePromptValue>('UpgradePrompt').implement({
  description: 'That more is needed soon, or already: at 80 % of a limit, in the last two days of a trial, and when calls are refused.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'Why, as a complete sentence.' }),
    plan: t.expose('plan', { type: Plan, description: 'What to buy.' }),
  }),
});

const TrialUsage = builder.objectRef<NonNullable<UsageValue['trial']>>('TrialUsage').implement({
  description: 'How far a trial is used.',
  fields: (t) => ({
    active: t.exposeBoolean('active', { description: 'Whether its time runs.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When its time ends or ended.' }),
    callsUsed: t.exposeInt('callsUsed', { description: 'Answered calls that are over.' }),
    callsLimit: t.exposeInt('callsLimit', { description: 'Calls in all.' }),
    callsRemaining: t.int({
      description: 'Calls that are left of them, those under way included.',
      resolve: ({ callsLimit, callsUsed }) => Math.max(0, callsLimit - callsUsed),
    }),
  }),
});

const Usage = builder.objectRef<UsageValue>('Usage').implement({
  description:
    "What a workspace has used, in days, weeks (from Monday) and months of its own time zone. A call counts once, when it has ended, in the period in which it was answered; one that nobody answered doesn't.",
  fields: (t) => ({
    trial: t.expose('trial', { type: TrialUsage, nullable: true, description: 'The trial; null once a plan is paid.' }),
    callsToday: t.exposeInt('callsToday', { description: 'Calls of the day.' }),
    callsThisWeek: t.exposeInt('callsThisWeek', { description: 'Calls of the week.' }),
    callsThisMonth: t.exposeInt('callsThisMonth', { description: 'Calls of the month.' }),
    callsTotal: t.exposeInt('callsTotal', { description: 'Calls in all.' }),
    secondsThisMonth: t.exposeInt('secondsThisMonth', { description: 'Whole seconds of answered time in the month.' }),
    costThisMonth: t.expose('costThisMonth', { type: Money, description: 'What the calls of the month have cost us so far.' }),
    dayResetsAt: t.field({ type: 'DateTime', description: 'When the next day begins.', resolve: ({ periods }) => periods.day.to }),
    weekResetsAt: t.field({ type: 'DateTime', description: 'When the next week begins.', resolve: ({ periods }) => periods.week.to }),
    monthResetsAt: t.field({ type: 'DateTime', description: 'When the next month begins.', resolve: ({ periods }) => periods.month.to }),
    permission: t.expose('permission', {
      type: CallPermission,
      description: 'May a call be placed right now? Asked again, atomically, at the moment of every call.',
    }),
    upgradePrompt: t.expose('upgradePrompt', { type: UpgradePrompt, nullable: true, description: 'What to buy, and why; null while there is enough.' }),
  }),
});

const UsageMonth = builder.objectRef<UsageMonthValue>('UsageMonth').implement({
  description: 'What a workspace has used in one month.',
  fields: (t) => ({
    month: t.expose('month', { type: 'Date', description: 'Its first day, e.g. `2026-03-01`.' }),
    calls: t.exposeInt('calls', { description: 'Answered calls.' }),
    seconds: t.exposeInt('seconds', { description: 'Whole seconds of answered time.' }),
    cost: t.expose('cost', { type: Money, description: 'What its calls have cost us.' }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  usage: t.field({
    type: Usage,
    complexity: 10,
    description: 'What it has used, and what it may still do.',
    resolve: ({ id }, _args, context) => usageOf(context.within(id)),
  }),
  usageByMonth: t.field({
    type: [UsageMonth],
    complexity: 10,
    description: 'The last months, the present one first; those without calls too. BAD_USER_INPUT unless 1 to 60 are asked for.',
    args: { months: t.arg.int({ defaultValue: 12, description: 'How many, 1 to 60.' }) },
    resolve: ({ id }, { months }, context) => {
      const count = months ?? 12;
      if (count < 1 || count > 60) throw new Fault('BAD_USER_INPUT', 'Ask for 1 to 60 months.');
      return usageByMonth(context.within(id), { months: count });
    },
  }),
}));

builder.objectRef<LimitReached>('LimitReached').implement({
  interfaces: [UserError],
  description: 'A limit of the plan keeps a call from being placed.',
  fields: (t) => ({ permission: t.expose('permission', { type: CallPermission, description: 'Which limit it is, when it ends and what to buy.' }) }),
});
userErrorKind('LimitReached', (problem) => 'permission' in problem);

builder.subscriptionField('usage', (t) =>
  t.field({
    type: Usage,
    description: 'What the active workspace has used and may do: first as it is, then after each change.',
    subscribe: async (_root, _args, context) => followUsage(context),
    resolve: (usage: UsageValue) => usage,
  }),
);

function followUsage(context: Context) {
  const { bus, workspaceId } = context.scope;
  return live(context, async function* (signal) {
    for await (const _wake of await listen(bus, [usageTopic(workspaceId)], signal)) yield await usageOf(context.within(workspaceId));
  });
}
