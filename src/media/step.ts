import { unreachable } from '../kit/errors.ts';
import { SECOND } from '../kit/time.ts';
import { consentSilence, consentTick } from './consent.ts';
import { isOnHold } from './hold.ts';
import { keyPressed, keysPaused, pressKeys } from './keypad.ts';
import { callerLeft, whenLeft } from './last-words.ts';
import { onModelEvent } from './model-events.ts';
import { farewell } from './opt-out.ts';
import { audioSent, isHeard, isSilent, markReturned, remainingOf } from './playback.ts';
import { putThrough } from './put-through.ts';
import { renewWhenQuiet } from './renewal.ts';
import { dutiesMarked, sayDueWhenQuiet } from './say-duties.ts';
import { isPutThrough } from './screening.ts';
import {
  close,
  command,
  type Draft,
  type Effect,
  endCall,
  flushTurns,
  type Now,
  request,
  requestAgainLater,
  requestWanted,
  type Session,
  type SessionEvent,
  setMark,
} from './session.ts';
import { sayNext, steer } from './steering.ts';
import { beginTurn, changeTurn, wordsLost } from './turns.ts';
import { answeredBy, machineTick } from './voicemail.ts';
import { goodbye, oneMoment, planLimitReached, stillThere, timeIsUp } from './wording.ts';

const OPENING_LIMIT_MS = 5 * SECOND;
const REQUEST_LIMIT_MS = 5 * SECOND;
const WORDS_LIMIT_MS = 10 * SECOND;
const GOODBYE_LIMIT_MS = 20 * SECOND;

/** The call in the bridge, as a pure machine: the next session, and what is to be done, in order. */
export function step(session: Session, event: SessionEvent, now: Now): { session: Session; effects: readonly Effect[] } {
  if (session.phase === 'over') return { session, effects: [] };
  const draft: Draft = { ...session, effects: [], now };
  if (session.phase === 'left') whenLeft(draft, event);
  else apply(draft, event);
  settle(draft);
  // The draft is the next session: what it has besides is of no meaning to it, and taking it out costs as much as all the rest.
  return { session: draft, effects: draft.effects };
}

function apply(draft: Draft, event: SessionEvent): void {
  switch (event.type) {
    case 'audio':
      return play(draft, event);
    case 'model':
      return onModelEvent(draft, event.event);
    case 'mark':
      draft.playback = markReturned(draft.playback, event.name, draft.now.ms);
      return dutiesMarked(draft, event.name);
    case 'tool-slow':
      return sayOneMoment(draft, event.callId);
    case 'tool-done':
      return toolDone(draft, event);
    case 'digit':
      return keyPressed(draft, event.digit);
    case 'keys-paused':
      return keysPaused(draft);
    case 'steer':
      return steer(draft, event);
    case 'tick':
      return tick(draft);
    case 'answered-by':
      return answeredBy(draft, event.answeredBy);
    case 'renew':
      return renewWhenQuiet(draft);
    case 'carrier-stopped':
      return event.hungUp ? callerLeft(draft) : close(draft, { type: 'carrier-stopped' });
    case 'hand-over':
      return close(draft, { type: 'handed-over', reason: event.reason });
    default:
      return unreachable(event);
  }
}

/** Speech of an answer goes to the caller, unless the answer was cut off: then it only counts as generated. */
function play(draft: Draft, { responseId, itemId, base64 }: Extract<SessionEvent, { type: 'audio' }>): void {
  const ms = millisecondsOf(base64);
  const dropped = responseId === draft.droppedResponseId;
  if (!dropped) draft.turns = beginTurn(draft.turns, itemId, 'ASSISTANT', draft.now.at);
  draft.turns = changeTurn(draft.turns, itemId, (turn) => ({ audioMs: turn.audioMs + ms }));
  if (dropped) return;
  draft.playback = audioSent(draft.playback, itemId, ms, draft.now.ms);
  if (draft.answer && !draft.answer.spoke) draft.answer = { ...draft.answer, spoke: true };
  draft.effects.push({ type: 'play', base64 });
  setMark(draft, false);
}

/** Milliseconds of 8 kHz µ-law in base64 text: six bits a character, eight bytes a millisecond. */
function millisecondsOf(base64: Buffer): number {
  const padding = base64.at(-1) !== 0x3d ? 0 : base64.at(-2) === 0x3d ? 2 : 1;
  return ((base64.length * 3) / 4 - padding) / 8;
}

function sayOneMoment(draft: Draft, callId: string): void {
  if (draft.fillerSaid || !draft.tools.some((tool) => tool.callId === callId)) return;
  if (draft.answer || draft.requested || draft.callerSpeaking || !isSilent(draft.playback, draft.now.ms)) return;
  draft.fillerSaid = true;
  request(draft, { instructions: oneMoment(draft.language), withoutTools: true });
}

function toolDone(draft: Draft, { callId, output, then, press, language, farewell: lastWords }: Extract<SessionEvent, { type: 'tool-done' }>): void {
  const tool = draft.tools.find((running) => running.callId === callId);
  if (!tool) return;
  draft.tools = draft.tools.filter((running) => running !== tool);
  if (draft.tools.length === 0) draft.fillerSaid = false;
  const { name, arguments: given, afterSequence } = tool;
  draft.toolCalls = [...draft.toolCalls, { modelCallId: callId, name, arguments: given, result: output, afterSequence }];
  // While the model is away the result waits: the next connection is told at its start.
  if (draft.phase !== 'opening') {
    if (tool.connection !== draft.connection.number) command(draft, { type: 'tool-call', callId, name, arguments: given });
    command(draft, { type: 'tool-result', callId, output });
  }
  if (language) speakIn(draft, language);
  if (press) pressKeys(draft, press);
  if (then === 'transfer') putThrough(draft, tool.spoke);
  else if (then === 'end-call') {
    endCall(draft, 'assistant-ended', lastWords ? farewell(draft, lastWords).instructions : tool.spoke ? null : goodbye(draft.language));
  }
  // After a key it is the menu's turn to speak.
  else if (draft.tools.length === 0 && !press) request(draft, {});
}

function speakIn(draft: Draft, language: string): void {
  draft.language = language;
  if (draft.phase !== 'opening') command(draft, { type: 'language', language });
}

function tick(draft: Draft): void {
  const { now, language } = draft;
  const { limits } = draft.call.plan;
  if (draft.phase === 'opening') {
    if (now.ms - draft.openingSinceMs > OPENING_LIMIT_MS) draft.effects.push({ type: 'abandon-model', reason: 'it did not get ready in time' });
    return;
  }
  // A request that the model neither answered nor refused is made again.
  if (draft.requested && now.ms - draft.requested.sinceMs > REQUEST_LIMIT_MS) {
    requestAgainLater(draft);
    requestWanted(draft);
  }
  for (const turn of draft.turns.open) {
    if (turn.awaitedSinceMs !== null && now.ms - turn.awaitedSinceMs > WORDS_LIMIT_MS) draft.turns = wordsLost(draft.turns, turn.itemId);
  }
  const outOfTime = limits.limitedByPlan ? 'plan-limit' : 'maximum-duration';
  if (now.ms - draft.answeredMs >= limits.maximumSeconds * SECOND && draft.ending?.reason !== outOfTime) {
    return endCall(draft, outOfTime, limits.limitedByPlan ? planLimitReached(language) : timeIsUp(language));
  }
  const quiet = !draft.answer && !draft.requested && !draft.callerSpeaking && draft.tools.length === 0 && isSilent(draft.playback, now.ms);
  if (!quiet || isPutThrough(draft) || isOnHold(draft)) draft.activeMs = now.ms;
  keysPaused(draft);
  consentTick(draft);
  machineTick(draft);
  sayDueWhenQuiet(draft);
  if (draft.ending || now.ms - draft.activeMs < limits.silenceSeconds * SECOND) return;
  draft.activeMs = now.ms;
  if (consentSilence(draft)) return;
  draft.silencePrompts += 1;
  if (draft.silencePrompts === 1) request(draft, { instructions: stillThere(language), withoutTools: true });
  else endCall(draft, 'silence', goodbye(language));
}

/** After every event: what has been heard is finished, what is finished is written, and last words that were heard end the call. */
function settle(draft: Draft): void {
  if (draft.phase === 'left' || draft.phase === 'over') return;
  for (const turn of draft.turns.open) {
    if (turn.speaker !== 'ASSISTANT' || !turn.worded || turn.finished) continue;
    const remaining = remainingOf(draft.playback, turn.itemId, draft.now.ms);
    draft.turns = changeTurn(draft.turns, turn.itemId, () => ({ finished: remaining === 0, heardMs: turn.audioMs - remaining }));
  }
  flushTurns(draft);
  sayNext(draft);
  const { ending, now } = draft;
  if (!ending) return;
  const heard = ending.said && !draft.answer && isHeard(draft.playback, now.ms);
  if (heard || now.ms - ending.sinceMs > GOODBYE_LIMIT_MS) {
    close(draft, ending.reason === 'transfer' ? { type: 'transfer' } : { type: 'ended', reason: ending.reason });
  }
}
