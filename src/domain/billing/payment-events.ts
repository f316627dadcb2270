import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { PaymentVendor, Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';

export interface EventStore {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

export interface ToldEvent {
  readonly vendor: PaymentVendor;
  /** The service's own id of it. */
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  /** Whom it concerns, in the service's words; null where that is none of ours: it is stored, and that is all. */
  readonly subject: string | null;
  readonly payload: Prisma.InputJsonValue;
}

/**
 * Stores an event of a payment service once, whatever becomes of it, and has it acted upon.
 *
 * @returns whether it was new.
 */
export async function storePaymentEvent(store: EventStore, { vendor, id, type, at, subject, payload }: ToldEvent): Promise<boolean> {
  const receivedAt = store.clock.now();
  return transact({ db: store.root, events: store.events }, async (tx, emit) => {
    const row = { id: newId(), vendor, eventId: id, type, subject, payload, occurredAt: at, receivedAt, processedAt: subject === null ? receivedAt : null };
    const { count } = await tx.paymentEvent.createMany({ data: [row], skipDuplicates: true });
    if (count === 1 && subject !== null) emit({ type: 'PaymentTold', vendor, subject });
    return count === 1;
  });
}

/** What was told of somebody and not acted upon yet, the oldest first. */
export const eventsToApply = ({ root }: Pick<EventStore, 'root'>, { vendor, subject }: { vendor: PaymentVendor; subject: string }) =>
  root.paymentEvent.findMany({ where: { vendor, subject, processedAt: null }, orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }] });

export async function markApplied({ root, clock }: Pick<EventStore, 'root' | 'clock'>, ids: readonly string[]): Promise<void> {
  await root.paymentEvent.updateMany({ where: { id: { in: [...ids] } }, data: { processedAt: clock.now(), error: null, attempts: { increment: 1 } } });
}

/** It is kept, and tried again later: see sync-payments.ts. @param why a sentence for whoever looks at the row. */
export async function markWaiting({ root }: Pick<EventStore, 'root'>, ids: readonly string[], why: string): Promise<void> {
  await root.paymentEvent.updateMany({ where: { id: { in: [...ids] } }, data: { error: why, attempts: { increment: 1 } } });
}
