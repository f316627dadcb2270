import { isOver } from '../../domain/calls/state.ts';
import type { Booking as BookingRow, Call as CallRow, Message as MessageRow, TranscriptTurn as TurnRow } from '../../generated/prisma/client.ts';
import { Fault } from '../../kit/errors.ts';
import { MINUTE } from '../../kit/time.ts';
import { followRows } from '../../realtime/follow-rows.ts';
import { followTranscript } from '../../realtime/follow-transcript.ts';
import { listen } from '../../realtime/replay.ts';
import { bookingsTopic, callsTopic, callTopic, messagesTopic, type TranscriptMessage, transcriptTopic } from '../../realtime/topics.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { live } from '../live.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { insistOnReading } from '../reading.ts';
import { Booking } from './bookings.ts';
import { Call } from './calls.ts';
import { Message } from './messages.ts';
import { TranscriptTurn } from './transcripts.ts';

/** So many rows make the present state at most. */
const PRESENT = 1_000;

/** A row written just before the last look may have been committed just after it. */
const SLACK_MS = MINUTE;

const TranscriptEvent = builder.objectRef<{ turn: TurnRow; partial: boolean }>('TranscriptEvent').implement({
  description: 'A turn of a conversation that is followed live.',
  fields: (t) => ({
    turn: t.expose('turn', { type: TranscriptTurn, description: 'The turn.' }),
    partial: t.exposeBoolean('partial', {
      description: 'True while its words are still being spoken: it comes again with the same sequence, and last with false.',
    }),
  }),
});

builder.subscriptionFields((t) => ({
  call: t.field({
    type: Call,
    description: 'Call state: first as it is, then each change until it has ended. NOT_FOUND where the workspace has no such call.',
    args: { id: t.arg.globalID({ required: true, description: 'The call to follow.' }) },
    subscribe: async (_root, { id }, context) => followCall(context, (await callOf(context, id)).id),
    resolve: (call: CallRow) => call,
  }),
  calls: t.field({
    type: Call,
    description: 'Every call of the workspace as it starts, changes and ends: the live wall. First those under way.',
    subscribe: async (_root, _args, context) => followCalls(context),
    resolve: (call: CallRow) => call,
  }),
  transcript: t.field({
    type: TranscriptEvent,
    description:
      'Turns in order from `after` (exclusive; 0 = from the start). Words still being spoken come as partial turns with the same sequence. Ends when the call is over and all of it was sent. A client that was cut off subscribes again with the last sequence it has with `partial: false`, and has every turn exactly once. NOT_FOUND where the workspace has no such call.',
    args: {
      callId: t.arg.globalID({ required: true, description: 'The call to listen to.' }),
      after: t.arg.int({ defaultValue: 0, description: 'The last sequence that the client has; 0 for none.' }),
    },
    subscribe: async (_root, { callId, after }, context) => {
      if ((after ?? 0) < 0) throw new Fault('BAD_USER_INPUT', '`after` is the sequence of a turn, or 0 for none.');
      const call = await callOf(context, callId);
      await insistOnReading(context, call.workspaceId, 'TRANSCRIPTS');
      return followTurns(context, call, after ?? 0);
    },
    resolve: (event: { turn: TurnRow; partial: boolean }) => event,
  }),
  message: t.field({
    type: Message,
    description: 'Messages as they are taken. First those that nobody has read, the oldest first, 1,000 at most.',
    subscribe: async (_root, _args, context) => followMessages(context),
    resolve: (message: MessageRow) => message,
  }),
  booking: t.field({
    type: Booking,
    description:
      'Bookings as they are made and changed. First those to come, the soonest first, 1,000 at most. NOT_FOUND where the workspace has no such assistant.',
    args: { assistantId: t.arg.globalID({ description: 'Only those of this assistant; all of the workspace if left out.' }) },
    subscribe: async (_root, { assistantId }, context) => {
      const id = idOf('Assistant', assistantId);
      if (id !== null && !(await context.scope.db.assistant.findFirst({ where: { id } }))) throw new Fault('NOT_FOUND', 'There is no such assistant.');
      return followBookings(context, id);
    },
    resolve: (booking: BookingRow) => booking,
  }),
}));

async function callOf({ scope }: Context, nodeId: NodeId): Promise<CallRow> {
  const call = await scope.db.call.findFirst({ where: { id: idOf('Call', nodeId) } });
  if (!call) throw new Fault('NOT_FOUND', 'There is no such call.');
  return call;
}

function followCall(context: Context, callId: string) {
  const { db, bus } = context.scope;
  const one = () => db.call.findFirst({ where: { id: callId } });
  return live(context, async function* (signal) {
    const rows = {
      one,
      present: async () => [await one()].filter((call) => call !== null),
      id: (call: CallRow) => call.id,
      version: (call: CallRow) => call.version,
    };
    for await (const call of followRows(await listen(bus, [callTopic(callId)], signal), ({ callId }) => callId, rows)) {
      yield call;
      if (isOver(call.status)) return;
    }
  });
}

function followCalls(context: Context) {
  const { db, bus, workspaceId } = context.scope;
  const changed = lookBack(context);
  return live(context, async function* (signal) {
    yield* followRows(await listen(bus, [callsTopic(workspaceId)], signal), ({ callId }) => callId, {
      present: () =>
        db.call.findMany({
          where: { OR: [{ status: { notIn: ['ENDED', 'FAILED'] } }, ...changed((since) => ({ endedAt: { gte: since } }))] },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
          take: PRESENT,
        }),
      one: (id) => db.call.findFirst({ where: { id } }),
      id: (call) => call.id,
      version: (call) => call.version,
    });
  });
}

function followTurns(context: Context, call: CallRow, after: number) {
  const { db, bus } = context.scope;
  return live(context, async function* (signal) {
    yield* followTranscript(
      await listen(bus, [transcriptTopic(call.id)], signal),
      {
        after: (sequence) => db.transcriptTurn.findMany({ where: { callId: call.id, sequence: { gt: sequence } }, orderBy: { sequence: 'asc' } }),
        isOver: async () => {
          const now = await db.call.findFirst({ where: { id: call.id }, select: { status: true, bridgeId: true } });
          return !now || (isOver(now.status) && now.bridgeId === null);
        },
        spoken: (words) => turnOf(call, words),
      },
      after,
    );
  });
}

/** A turn that has no row yet. */
function turnOf({ id, workspaceId }: CallRow, words: Extract<TranscriptMessage, { type: 'speaking' }>): TurnRow {
  const { type: _type, startedAt, ...turn } = words;
  // What of it was heard is known when it is over; until then all of it is on its way.
  return {
    ...turn,
    id: `${id}-${words.sequence}`,
    workspaceId,
    callId: id,
    heardText: words.text,
    startedAt: new Date(startedAt),
    interrupted: false,
    complete: false,
  };
}

function followMessages(context: Context) {
  const { db, bus, workspaceId } = context.scope;
  const changed = lookBack(context);
  return live(context, async function* (signal) {
    yield* followRows(await listen(bus, [messagesTopic(workspaceId)], signal), ({ id }) => id, {
      present: async () => {
        const where = { OR: [{ readAt: null }, ...changed((since) => ({ createdAt: { gte: since } }))] };
        return (await db.message.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: PRESENT })).reverse();
      },
      one: (id) => db.message.findFirst({ where: { id } }),
      id: (message) => message.id,
      // Taking it is the one change that is told.
      version: () => 'taken',
    });
  });
}

function followBookings(context: Context, assistantId: string | null) {
  const { db, bus, workspaceId, clock } = context.scope;
  const changed = lookBack(context);
  const which = assistantId === null ? {} : { assistantId };
  return live(context, async function* (signal) {
    yield* followRows(await listen(bus, [bookingsTopic(workspaceId)], signal), ({ id }) => id, {
      present: () =>
        db.booking.findMany({
          where: {
            ...which,
            status: { not: 'HELD' },
            OR: [{ endsAt: { gt: clock.now() }, status: 'CONFIRMED' }, ...changed((since) => ({ updatedAt: { gte: since } }))],
          },
          orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
          take: PRESENT,
        }),
      one: (id) => db.booking.findFirst({ where: { id, status: { not: 'HELD' }, ...which } }),
      id: (booking) => booking.id,
      version: (booking) => `${booking.updatedAt.getTime()} ${booking.status}`,
    });
  });
}

/** Makes the condition for what has changed since the last time it was asked; the first time nothing has. */
function lookBack({ app: { clock } }: Context): <T>(condition: (since: Date) => T) => T[] {
  let last: Date | null = null;
  return (condition) => {
    const since = last;
    last = new Date(clock.now().getTime() - SLACK_MS);
    return since ? [condition(since)] : [];
  };
}
