import type { Feature } from '../plans/catalogue.ts';
import type { CallPlan } from './plan.ts';

/** What of a tool's name asks for a feature; all other tools are everybody's. */
const TOOL_FEATURES: Readonly<Record<string, Feature>> = {
  check_availability: 'CALENDAR',
  book_appointment: 'CALENDAR',
  reschedule_appointment: 'CALENDAR',
  cancel_appointment: 'CALENDAR',
  search_knowledge: 'KNOWLEDGE',
};

/** A call as the assistant would have it, cut to what the subscription includes and has left. */
export function fitPlan(
  plan: CallPlan,
  { features, maximumSeconds, limitedByPlan }: { features: readonly Feature[]; maximumSeconds: number; limitedByPlan: boolean },
): CallPlan {
  const included = (feature: Feature | undefined) => feature === undefined || features.includes(feature);
  return {
    ...plan,
    tools: plan.tools.filter(({ name }) => included(TOOL_FEATURES[name])),
    recording: included('RECORDINGS') ? plan.recording : null,
    limits: { ...plan.limits, maximumSeconds, limitedByPlan },
  };
}
