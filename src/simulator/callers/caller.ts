/**
 * A simulated person as data: when they pick up, what they say to what, and when they lose patience.
 *
 * They hear words through the demodulator, so that an answer to a question proves that the question arrived. When the
 * other side falls silent, the first reaction that fits what was heard since they last spoke is taken; each is taken
 * `times` times (once, unless said otherwise).
 */
export interface Caller {
  readonly key: string;
  readonly name: string;
  /** E.164, of the range reserved for fiction. */
  readonly number: string;
  /** One sentence for the person who chooses. */
  readonly description: string;
  /** What happens when they are called. */
  readonly answers: 'yes' | 'busy' | 'no-answer' | 'failed';
  /** How long their phone rings before they pick up. */
  readonly ringMs?: number;
  /** They are a machine: one that beeps after its greeting, one that does not, or a fax. */
  readonly machine?: 'beeps' | 'silent' | 'fax';
  readonly reactions: readonly Reaction[];
  /** They hang up while it still rings, so long after dialing. */
  readonly hangsUpRingingMs?: number;
  /** They hang up so long after the call was answered, whatever is being said. */
  readonly hangsUpAfterMs?: number;
  /** Nobody has spoken for so long: they hang up. 20 s unless said otherwise. */
  readonly patienceMs?: number;
}

export interface Reaction {
  /** What must have been heard since they last spoke; anything, where missing. */
  readonly hears?: RegExp;
  /** Speaks up so long after the other side began, instead of waiting for its end. */
  readonly interruptsAfterMs?: number;
  /** Speaks up when nobody has spoken for so long. */
  readonly afterSilenceMs?: number;
  /** Sentences, and pauses in milliseconds between them; µ-law audio is played as it is. */
  readonly says?: readonly (string | number | Buffer)[];
  /** Keys that are pressed, before anything is said. */
  readonly presses?: string;
  /** Hangs up when all is said, or so long after beginning to say it. */
  readonly hangsUp?: true | { readonly midSentenceMs: number };
  readonly times?: number;
  /** What they called to say: of several ways to begin, one is taken. */
  readonly opens?: true;
}
