import { MINUTE, SECOND } from '../../../kit/time.ts';
import { heardText } from '../heard-text.ts';

/** How long the carrier waits for the first word or key before it says that there was none. */
export const LISTEN_SECONDS = 7;
/** The longest message that is recorded where the assistant cannot talk. */
export const RECORDING_SECONDS = (3 * MINUTE) / SECOND;

/** Most characters of one turn of the caller that are kept. */
const LONGEST_TURN = 4_000;
/** How fast people and the carrier's voices speak, and faster than which none does. */
const MS_PER_CHARACTER = 65;
const FASTEST_MS_PER_CHARACTER = 40;
/** The pause by which the carrier knows that somebody has finished. */
const TURN_END_MS = 800;

/** What the carrier says that it heard, and what went before. */
export interface GatherFacts {
  readonly words: string;
  readonly digits: string;
  /** For how long nobody had said anything, without this time. */
  readonly quietSeconds: number;
  /** Whether the caller was asked already whether they are still there. */
  readonly asked: boolean;
  readonly silenceSeconds: number;
  /** Since the call was answered. */
  readonly elapsedMs: number;
  readonly maximumSeconds: number;
  /** It is the plan that makes it so short. */
  readonly limitedByPlan: boolean;
}

export type GatherMove =
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'listen'; readonly quietSeconds: number }
  | { readonly type: 'ask' }
  | { readonly type: 'end'; readonly reason: 'silence' | 'maximum-duration' | 'plan-limit' };

/** What follows from what was heard: the same limits as in a call with a realtime model. */
export function gatherMove(facts: GatherFacts): GatherMove {
  if (facts.elapsedMs >= facts.maximumSeconds * SECOND) return { type: 'end', reason: facts.limitedByPlan ? 'plan-limit' : 'maximum-duration' };
  const text = callerText(facts);
  if (text) return { type: 'answer', text };
  const quietSeconds = facts.quietSeconds + LISTEN_SECONDS;
  if (quietSeconds < facts.silenceSeconds) return { type: 'listen', quietSeconds };
  return facts.asked ? { type: 'end', reason: 'silence' } : { type: 'ask' };
}

/** A turn of the caller, as it is kept: keys stand in brackets. */
function callerText({ words, digits }: Pick<GatherFacts, 'words' | 'digits'>): string {
  const said = words.trim().slice(0, LONGEST_TURN);
  return digits ? `${said} [pressed ${digits}]`.trim() : said;
}

/** Roughly how long it takes to say something. */
export const spokenMs = (text: string): number => text.length * MS_PER_CHARACTER;

/**
 * What was heard of a sentence. The carrier does not tell when it was cut short, so that only what cannot have been
 * said whole counts as interrupted.
 *
 * @param sinceMs since the carrier was told to say it, until it told what came after.
 * @param reply what the caller said then, which took its time too; empty where the call ended instead.
 */
export function heardSince(text: string, sinceMs: number, reply: string): { heardText: string; interrupted: boolean; audioMs: number; heardMs: number } {
  const audioMs = spokenMs(text);
  const saidMs = Math.max(0, sinceMs - (reply ? spokenMs(reply) + TURN_END_MS : 0));
  if (saidMs >= text.length * FASTEST_MS_PER_CHARACTER) return { heardText: text, interrupted: false, audioMs, heardMs: audioMs };
  return { heardText: heardText(text, saidMs, audioMs), interrupted: true, audioMs, heardMs: Math.min(saidMs, audioMs) };
}

/** What a model is told besides the instructions where it talks in turns by the carrier's voice. */
export const gatherLine = (language: string): string =>
  [
    `You hear the caller through speech recognition, which gets words wrong: names above all. Where something makes no sense, ask. Answer in the language ${language} alone.`,
    'Keys that the caller pressed stand in brackets. Write what is to be said, and nothing else: no stage directions, no markup.',
  ].join(' ');

/** Words that callers of a business are likely to say: names, which speech recognition gets wrong first. */
export const speechHints = (plan: { readonly businessName: string }): string[] => [plan.businessName, 'appointment', 'cancel', 'reschedule', 'message'];
