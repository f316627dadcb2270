import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Result, refused } from '../../kit/errors.ts';
import { Turnstile } from '../../kit/turnstile.ts';
import type { LimitReached } from '../usage/permission.ts';
import { type LedgerTx, reserveCall } from '../usage/reserve-call.ts';
import { fitPlan } from './fit-plan.ts';
import { callPlan } from './plan.ts';
import { storedPlan } from './stored-plan.ts';

const turnstile = new Turnstile();

/**
 * For the transactions that take parts: those of one workspace would wait for its lock one by one, each with a database
 * connection in its hand. In a process they wait here, so that a crowd at one workspace keeps no other from its calls.
 */
export const inTurn = <T>(workspaceId: string, transaction: () => Promise<T>): Promise<T> => turnstile.through(workspaceId, transaction);

/** Undoes the transaction that has made a call's row: the plan allows no more. */
class PartRefused extends Error {
  override readonly name = 'PartRefused';
  readonly problems: readonly LimitReached[];

  constructor(problems: readonly LimitReached[]) {
    super(problems.map(({ message }) => message).join(' '));
    this.problems = problems;
  }
}

/**
 * Takes a call's part of what the plan allows, in the transaction that has just made its row, and cuts the call to it.
 *
 * @returns the row as it is then. @throws PartRefused: see `refusedPart`.
 */
export async function reservePart(ledger: LedgerTx, call: Call): Promise<Call> {
  const part = await takePart(ledger, call);
  if (!part.ok) throw new PartRefused(part.problems);
  return part.value;
}

/** The same, where the row stays also if there is nothing left for it. */
export async function takePart(ledger: LedgerTx, call: Call): Promise<Result<Call, LimitReached>> {
  const { id, workspaceId } = call;
  const plan = callPlan.parse(call.plan);
  const to = call.direction === 'OUTBOUND' ? call.to : null;
  const reserved = await reserveCall(ledger, { workspaceId, callId: id, to, maximumSeconds: plan.limits.maximumSeconds });
  if (!reserved.ok) return reserved;
  return ok(await ledger.tx.call.update({ where: { id, workspaceId }, data: { plan: storedPlan(fitPlan(plan, reserved.value)) } }));
}

/** For the `catch` of that transaction: the refusal as a result. @throws whatever else it was. */
export function refusedPart(error: unknown): ReturnType<typeof refused<LimitReached>> {
  if (error instanceof PartRefused) return refused(...error.problems);
  throw error;
}
