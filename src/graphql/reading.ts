import type { Feature } from '../domain/plans/catalogue.ts';
import { requireReading } from '../domain/plans/subscription-of.ts';
import { Fault } from '../kit/errors.ts';
import type { Context } from './context.ts';

/** Asked once for each operation, however many rows it reads. */
const asked = new WeakMap<Context, Map<string, Promise<true>>>();

/**
 * That the plan of a workspace includes what is looked at. Where a mutation would say PLAN_REQUIRED, a field has no
 * payload to say it in.
 *
 * @throws Fault FORBIDDEN with `reason`, `feature` and `suggestedPlan`.
 */
export function insistOnReading(context: Context, workspaceId: string, feature: Feature): Promise<true> {
  const answers = asked.get(context) ?? new Map<string, Promise<true>>();
  asked.set(context, answers);
  const key = `${feature} ${workspaceId}`;
  const answer = answers.get(key) ?? insist(context, workspaceId, feature);
  answers.set(key, answer);
  return answer;
}

async function insist(context: Context, workspaceId: string, feature: Feature): Promise<true> {
  const permitted = await requireReading(context.within(workspaceId), feature);
  if (permitted.ok) return true;
  const [problem] = permitted.problems;
  throw new Fault('FORBIDDEN', problem?.message ?? '', { reason: problem?.code, feature, suggestedPlan: problem?.suggestedPlan?.key ?? null });
}
