import type { RecordingDecision } from '../domain/calls/recording/recording.ts';

/** Where a call stands with the wish to record it. */
export interface Consent {
  /** The question was heard; until it is answered the model says nothing of itself. */
  readonly awaiting: boolean;
  readonly asked: number;
  /** Turns of the other side that were begun before the question: none of them answers it. */
  readonly before: readonly string[];
  /** When the model was last kept from answering. */
  readonly heldMs: number | null;
  readonly decision: RecordingDecision | null;
}

/** A screener: a phone or a carrier that answers in the place of a person, and puts us through or not. */
export interface ScreeningState {
  readonly state: 'none' | 'active' | 'passed';
  readonly sinceMs: number;
  readonly prompts: number;
  /** Turns of the other side that were read. */
  readonly turns: number;
}

/** A machine has picked up: it is not listened to any more. */
export interface MachineState {
  readonly kind: 'machine' | 'fax';
  readonly sinceMs: number;
}

export const beginConsent = (decision: RecordingDecision | null): Consent => ({ awaiting: false, asked: 0, before: [], heldMs: null, decision });

export const noScreening: ScreeningState = { state: 'none', sinceMs: 0, prompts: 0, turns: 0 };
