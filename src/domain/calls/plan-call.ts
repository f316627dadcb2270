import { z } from 'zod';
import type { Assistant, Workspace } from '../../generated/prisma/client.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { buildInstructions } from '../assistants/prompt.ts';
import type { CallPlan } from './plan.ts';
import { toolsFor } from './tools.ts';

const MAXIMUM_CALL_MS = 30 * MINUTE;
const SILENCE_MS = 20 * SECOND;

/** Freezes what an assistant is into the plan of one call. */
export function callPlanFor(assistant: Assistant, workspace: Workspace, direction: 'INBOUND' | 'OUTBOUND'): CallPlan {
  return {
    direction,
    assistantId: assistant.id,
    businessName: assistant.businessName ?? workspace.name,
    instructions: buildInstructions(assistant, workspace, direction),
    greeting: assistant.greeting,
    voice: assistant.voice,
    language: assistant.language,
    otherLanguages: z.array(z.string()).parse(assistant.otherLanguages),
    transfer: assistant.transferTo === null ? null : { to: assistant.transferTo },
    recording: assistant.recordCalls ? { consent: assistant.recordingConsent } : null,
    voicemailMessage: assistant.voicemailMessage,
    timeZone: assistant.timeZone,
    tools: toolsFor(assistant),
    limits: { maximumSeconds: MAXIMUM_CALL_MS / SECOND, limitedByPlan: false, silenceSeconds: SILENCE_MS / SECOND },
  };
}
