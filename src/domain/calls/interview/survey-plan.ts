import { type Interview, interviewGreeting, interviewInstructions } from '../../surveys/interview-plan.ts';
import type { CallPlan } from '../plan.ts';
import { interviewTools } from '../tools/tools.ts';

/**
 * What a call that interviews somebody says and does.
 *
 * @param resumed the last call with them broke off in the middle: it goes on where that one stood.
 */
export const interviewPlan = (
  interview: Interview,
  { business, resumed }: { business: string; resumed: boolean },
): Pick<CallPlan, 'interview' | 'instructions' | 'greeting' | 'tools' | 'voice' | 'language' | 'purpose'> => ({
  interview,
  instructions: interviewInstructions(interview, business),
  greeting: interviewGreeting(interview, business, resumed),
  tools: interviewTools(),
  voice: interview.survey.voice,
  language: interview.survey.language,
  purpose: interview.survey.title,
});
