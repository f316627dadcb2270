import { awaitsAnswer, conversation } from '../domain/calls/conversation.ts';
import { unreachable } from '../kit/errors.ts';
import type { VoiceEvent } from '../ports/voice-model.ts';
import { heard, hold, isHeld } from './heard.ts';
import { interrupt } from './interrupt.ts';
import { isLeaving, leavingInterrupted } from './opt-out.ts';
import { isSilent } from './playback.ts';
import { dutiesBegun, dutiesGenerated, dutiesInterrupted, dutiesUncertain, sayDue, sayGreeting } from './say-duties.ts';
import { close, command, type Draft, reopenModel, request, requestAgainLater, requestWanted, runTools, setMark } from './session.ts';
import { addWords, beginTurn, changeTurn, setText, wordsLost } from './turns.ts';
import { speakToMachine } from './voicemail.ts';
import { goOn, lineWasCut, nobodyTookIt } from './wording.ts';

/** How often in a row an answer may fail before the call is handed over. */
const FAILURES_ALLOWED = 2;

/** What the model says, applied to the session. */
export function onModelEvent(draft: Draft, event: VoiceEvent): void {
  switch (event.type) {
    case 'ready':
      return ready(draft);
    case 'speech-started':
      return speechStarted(draft, event);
    case 'speech-stopped':
      return speechStopped(draft, event);
    case 'caller-words':
      draft.turns = addWords(draft.turns, event.itemId, event.delta);
      return;
    case 'caller-text':
      draft.turns = setText(draft.turns, event.itemId, event.text);
      return heard(draft, event.itemId, event.text.trim());
    case 'caller-text-failed':
      draft.turns = wordsLost(draft.turns, event.itemId);
      return;
    case 'answer-started':
      return answerStarted(draft, event.responseId);
    case 'answer-words':
      draft.turns = addWords(beginTurn(draft.turns, event.itemId, 'ASSISTANT', draft.now.at), event.itemId, event.delta);
      return;
    case 'answer-text':
      draft.turns = changeTurn(beginTurn(draft.turns, event.itemId, 'ASSISTANT', draft.now.at), event.itemId, () => ({ text: event.text }));
      return;
    case 'answer-done':
      return answerDone(draft, event);
    case 'error':
      // We asked while the model had begun of itself: again when it is done.
      if (event.code === 'conversation_already_has_active_response') requestAgainLater(draft);
      return;
    case 'closed':
      return reopenModel(draft, event.reason);
    default:
      return unreachable(event);
  }
}

function ready(draft: Draft): void {
  if (draft.phase !== 'opening') return;
  const { known, bridgeCount } = draft.call;
  draft.phase = draft.ending ? 'ending' : 'talking';
  draft.openings = 0;
  draft.activeMs = draft.now.ms;
  dutiesUncertain(draft);
  for (const { modelCallId: callId, name, arguments: given, result } of draft.toolCalls.slice(draft.connection.toolCalls)) {
    command(draft, { type: 'tool-call', callId, name, arguments: given });
    command(draft, { type: 'tool-result', callId, output: result ?? '' });
  }
  const { said, toolCalls } = draft;
  const awaited = awaitsAnswer(conversation(said, toolCalls));
  if (!draft.greeted) {
    draft.greeted = true;
    if (draft.machine) return speakToMachine(draft);
    const first = bridgeCount === 1 || said.length === 0;
    if (first) sayGreeting(draft);
    else if (known.failedTransfer) return request(draft, { instructions: nobodyTookIt(draft.language), withoutTools: true });
    else request(draft, { instructions: awaited ? lineWasCut(draft.language) : goOn(draft.language), withoutTools: true });
    if (awaited && !first) draft.wanted ??= {};
    return;
  }
  if (draft.wanted) return requestWanted(draft);
  if (awaited && isSilent(draft.playback, draft.now.ms)) request(draft, {});
}

function answerStarted(draft: Draft, responseId: string): void {
  const { requested } = draft;
  const unasked = !requested;
  draft.answer = { responseId, spoke: false };
  draft.requested = null;
  // Not now: an answer that the model gives of itself while somebody is asked, fetched, or a machine.
  if (requested?.request.unwanted || (unasked && isHeld(draft))) return hold(draft, responseId);
  dutiesBegun(draft, requested?.request.duties ?? [], responseId);
  // Asked for just before the caller began to speak: the model would talk over them.
  if (draft.callerSpeaking) {
    draft.droppedResponseId = responseId;
    return command(draft, { type: 'cancel' });
  }
  // An answer that the model gives of itself has all that it knows; only words that it was to be told stay wanted.
  if (unasked && !draft.wanted?.instructions) draft.wanted = null;
}

/** The caller speaks: what is being said is cut off, and the model is told how much of it was heard. */
function speechStarted(draft: Draft, { itemId, atMs }: Extract<VoiceEvent, { type: 'speech-started' }>): void {
  const { answer, now } = draft;
  // A machine that goes on talking does not interrupt.
  if (draft.machine) return;
  draft.callerSpeaking = true;
  draft.speechStartedMs = atMs;
  draft.activeMs = now.ms;
  draft.silencePrompts = 0;
  if (answer) draft.droppedResponseId = answer.responseId;
  if (answer?.spoke || !isSilent(draft.playback, now.ms)) {
    dutiesInterrupted(draft);
    interrupt(draft);
  }
  // Whoever still talks does not want to be hung up on; only the longest time of a call is not theirs to extend.
  if (draft.ending?.reason === 'transfer') draft.ending = { ...draft.ending, said: true };
  else if (isLeaving(draft)) leavingInterrupted(draft);
  else if (draft.ending && draft.ending.reason !== 'maximum-duration') {
    draft.ending = null;
    draft.phase = 'talking';
  }
  draft.turns = beginTurn(draft.turns, itemId, 'CALLER', now.at);
}

function speechStopped(draft: Draft, { itemId, atMs }: Extract<VoiceEvent, { type: 'speech-stopped' }>): void {
  draft.callerSpeaking = false;
  draft.activeMs = draft.now.ms;
  const audioMs = Math.max(0, Math.round(atMs - draft.speechStartedMs));
  draft.turns = changeTurn(draft.turns, itemId, () => ({ audioMs, finished: true, awaitedSinceMs: draft.now.ms }));
}

function answerDone(draft: Draft, { responseId, status, toolCalls }: Extract<VoiceEvent, { type: 'answer-done' }>): void {
  const spoke = draft.answer?.responseId === responseId && draft.answer.spoke;
  draft.answer = null;
  for (const turn of draft.turns.open) {
    if (turn.speaker === 'ASSISTANT') draft.turns = changeTurn(draft.turns, turn.itemId, ({ text }) => ({ text: text.trim(), worded: true }));
  }
  setMark(draft, true);
  dutiesGenerated(draft, responseId, status === 'completed' && spoke);
  if (status === 'failed') {
    draft.failures += 1;
    if (draft.failures > FAILURES_ALLOWED) return close(draft, { type: 'handed-over', reason: 'the answers of the model fail', withoutModel: true });
    draft.wanted ??= {};
  } else if (status === 'completed') {
    draft.failures = 0;
    if (draft.ending && spoke && responseId !== draft.droppedResponseId) draft.ending = { ...draft.ending, said: true };
    runTools(draft, toolCalls, spoke);
  }
  requestWanted(draft);
  sayDue(draft);
}
