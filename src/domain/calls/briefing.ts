import { openLine } from '../assistants/open-now.ts';
import { todayLine } from '../assistants/prompt.ts';
import type { CallPlan } from './plan.ts';

/**
 * The instructions of a call as they are at this moment: the plan's, with the day, the time and whether the business is
 * open now. A call may be taken up again after midnight, so that it is told anew to each who takes it.
 */
export function briefing({ instructions, timeZone, openingTimes, direction }: CallPlan, now: Date): string {
  const open = openingTimes && direction === 'INBOUND' ? openLine(openingTimes, timeZone, now) : '';
  return `${instructions}\n\n${[todayLine(now, timeZone), open].filter(Boolean).join(' ')}`;
}
