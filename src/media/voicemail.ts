import { SECOND } from '../kit/time.ts';
import { hush } from './hush.ts';
import { type Draft, endCall, request } from './session.ts';
import { greet } from './wording.ts';

/** A verdict that comes later is about a conversation. */
const LATEST_VERDICT_MS = 60 * SECOND;
/** The longest message takes less. */
const LONGEST_MS = 120 * SECOND;

/** What picked up, as the carrier heard it: a machine is told the message, word for word, and left. */
export function answeredBy(draft: Draft, who: string): void {
  const { call, machine, screening, now } = draft;
  if ((who !== 'machine' && who !== 'fax') || machine || call.plan.direction !== 'OUTBOUND') return;
  // A screener sounds like a machine, and puts us through to a person.
  if (screening.state !== 'none' || draft.ending) return;
  if (now.ms - draft.answeredMs > LATEST_VERDICT_MS || draft.toolCalls.length > 0) return;
  draft.machine = { kind: who, sinceMs: now.ms };
  draft.duties = { ...draft.duties, due: [] };
  draft.consent = { ...draft.consent, awaiting: false, heldMs: null };
  draft.tools = [];
  hush(draft);
  draft.duties = { ...draft.duties, due: [], saying: null };
  draft.callerSpeaking = false;
  if (draft.phase !== 'opening') speakToMachine(draft);
}

/** Says the message, unless it was left before or there is none: then the call just ends. */
export function speakToMachine(draft: Draft): void {
  const { plan, known } = draft.call;
  const message = plan.voicemailMessage;
  if (draft.machine?.kind === 'fax') return endCall(draft, 'fax', null);
  if (message === null || known.voicemailLeft) return endCall(draft, 'voicemail', null);
  request(draft, { instructions: greet(message), withoutTools: true, duties: ['voicemail'] });
}

/** Once a second: nobody talks to a machine for ever. */
export function machineTick(draft: Draft): void {
  if (draft.machine && !draft.ending && draft.now.ms - draft.machine.sinceMs > LONGEST_MS) endCall(draft, 'voicemail', null);
}
