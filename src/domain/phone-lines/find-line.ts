import type { RootDb } from '../../db/client.ts';
import type { TenantDb } from '../../db/tenant.ts';
import type { Assistant, Workspace } from '../../generated/prisma/client.ts';
import { DAY } from '../../kit/time.ts';
import type { CarrierName } from '../../ports/carrier.ts';
import { mayUseSharedNumber } from './shared-number.ts';

/** Who answers a call: a workspace and, where one is assigned and not deleted, its assistant. */
export interface Answerer {
  readonly workspaceId: string;
  readonly workspace: Workspace;
  readonly assistant: Assistant | null;
}

/** For how long somebody who calls the shared number back reaches whoever called them from it. */
const CALLED_BACK_WITHIN_MS = 30 * DAY;
const E164 = /^\+[1-9]\d{6,14}$/;
const WHO = { workspaceId: true, workspace: true, assistant: true } as const;

/**
 * Who answers a number. The shared number is answered by the workspace that last called the caller from it; any other
 * by the workspace whose active line it is.
 *
 * @param call.to E.164, as the carrier says it was called.
 * @param call.from as the carrier says it; a withheld number calls nobody back.
 * @param call.sharedNumber the number that many workspaces call from; null where there is none.
 * @returns null where nobody does: no such line, or it is suspended, or the caller was not called from there in 30 days.
 */
export async function findAnswerer(
  root: RootDb,
  { to, from, sharedNumber, now }: { to: string; from: string; sharedNumber: string | null; now: Date },
): Promise<Answerer | null> {
  const since = new Date(now.getTime() - CALLED_BACK_WITHIN_MS);
  const called =
    to === sharedNumber && E164.test(from)
      ? await root.call.findFirst({
          where: { to: from, from: to, direction: 'OUTBOUND', dialedAt: { not: null }, createdAt: { gte: since } },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          select: WHO,
        })
      : null;
  const answerer = called ?? (await root.phoneLine.findFirst({ where: { phoneNumber: to, status: 'ACTIVE' }, select: WHO }));
  return answerer?.assistant?.deletedAt ? { ...answerer, assistant: null } : answerer;
}

/** What a call is placed from. */
export interface CallerLine {
  /** E.164 */
  readonly phoneNumber: string;
  /** Whether it is the number that many workspaces call from. */
  readonly shared: boolean;
}

/**
 * The number that the workspace calls from: its primary line, else its oldest, else the shared number where it may use
 * that one.
 *
 * @returns null where it has none.
 */
export async function findCallerLine(
  { db, config }: { db: TenantDb; config: { readonly production: boolean; readonly twilio: { readonly phoneNumber: string | null } | null } },
  { platform, carrier }: { platform: Workspace['platform']; carrier: CarrierName },
): Promise<CallerLine | null> {
  const line = await db.phoneLine.findFirst({
    where: { status: 'ACTIVE', carrier },
    orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }, { id: 'asc' }],
  });
  if (line) return { phoneNumber: line.phoneNumber, shared: false };
  const sharedNumber = config.twilio?.phoneNumber ?? null;
  return sharedNumber && mayUseSharedNumber({ platform, developmentMode: !config.production }) ? { phoneNumber: sharedNumber, shared: true } : null;
}
