import type { Database } from '../../src/db/client.ts';
import { type TenantDb, tenantDb } from '../../src/db/tenant.ts';
import type { EventSink } from '../../src/db/transaction.ts';
import { WEEKDAYS } from '../../src/domain/assistants/opening-hours.ts';
import type { Prisma } from '../../src/generated/prisma/client.ts';
import { type Clock, createClock } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';

/** A workspace with one assistant that is open day and night, and what its verbs need. */
export interface Shop {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly workspaceId: string;
  readonly assistantId: string;
}

export async function openShop({ root }: Database, policy: Partial<Prisma.AssistantUncheckedCreateInput>): Promise<Shop> {
  const [workspaceId, assistantId, now] = [newId(), newId(), new Date()];
  await root.workspace.create({
    data: { id: workspaceId, name: 'Harbour Hair', platform: 'BUSINESS', country: 'US', timeZone: 'America/Chicago', createdAt: now },
  });
  const words = { name: 'Robin', greeting: 'Hello!', voice: 'marin', tone: 'FRIENDLY', language: 'en-US', timeZone: 'America/Chicago', faqs: [] } as const;
  const hours = WEEKDAYS.map((day) => ({ day, opens: '00:00', closes: '00:00' }));
  const notice = { minimumNoticeMinutes: 0, maximumDaysAhead: 365 };
  await root.assistant.create({ data: { id: assistantId, workspaceId, ...words, hours, ...notice, createdAt: now, updatedAt: now, ...policy } });
  const events = { enqueue: async () => {}, announce: async () => {} };
  return { db: tenantDb(root, workspaceId), clock: createClock(), events, workspaceId, assistantId };
}
