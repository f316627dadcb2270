import { type CallStats as CallStatsValue, callStats } from '../../domain/calls/call-stats.ts';
import { Fault } from '../../kit/errors.ts';
import { builder } from '../builder.ts';
import { insistOnReading } from '../reading.ts';
import { CallOutcome } from './calls.ts';
import { Money } from './money.ts';
import { Workspace } from './workspaces.ts';

const CallsOnDay = builder.objectRef<CallStatsValue['byDay'][number]>('CallsOnDay').implement({
  description: 'The calls that began on one day.',
  fields: (t) => ({
    date: t.expose('date', { type: 'Date', description: 'The day.' }),
    calls: t.exposeInt('calls', { description: 'How many calls.' }),
    seconds: t.exposeInt('seconds', { description: 'Whole seconds of answered time.' }),
  }),
});

const CallsByOutcome = builder.objectRef<CallStatsValue['byOutcome'][number]>('CallsByOutcome').implement({
  description: 'The calls of which one thing came.',
  fields: (t) => ({
    outcome: t.expose('outcome', { type: CallOutcome, description: 'What came of them.' }),
    calls: t.exposeInt('calls', { description: 'How many calls.' }),
  }),
});

export const CallStats = builder.objectRef<CallStatsValue>('CallStats').implement({
  description: 'Figures of the calls that began in some time.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'All calls.' }),
    answered: t.exposeInt('answered', { description: 'Those that were answered.' }),
    missed: t.exposeInt('missed', { description: 'Those that are over and that nobody answered.' }),
    inbound: t.exposeInt('inbound', { description: 'Those that came in.' }),
    outbound: t.exposeInt('outbound', { description: 'Those that we placed.' }),
    totalSeconds: t.exposeInt('totalSeconds', { description: 'Whole seconds of answered time.' }),
    averageSeconds: t.exposeFloat('averageSeconds', { description: 'Seconds of an answered call on average; 0 where none was.' }),
    bookings: t.exposeInt('bookings', { description: 'Appointments that were made in them.' }),
    messages: t.exposeInt('messages', { description: 'Messages that were left in them.' }),
    totalCost: t.expose('totalCost', { type: Money, description: 'What they have cost us.' }),
    byDay: t.field({ type: [CallsOnDay], description: 'Day by day, in order; days without calls are left out.', resolve: ({ byDay }) => [...byDay] }),
    byOutcome: t.field({ type: [CallsByOutcome], description: 'By what came of them, the most frequent first.', resolve: ({ byOutcome }) => [...byOutcome] }),
  }),
});

/** @throws Fault BAD_USER_INPUT where it ends before it begins. */
export function insistOnOrder(from: Date, to: Date): void {
  if (to < from) throw new Fault('BAD_USER_INPUT', '`to` is before `from`.');
}

builder.prismaObjectFields(Workspace, (t) => ({
  callStats: t.field({
    type: CallStats,
    complexity: 20,
    description: "Figures of its calls, by the days of its own time zone. FORBIDDEN where the plan doesn't include analytics.",
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'Calls that began at this instant or later.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'Calls that began before this instant.' }),
    },
    select: { id: true, timeZone: true },
    authScopes: ({ id }, _args, context) => insistOnReading(context, id, 'ANALYTICS'),
    resolve: ({ id, timeZone }, { from, to }, context) => {
      insistOnOrder(from, to);
      return callStats(context.within(id).db, { workspaceId: id, from, to, timeZone });
    },
  }),
}));
