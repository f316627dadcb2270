import { baseOf } from '../domain/calls/lines.ts';
import { MINUTE } from '../kit/time.ts';
import type { Draft } from './session.ts';

/** How long a caller who asked to wait is waited for without a word. */
const LONGEST_HOLD_MS = 2 * MINUTE;

/** A caller who says this is about to be away from the telephone for a moment. */
const ASKS: Readonly<Record<string, RegExp>> = {
  en: /\b(?:(?:can|could|would) you (?:please )?)?(?:hold on|hang on|hold the line|bear with me|give me (?:a|one|just a) (?:moment|second|sec|minute|min)|wait (?:a|one|just a) (?:moment|second|sec|minute|min)|(?:just |one )(?:a )?(?:moment|second|sec|minute|min)(?: please)?|let me (?:just )?(?:check|look|find|get|grab|ask (?!you)))/i,
  de: /\b(?:(?:einen?|kleinen?) (?:moment|augenblick)|(?:moment|augenblick|sekunde)(?: mal)?(?:,? bitte)?$|warten sie (?:bitte |mal |kurz |einen)|bleiben sie (?:bitte )?dran|bin gleich wieder da|ich (?:schaue?|sehe?|hole?|frage?) (?:mal |kurz |eben |schnell ))/i,
  es: /\b(?:un (?:momento|segundo|minuto|momentito)|espere? (?:un|por favor)|no cuelgue|deme un|d[ée]jeme (?:ver|mirar|buscar))/i,
  fr: /(?:\b(?:un (?:instant|moment|petit moment)|une (?:seconde|minute)|ne quittez pas|patientez|attendez|laissez-moi (?:voir|regarder|chercher|vérifier)))/i,
  it: /\b(?:un (?:momento|attimo|secondo|minuto)|aspett[ia](?: un)?|resti in linea|attenda|mi (?:faccia|lasci) (?:vedere|controllare))/i,
  pt: /\b(?:um (?:momento|segundo|minuto|instante|bocadinho)|espere?(?: um)?|aguarde|não desligue|deixe-me (?:ver|procurar))/i,
  nl: /\b(?:(?:een|één) (?:moment(?:je)?|ogenblik(?:je)?|seconde|minuut(?:je)?)|momentje|wacht (?:u )?(?:even|eens|een)|blijft? u (?:even )?(?:aan de lijn|hangen)|even (?:kijken|wachten|zoeken|pakken))/i,
};

/** A question is about something else ("Do you have a minute?"), unless it asks us to do it. */
const POLITELY =
  /\b(?:can|could|would|will) you\b|\bk(?:ö|oe)nn(?:t?en) sie\b|\b(?:puede|podr[ií]a|pode|poderia|può|potrebbe)\b|\bpou(?:vez|rriez)\b|\b(?:kunt|kan|wilt) u\b/i;

/** Longer sentences say something, whatever words are in them. */
const LONGEST_CHARACTERS = 90;

/** Whether somebody asks, in one of these languages, to be waited for. */
export function asksToHold(text: string, languages: readonly string[]): boolean {
  const words = text.trim();
  if (words.length > LONGEST_CHARACTERS || (words.endsWith('?') && !POLITELY.test(words))) return false;
  return languages.some((language) => ASKS[baseOf(language)]?.test(words));
}

/** The caller has said something: a request to wait begins a silence that is not ours to break. */
export function hearHold(draft: Draft, text: string): void {
  const { plan } = draft.call;
  draft.heldUntilMs = asksToHold(text, [plan.language, ...plan.otherLanguages]) ? draft.now.ms + LONGEST_HOLD_MS : 0;
}

/** Whether the silence is one that the caller asked for. */
export const isOnHold = ({ heldUntilMs, now }: Draft): boolean => now.ms < heldUntilMs;
