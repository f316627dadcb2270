import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';

/** Ends a sign-in: its tokens are void from now on and its sockets are closed. Ending one that is over does nothing. */
export async function endSession({ root, events, clock }: { root: RootDb; events: EventSink; clock: Clock }, sessionId: string, reason: string): Promise<void> {
  await transact({ db: root, events }, async (tx, emit) => {
    const ending = { endedAt: clock.now(), endReason: reason };
    const { count } = await tx.session.updateMany({ where: { id: sessionId, endedAt: null }, data: ending });
    if (count > 0) emit({ type: 'SessionEnded', sessionId });
  });
}
