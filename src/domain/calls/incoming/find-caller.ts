import type { TenantDb } from '../../../db/tenant.ts';
import { type KnownCaller, numberOf } from './known-caller.ts';

const MOST_COMING = 3;

/**
 * What the workspace knows of a caller by their number: as a contact, and from bookings and calls of the same number.
 *
 * @param party as the carrier tells it; one that is withheld belongs to nobody.
 * @param now calls that began later are left out: the present one.
 */
export async function findCaller(db: TenantDb, { party, now }: { party: string; now: Date }): Promise<KnownCaller | null> {
  const number = numberOf(party);
  if (!number) return null;
  const bookings = { customerPhone: number, status: 'CONFIRMED' as const };
  const select = { startsAt: true, timeZone: true, customerName: true } as const;
  const ofCalls = { select: { createdAt: true, summary: true }, orderBy: { createdAt: 'desc' } } as const;
  const [contact, coming, last, called, wasCalled] = await Promise.all([
    db.contact.findUnique({ where: { workspaceId_phoneNumber: { workspaceId: db.$workspaceId, phoneNumber: number } }, select: { name: true } }),
    db.booking.findMany({ where: { ...bookings, startsAt: { gt: now } }, orderBy: { startsAt: 'asc' }, take: MOST_COMING, select }),
    db.booking.findFirst({ where: { ...bookings, startsAt: { lte: now } }, orderBy: { startsAt: 'desc' }, select }),
    db.call.findFirst({ where: { from: number, createdAt: { lt: now } }, ...ofCalls }),
    db.call.findFirst({ where: { to: number, createdAt: { lt: now } }, ...ofCalls }),
  ]);
  const [latest] = [called, wasCalled].filter((call) => call !== null).toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const name = contact?.name ?? coming[0]?.customerName ?? last?.customerName ?? null;
  return { name, coming, last, lastCall: latest ? { at: latest.createdAt, summary: latest.summary } : null };
}
