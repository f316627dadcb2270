/** What somebody said when a question was asked, and what is known about the moment. */
export interface Reaction {
  /** Words as they were recognised, or the keyed digits. */
  readonly words: string;
  readonly input: 'speech' | 'keypad';
  /** The how-manieth asking it answers, from 1. */
  readonly attempt: number;
  /** When it was said, in the zone of whoever said it: "yesterday" counts from there. */
  readonly now: Temporal.ZonedDateTime;
}

/** What an utterance means to the question it answers. */
export interface Mapping {
  readonly status: 'VALID' | 'REASKED' | 'SKIPPED' | 'REFUSED' | 'NEEDS_REVIEW';
  /** Values of the form's own: option texts exactly as they stand, a number, `2026-03-03`, `HH:MM`; words of one's own where the question takes them. */
  readonly mapped: readonly string[];
  readonly method: 'EXACT' | 'KEYPAD' | 'SYNONYM' | 'MODEL';
  /** 0 to 1. */
  readonly confidence: number;
  /** They asked to hear it again: that does not count as a try. */
  readonly repeat?: boolean;
  /** They want no more questions at all. */
  readonly endsSurvey?: boolean;
}

export const valid = (mapped: readonly string[], method: Mapping['method'], confidence = method === 'SYNONYM' ? 0.9 : 1): Mapping => ({
  status: 'VALID',
  mapped,
  method,
  confidence,
});

/** It has to be asked once more; after that a person has to look. */
export const again = (reaction: Reaction, method: Mapping['method'] = 'SYNONYM'): Mapping => ({
  status: reaction.attempt > 1 ? 'NEEDS_REVIEW' : 'REASKED',
  mapped: [],
  method,
  confidence: 0.9,
});

export const without = (status: 'SKIPPED' | 'REFUSED'): Mapping => ({ status, mapped: [], method: 'SYNONYM', confidence: 0.9 });
