import type { Assistant, Workspace } from '../../generated/prisma/client.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { openingTimesOf } from '../assistants/assistant.ts';
import { otherLanguagesOf } from '../assistants/call-handling.ts';
import { buildInstructions } from '../assistants/prompt.ts';
import type { CallPlan } from './plan.ts';
import { toolsFor } from './tools/tools.ts';

const MAXIMUM_CALL_MS = 30 * MINUTE;
const SILENCE_MS = 20 * SECOND;

/** The model hears the question and its answer like everything else, and is to leave both alone. */
const ABOUT_RECORDING =
  '\n# Recording\n- Whether the call is recorded is asked and settled without you. When the caller has just answered that question, thank them in a word and go on with what they want. Never ask about it yourself, and never say whether the call is being recorded: if you are asked, say that recording stops as soon as they say so.\n';

/** Freezes what an assistant is into the plan of one call. */
export function callPlanFor(assistant: Assistant, workspace: Workspace, direction: 'INBOUND' | 'OUTBOUND'): CallPlan {
  const otherLanguages = otherLanguagesOf(assistant);
  const transfer = assistant.transferTo === null ? null : { to: assistant.transferTo };
  return {
    direction,
    assistantId: assistant.id,
    businessName: assistant.businessName ?? workspace.name,
    instructions: buildInstructions(assistant, workspace, direction) + (assistant.recordCalls ? ABOUT_RECORDING : ''),
    greeting: assistant.greeting,
    voice: assistant.voice,
    language: assistant.language,
    otherLanguages,
    transfer,
    recording: assistant.recordCalls ? { consent: assistant.recordingConsent } : null,
    voicemailMessage: assistant.voicemailMessage,
    detectsMachines: true,
    purpose: null,
    interview: null,
    timeZone: assistant.timeZone,
    openingTimes: openingTimesOf(assistant),
    tools: toolsFor(assistant, { transfers: transfer !== null, outbound: direction === 'OUTBOUND', otherLanguages }),
    limits: { maximumSeconds: MAXIMUM_CALL_MS / SECOND, limitedByPlan: false, silenceSeconds: SILENCE_MS / SECOND },
  };
}
