import { tenantDb } from '../../src/db/tenant.ts';
import { advanceCall } from '../../src/domain/calls/advance-call.ts';
import { type PlaceCall, placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { callPlan } from '../../src/domain/calls/plan.ts';
import type { CallEvent } from '../../src/domain/calls/state.ts';
import { usageOf } from '../../src/domain/usage/usage-of.ts';
import type { Prisma } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { DAY } from '../../src/kit/time.ts';
import { type CallApp, callApp } from './call-app.ts';
import { subscribe } from './subscription.ts';

export interface UsageApp extends CallApp {
  /** Places a call; every call is to another telephone unless told otherwise. */
  place(more?: Partial<PlaceCall>): ReturnType<typeof placeCall>;
  /** The same, as a call's id. @throws where it was refused. */
  placed(): Promise<string>;
  /** What happened to a call, one after the other. */
  happened(callId: string, ...events: CallEvent[]): Promise<void>;
  /** Places a call that is answered and lasts so long. */
  talk(seconds: number): Promise<string>;
  usage(): ReturnType<typeof usageOf>;
  /** The longest that a call may take, by its frozen plan. */
  limits(callId: string): Promise<{ maximumSeconds: number; limitedByPlan: boolean }>;
  /** Entries of the ledger and holds, as they count. */
  books(): Promise<{ entries: string[]; holds: number }>;
}

/** A call app on a plan; on its trial from the clock's now, unless told otherwise. */
export async function usageApp(plan: Partial<Prisma.SubscriptionUncheckedCreateInput> = {}): Promise<UsageApp> {
  const app = await callApp();
  const { workspace, clock, root } = app;
  const now = clock.now();
  const trial = { planKey: 'BUSINESS_TRIAL', status: 'TRIALING', source: 'NONE', trialStartsAt: now, trialEndsAt: new Date(now.getTime() + 7 * DAY) } as const;
  await subscribe(root, workspace.id, { ...trial, ...plan });
  const db = tenantDb(root, workspace.id);
  let telephones = 0;

  const place = (more: Partial<PlaceCall> = {}) =>
    placeCall(app, { to: `+1202555${String(1_000 + telephones++).padStart(4, '0')}`, assistantId: app.assistant.id, ...more });
  const placed = async () => {
    const result = await place();
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value.id;
  };
  const happened = async (callId: string, ...events: CallEvent[]) => {
    for (const event of events) await advanceCall(app, { callId, event });
  };
  return {
    ...app,
    place,
    placed,
    happened,
    async talk(seconds) {
      const callId = await placed();
      await happened(callId, 'carrier-answered', 'media-alive');
      clock.advance(seconds * 1_000);
      await happened(callId, 'carrier-completed');
      return callId;
    },
    usage: () => usageOf({ ...app, db }),
    limits: async (callId) => callPlan.parse((await app.call(callId)).plan).limits,
    async books() {
      const entries = await root.usageEntry.findMany({ orderBy: [{ createdAt: 'asc' }, { phase: 'asc' }] });
      return { entries: entries.map(({ kind, seconds }) => (kind === 'SETTLED' ? `${kind} ${seconds}` : kind)), holds: await root.usageHold.count() };
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** Fills the ledger as if so many calls had been answered then. */
export const settled = (workspaceId: string, calls: readonly { at: Date; seconds: number; planKey?: 'BUSINESS_TRIAL' | 'BUSINESS_BASIC' }[]) =>
  calls.map(({ at, seconds, planKey = 'BUSINESS_BASIC' }) => ({
    id: newId(),
    workspaceId,
    callId: newId(),
    kind: 'SETTLED' as const,
    phase: 1,
    planKey,
    calls: 1,
    seconds,
    at,
    createdAt: at,
  }));
