import { advanceCall } from '../calls/advance-call.ts';
import { type DialerScope, inWorkspace } from './dialer-scope.ts';
import { settleAttempt } from './settle-attempt.ts';

const MOST_AT_ONCE = 200;

/**
 * Brings live attempts to where their calls are: the state of each for whoever looks, what ended and nobody told of, and
 * what a worker had made a row for when it died. The carrier was not asked for those, and is not asked now: the minute for
 * which they were permitted is over.
 *
 * @returns how many were settled.
 */
export async function followAttempts(scope: DialerScope, signal?: AbortSignal): Promise<number> {
  await mirror(scope);
  let settled = 0;
  for (const { workspaceId, callId } of await unseen(scope)) {
    if (signal?.aborted) break;
    const workspace = inWorkspace(scope, workspaceId);
    try {
      await advanceCall(workspace, { callId, event: 'not-found', reason: 'never-dialed', onlyFrom: 'QUEUED' });
      await settleAttempt(workspace, { callId });
      settled++;
    } catch (error) {
      // One that cannot be settled keeps no other waiting; the next look tries again.
      scope.logger.warn({ callId, err: error }, 'an attempt could not be settled');
    }
  }
  return settled;
}

/** As attemptStateOf says. */
const mirror = ({ root }: DialerScope) => root.$executeRaw`
  WITH live AS (
    SELECT a."id", CASE
      WHEN c."status" = 'QUEUED' THEN 'RESERVED'
      WHEN c."status" IN ('DIALING', 'RINGING', 'UNKNOWN') THEN c."status"::text
      WHEN c."answeredBy" IN ('machine', 'fax') THEN 'VOICEMAIL'
      WHEN c."answeredBy" = 'screener' THEN 'SCREENED'
      WHEN c."bridgeCount" > 0 THEN 'TALKING'
      ELSE 'ANSWERED' END::"AttemptState" AS "now"
    FROM "Attempt" a JOIN "Call" c ON c."id" = a."callId"
    WHERE a."state" IN ('RESERVED', 'DIALING', 'RINGING', 'ANSWERED', 'TALKING', 'VOICEMAIL', 'SCREENED', 'UNKNOWN')
      AND c."status" NOT IN ('ENDED', 'FAILED')
    ORDER BY a."id" FOR UPDATE OF a SKIP LOCKED
  )
  UPDATE "Attempt" a SET "state" = live."now" FROM live WHERE a."id" = live."id" AND a."state" <> live."now"`;

const unseen = ({ root, clock }: DialerScope) => root.$queryRaw<{ workspaceId: string; callId: string }[]>`
  SELECT a."workspaceId", a."callId" FROM "Attempt" a JOIN "Call" c ON c."id" = a."callId"
  WHERE a."state" IN ('RESERVED', 'DIALING', 'RINGING', 'ANSWERED', 'TALKING', 'VOICEMAIL', 'SCREENED', 'UNKNOWN')
    AND ((c."status" IN ('ENDED', 'FAILED') AND c."bridgeId" IS NULL) OR (c."status" = 'QUEUED' AND a."leaseUntil" < ${clock.now()}))
  ORDER BY a."id" LIMIT ${MOST_AT_ONCE}`;
