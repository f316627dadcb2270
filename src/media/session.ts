import { conversation } from '../domain/calls/conversation.ts';
import type { BridgeEnding, CallNote, ClaimedCall, ToolCallRecord, TurnRecord } from '../domain/calls/records.ts';
import { spokenLanguage, type ToolConsequence } from '../domain/calls/tools/tool-consequence.ts';
import { SECOND } from '../kit/time.ts';
import type { VoiceCommand, VoiceEvent, VoiceHistoryItem, VoiceToolCall } from '../ports/voice-model.ts';
import { beginDuties, type Duties, type Duty } from './duties.ts';
import { beginConsent, type Consent, type MachineState, noScreening, type ScreeningState } from './formalities.ts';
import { type Keypad, noKeys, type Says, type Steering } from './live-input.ts';
import { markSent, nextMark, type Playback, remainingOf, silence } from './playback.ts';
import { changeTurn, drain, emptyTurns, type OpenTurn, spokenTurn, type Turns, wordsLost } from './turns.ts';

/**
 * One call in the bridge: what it knows, and the moves that its events are made of (step.ts).
 *
 *   opening   the model is being connected; the caller's words are kept for it
 *   talking   both are connected
 *   ending    the last words are being said; when the caller has heard them, the bridge lets go
 *   left      the caller has hung up; what they said last is still being recognised
 *   over      nothing more happens
 *
 * Only one thing bypasses it: the caller's audio goes straight to the model. What it says about it comes back as events.
 */
export interface Session {
  readonly phase: 'opening' | 'talking' | 'ending' | 'left' | 'over';
  readonly call: ClaimedCall;
  /** When the call was answered, by the clock that never jumps. */
  readonly answeredMs: number;
  /** Since when the present attempt to reach the model runs, and the how-manieth in a row it is. */
  readonly openingSinceMs: number;
  /** Since when the model is out of reach. */
  readonly lostSinceMs: number;
  readonly openings: number;
  /** Grows with each connection to the model, and how many tool results its history began with. */
  readonly connection: { readonly number: number; readonly toolCalls: number };
  readonly greeted: boolean;
  /** The answer that is being generated. */
  readonly answer: { readonly responseId: string; readonly spoke: boolean } | null;
  /** An answer that was cut off: audio of it that is still under way is not played. */
  readonly droppedResponseId: string | null;
  /** An answer that was asked for and has not begun, and since when. */
  readonly requested: { readonly request: AnswerRequest; readonly sinceMs: number } | null;
  /** An answer to ask for as soon as the present one is done. */
  readonly wanted: AnswerRequest | null;
  readonly callerSpeaking: boolean;
  readonly speechStartedMs: number;
  readonly tools: readonly RunningTool[];
  readonly fillerSaid: boolean;
  /** When somebody last spoke. */
  readonly activeMs: number;
  readonly silencePrompts: number;
  /** How many answers failed in a row. */
  readonly failures: number;
  readonly ending: { readonly reason: LastReason; readonly sinceMs: number; readonly said: boolean } | null;
  readonly playback: Playback;
  readonly turns: Turns;
  /** What live views were last told is being spoken. */
  readonly spoken: { readonly sequence: number; readonly length: number };
  readonly said: readonly TurnRecord[];
  readonly toolCalls: readonly ToolCallRecord[];
  readonly duties: Duties;
  readonly consent: Consent;
  readonly screening: ScreeningState;
  readonly machine: MachineState | null;
  readonly keypad: Keypad;
  readonly says: Says;
  /** Until when the caller has asked to be waited for. */
  readonly heldUntilMs: number;
  /** BCP 47: what is spoken now. */
  readonly language: string;
}

export type EndReason = Extract<BridgeEnding, { type: 'ended' }>['reason'];
/** The last thing before the bridge lets go; after `transfer` a person has the call. */
type LastReason = EndReason | 'transfer';
/** `duties`: what the answer says of what is owed, see duties.ts. */
export type AnswerRequest = { readonly instructions?: string; readonly withoutTools?: boolean; readonly duties?: readonly Duty[]; readonly unwanted?: boolean };
export interface RunningTool extends VoiceToolCall {
  /** The answer that called it also said something. */
  readonly spoke: boolean;
  readonly afterSequence: number;
  /** The connection that knows of the call. */
  readonly connection: number;
}

export type SessionEvent =
  | { readonly type: 'model'; readonly event: VoiceEvent }
  | { readonly type: 'audio'; readonly responseId: string; readonly itemId: string; readonly base64: Buffer }
  | { readonly type: 'mark'; readonly name: string }
  /** A tool takes so long that the caller should hear something. */
  | { readonly type: 'tool-slow'; readonly callId: string }
  | ({ readonly type: 'tool-done'; readonly callId: string; readonly output: string } & ToolConsequence)
  /** The caller pressed a key; and has pressed no other for a while. */
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'keys-paused' }
  /** A person of the business wants something said, known, or the call put through. */
  | ({ readonly type: 'steer' } & Steering)
  /** Once a second. */
  | { readonly type: 'tick' }
  /** What picked up, as the carrier heard it. */
  | { readonly type: 'answered-by'; readonly answeredBy: string }
  /** The connection to the model nears its longest time. */
  | { readonly type: 'renew' }
  /** `hungUp`: the carrier says so. Else the line was cut, and it asks for another bridge. */
  | { readonly type: 'carrier-stopped'; readonly hungUp: boolean }
  /** The process stops, or the carrier no longer reads: another bridge is to take the call. */
  | { readonly type: 'hand-over'; readonly reason: string };

export type Effect =
  | { readonly type: 'open-model'; readonly history: readonly VoiceHistoryItem[]; readonly afterMs: number }
  | { readonly type: 'abandon-model'; readonly reason: string }
  | { readonly type: 'command'; readonly command: VoiceCommand }
  | { readonly type: 'play'; readonly base64: Buffer }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }
  /** No more of the caller's audio comes. */
  | { readonly type: 'end-audio' }
  | { readonly type: 'run-tool'; readonly tool: RunningTool }
  | { readonly type: 'record'; readonly turn: TurnRecord }
  | { readonly type: 'spoken'; readonly turn: TurnRecord }
  | { readonly type: 'note'; readonly note: CallNote }
  | { readonly type: 'close'; readonly ending: BridgeEnding };

export interface Now {
  readonly ms: number;
  readonly at: Date;
}

/** A session while one event is applied to it. */
export type Draft = { -readonly [K in keyof Session]: Session[K] } & { readonly effects: Effect[]; readonly now: Now };

const OPENING_ATTEMPTS = 5;
/** Nobody waits longer in silence: then the call goes on without the model. */
const LONGEST_SILENCE_MS = 10 * SECOND;

export function beginSession(call: ClaimedCall, now: Now): { session: Session; effects: Effect[] } {
  const { known } = call;
  const session: Session = {
    phase: 'opening',
    call,
    answeredMs: now.ms - Math.max(0, now.at.getTime() - call.answeredAt.getTime()),
    openingSinceMs: now.ms,
    lostSinceMs: now.ms,
    openings: 1,
    connection: { number: 1, toolCalls: call.toolCalls.length },
    greeted: false,
    answer: null,
    droppedResponseId: null,
    requested: null,
    wanted: null,
    callerSpeaking: false,
    speechStartedMs: 0,
    tools: [],
    fillerSaid: false,
    activeMs: now.ms,
    silencePrompts: 0,
    failures: 0,
    ending: null,
    playback: silence,
    turns: emptyTurns((call.turns.at(-1)?.sequence ?? 0) + 1),
    spoken: { sequence: 0, length: 0 },
    said: call.turns,
    toolCalls: call.toolCalls,
    duties: beginDuties(call),
    consent: beginConsent(known.recordingDecision),
    screening: noScreening,
    keypad: noKeys,
    says: [],
    heldUntilMs: 0,
    language: spokenLanguage(call.plan.language, call.toolCalls),
    machine: known.answeredBy === 'machine' || known.answeredBy === 'fax' ? { kind: known.answeredBy, sinceMs: now.ms } : null,
  };
  return { session, effects: [{ type: 'open-model', history: conversation(call.turns, call.toolCalls), afterMs: 0 }] };
}

export function setMark(draft: Draft, always: boolean): void {
  const name = nextMark(draft.playback, always);
  if (name === null) return;
  draft.playback = markSent(draft.playback, name);
  draft.effects.push({ type: 'mark', name });
}

export const command = (draft: Draft, sent: VoiceCommand): void => void draft.effects.push({ type: 'command', command: sent });

/** Asks the model for an answer: now, or when it is free. The model has one answer at a time, and none while the caller speaks. */
export function request(draft: Draft, answer: AnswerRequest): void {
  if (draft.answer || draft.requested || draft.callerSpeaking || draft.phase === 'opening') {
    draft.wanted = answer;
    return;
  }
  draft.requested = { request: answer, sinceMs: draft.now.ms };
  const { duties: _duties, unwanted: _unwanted, ...asked } = answer;
  command(draft, { type: 'answer', ...asked });
}

export function requestWanted(draft: Draft): void {
  const { wanted } = draft;
  if (!wanted) return;
  draft.wanted = null;
  request(draft, wanted);
}

/** A request that the model did not take up stays wanted. */
export function requestAgainLater(draft: Draft): void {
  if (!draft.requested) return;
  if (!draft.requested.request.unwanted) draft.wanted ??= draft.requested.request;
  draft.requested = null;
}

export function runTools(draft: Draft, calls: readonly VoiceToolCall[], spoke: boolean): void {
  const afterSequence = draft.turns.nextSequence - 1 + draft.turns.open.length;
  for (const call of calls) {
    const tool = { ...call, spoke, afterSequence, connection: draft.connection.number };
    draft.tools = [...draft.tools, tool];
    draft.effects.push({ type: 'run-tool', tool });
  }
}

/** Ends the call when the caller has heard the last words: those that are asked for here, or (null) those already said. */
export function endCall(draft: Draft, reason: EndReason, lastWords: string | null): void {
  draft.phase = 'ending';
  draft.ending = { reason, sinceMs: draft.now.ms, said: lastWords === null };
  if (lastWords !== null) request(draft, { instructions: lastWords, withoutTools: true });
}

/** The model is gone: another connection takes the conversation up, a few times. */
export function reopenModel(draft: Draft, reason: string): void {
  draft.answer = null;
  draft.callerSpeaking = false;
  requestAgainLater(draft);
  for (const turn of draft.turns.open) {
    if (turn.speaker === 'CALLER') draft.turns = wordsLost(draft.turns, turn.itemId);
    draft.turns = changeTurn(draft.turns, turn.itemId, () => ({ worded: true, finished: turn.finished || turn.speaker === 'CALLER' }));
  }
  if (draft.openings === 0) draft.lostSinceMs = draft.now.ms;
  if (draft.openings >= OPENING_ATTEMPTS || draft.now.ms - draft.lostSinceMs > LONGEST_SILENCE_MS) {
    return close(draft, { type: 'handed-over', reason: `the model is out of reach: ${reason}`, withoutModel: true });
  }
  connectAgain(draft, draft.openings === 0 ? 0 : 250 * 2 ** (draft.openings - 1));
}

/** Another connection to the model, with all that was said so far. */
export function connectAgain(draft: Draft, afterMs: number): void {
  draft.phase = 'opening';
  draft.openings += 1;
  draft.openingSinceMs = draft.now.ms + afterMs;
  draft.connection = { number: draft.connection.number + 1, toolCalls: draft.toolCalls.length };
  flushTurns(draft);
  const unfinished = draft.turns.open.map((turn, index) => ({ ...turn, sequence: draft.turns.nextSequence + index, complete: false, heardText: turn.text }));
  draft.effects.push({ type: 'open-model', history: conversation([...draft.said, ...unfinished], draft.toolCalls), afterMs });
}

/** Hands out the turns that have become complete, and the one being spoken when it has grown. */
export function flushTurns(draft: Draft): void {
  const { turns, records } = drain(draft.turns);
  draft.turns = turns;
  for (const turn of records) draft.effects.push({ type: 'record', turn });
  if (records.some(({ complete }) => complete)) draft.said = [...draft.said, ...records.filter(({ complete }) => complete)];
  const length = turns.open[0]?.text.length ?? 0;
  if (length === draft.spoken.length && turns.nextSequence === draft.spoken.sequence) return;
  draft.spoken = { sequence: turns.nextSequence, length };
  const turn = spokenTurn(turns);
  if (turn) draft.effects.push({ type: 'spoken', turn });
}

/** Completes an open turn as far as it was heard. */
export function finishTurn(draft: Draft, turn: OpenTurn): void {
  const remaining = turn.speaker === 'CALLER' ? 0 : remainingOf(draft.playback, turn.itemId, draft.now.ms);
  draft.turns = changeTurn(draft.turns, turn.itemId, () => ({
    worded: true,
    finished: true,
    interrupted: turn.interrupted || remaining > 0,
    heardMs: turn.interrupted ? turn.heardMs : turn.audioMs - remaining,
  }));
}

/** Lets go. */
export function close(draft: Draft, ending: BridgeEnding): void {
  for (const turn of draft.turns.open) finishTurn(draft, turn);
  flushTurns(draft);
  draft.phase = 'over';
  draft.effects.push({ type: 'close', ending });
}
