import type { SpokenText } from '../../../ports/carrier-speech.ts';
import { carrierSentence, type Sentences, sentencesIn } from '../sentences.ts';

type OwnSentence = Extract<
  keyof Sentences,
  'oneMoment' | 'puttingThrough' | 'stillThere' | 'goodbye' | 'timeIsUp' | 'planLimit' | 'goOn' | 'leaveMessage' | 'messageKept' | 'noMessage'
>;

const OWN: readonly OwnSentence[] = [
  'oneMoment',
  'puttingThrough',
  'stillThere',
  'goodbye',
  'timeIsUp',
  'planLimit',
  'goOn',
  'leaveMessage',
  'messageKept',
  'noMessage',
];

/** A sentence of ours, as it is said in a call in this language. */
export const ownSentence = (language: string, name: OwnSentence): string => carrierSentence(language, (words) => words[name]).say;

/** The tag by which the carrier speaks and understands a language, e.g. `en-US` for `en`. */
export const carrierLanguage = (language: string): string =>
  sentencesIn(language) ? carrierSentence(language, (words) => words.oneMoment).language : language;

/** Who says it in which language: our own sentences are English where we have none in the language of the call. */
export function spoken(text: string, language: string): SpokenText {
  const ours = OWN.some((name) => ownSentence(language, name) === text);
  return { text, language: ours ? carrierSentence(language, (words) => words.oneMoment).language : carrierLanguage(language) };
}

/** An answer that came after a filler begins with it in the transcript; the caller has heard that part. */
export function withoutFiller(text: string, language: string): string {
  const filler = `${ownSentence(language, 'oneMoment')} `;
  return text.startsWith(filler) ? text.slice(filler.length) : text;
}
