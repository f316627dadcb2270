/** Keys that the caller has pressed and that are not told yet, and since when the last one waits for another. */
export interface Keypad {
  readonly digits: string;
  readonly sinceMs: number;
  /** How many turns of keys there were: names them. */
  readonly turns: number;
}

export const noKeys: Keypad = { digits: '', sinceMs: 0, turns: 0 };

/** What a person of the business has asked to be said and was not yet, in order. */
export type Says = readonly string[];

/** What a person of the business asks of a live call. */
export type Steering =
  /** At the next chance, word for word. */
  | { readonly kind: 'say'; readonly text: string }
  /** The assistant knows it from now on, and acts on it. */
  | { readonly kind: 'whisper'; readonly text: string }
  /** The call is put through to a person. */
  | { readonly kind: 'transfer' };
