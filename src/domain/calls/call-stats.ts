import { type CallOutcome, Prisma } from '../../generated/prisma/client.ts';
import { dollars, type Money } from '../../kit/money.ts';

export interface CallStats {
  readonly total: number;
  /** Over or under way, and somebody picked up. */
  readonly answered: number;
  /** Over, and nobody did. */
  readonly missed: number;
  readonly inbound: number;
  readonly outbound: number;
  readonly totalSeconds: number;
  /** Of those that were answered and are over; 0 where none was. */
  readonly averageSeconds: number;
  readonly bookings: number;
  readonly messages: number;
  readonly totalCost: Money;
  /** Days with calls, in order. */
  readonly byDay: readonly { date: string; calls: number; seconds: number }[];
  readonly byOutcome: readonly { outcome: CallOutcome; calls: number }[];
}

type Sql = Pick<Prisma.TransactionClient, '$queryRaw'>;

/**
 * Figures of the calls that began from an instant on and before another.
 *
 * @param input.workspaceId null: of all workspaces, for platform staff.
 * @param input.timeZone whose days they are, an IANA name.
 */
export async function callStats(db: Sql, input: { workspaceId: string | null; from: Date; to: Date; timeZone: string }): Promise<CallStats> {
  const { workspaceId, from, to, timeZone } = input;
  const own = workspaceId === null ? Prisma.empty : Prisma.sql`AND c."workspaceId" = ${workspaceId}`;
  const these = Prisma.sql`c."createdAt" >= ${from} AND c."createdAt" < ${to} ${own}`;
  const over = Prisma.sql`"status" IN ('ENDED', 'FAILED')`;
  const [[sums], byDay, byOutcome] = await Promise.all([
    db.$queryRaw<[Sums]>`
      SELECT count(*)::int AS "total",
        count(*) FILTER (WHERE "answeredAt" IS NOT NULL)::int AS "answered",
        count(*) FILTER (WHERE "answeredAt" IS NULL AND ${over})::int AS "missed",
        count(*) FILTER (WHERE "direction" = 'INBOUND')::int AS "inbound",
        count(*) FILTER (WHERE "direction" = 'OUTBOUND')::int AS "outbound",
        coalesce(sum("durationSeconds"), 0)::int AS "totalSeconds",
        count("durationSeconds")::int AS "timed",
        (SELECT count(*)::int FROM "Booking" b JOIN "Call" c ON c."id" = b."callId" WHERE b."status" <> 'HELD' AND ${these}) AS "bookings",
        (SELECT count(*)::int FROM "Message" m JOIN "Call" c ON c."id" = m."callId" WHERE ${these}) AS "messages",
        (SELECT coalesce(sum(k."amountMicros"), 0)::bigint FROM "CallCost" k JOIN "Call" c ON c."id" = k."callId" WHERE ${these}) AS "micros"
      FROM "Call" c WHERE ${these}`,
    db.$queryRaw<{ date: string; calls: number; seconds: number }[]>`
      SELECT to_char(c."createdAt" AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS "date", count(*)::int AS "calls", coalesce(sum(c."durationSeconds"), 0)::int AS "seconds"
      FROM "Call" c WHERE ${these} GROUP BY 1 ORDER BY 1`,
    db.$queryRaw<{ outcome: CallOutcome; calls: number }[]>`
      SELECT c."outcome"::text, count(*)::int AS "calls" FROM "Call" c WHERE c."outcome" IS NOT NULL AND ${these} GROUP BY 1 ORDER BY 2 DESC, 1`,
  ]);
  const { micros, timed, ...counted } = sums;
  return { ...counted, averageSeconds: timed === 0 ? 0 : counted.totalSeconds / timed, totalCost: dollars(micros), byDay, byOutcome };
}

interface Sums extends Omit<CallStats, 'averageSeconds' | 'totalCost' | 'byDay' | 'byOutcome'> {
  readonly timed: number;
  readonly micros: bigint;
}
