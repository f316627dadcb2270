import type { RootDb } from '../../src/db/client.ts';
import { WEEKDAYS } from '../../src/domain/assistants/opening-hours.ts';
import { newId } from '../../src/kit/ids.ts';

/** A business that is called. */
export interface Business {
  readonly workspaceId: string;
  readonly assistantId: string;
  /** E.164 */
  readonly line: string;
}

/** Businesses with one chair each, so that callers who want the same time contend for it. */
export async function buildTown(root: RootDb, count: number): Promise<Business[]> {
  const now = new Date();
  const hours = WEEKDAYS.map((day) => ({ day, opens: '08:00', closes: '20:00' }));
  const businesses = Array.from({ length: count }, (_, index) => ({
    workspaceId: newId(),
    assistantId: newId(),
    line: `+120255502${String(index).padStart(2, '0')}`,
  }));
  for (const { workspaceId, assistantId, line } of businesses) {
    const zone = { timeZone: 'America/New_York' };
    await root.workspace.create({ data: { id: workspaceId, name: 'Harbour Hair', platform: 'BUSINESS', country: 'US', ...zone, createdAt: now } });
    const plan = { planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE', source: 'STAFF' } as const;
    await root.subscription.create({ data: { ...plan, id: newId(), workspaceId, createdAt: now, updatedAt: now } });
    const voice = { voice: 'marin', tone: 'FRIENDLY', language: 'en-US', faqs: [] } as const;
    const words = { name: 'Robin', greeting: 'Harbour Hair, this is Robin. How can I help you?' };
    await root.assistant.create({ data: { id: assistantId, workspaceId, ...words, ...voice, ...zone, hours, createdAt: now, updatedAt: now } });
    const data = { id: newId(), workspaceId, assistantId, phoneNumber: line, carrier: 'TWILIO', isPrimary: true, provisionedAt: now } as const;
    await root.phoneLine.create({ data });
  }
  return businesses;
}
