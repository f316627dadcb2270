import { type Sentences, sentencesIn, translatableSentences } from '../domain/calls/sentences.ts';

// What the model is told to say at the turns of a call that are ours to direct. What stands in quotes is said word for word.

export const greet = (greeting: string) => `Say exactly this and nothing else: "${quotable(greeting)}"`;

/** Words that a person of the business has put into the assistant's mouth. */
export const sayExactly = greet;

/** English words of ours where we have none in the language. */
export const translated = (language: string, text: string) => `Say only this, all of it put into the language ${language}: "${quotable(text)}"`;

/** One of our own sentences in a language, put into it by the model where we have no words in it. */
function direct(language: string, situation: string, pick: (sentences: Sentences) => string): string {
  const own = sentencesIn(language);
  return own
    ? `${situation} Say only this, in ${language}: "${quotable(pick(own))}"`
    : `${situation} Say only this, put into the language ${language}: "${pick(translatableSentences)}"`;
}

export const goOn = (language: string) => direct(language, 'The line was cut for a second.', ({ goOn: words }) => words);

/** The answer that was cut off, or never begun, follows. */
export const lineWasCut = (language: string) => direct(language, 'The line was cut for a second.', ({ lineWasCut: words }) => words);

export const oneMoment = (language: string) => direct(language, 'You are still looking something up.', ({ oneMoment: words }) => words);

export const stillThere = (language: string) => direct(language, 'The caller has been silent.', ({ stillThere: words }) => words);

export const goodbye = (language: string) => direct(language, 'The call ends now.', ({ goodbye: words }) => words);

export const timeIsUp = (language: string) => direct(language, 'The call has reached its longest time.', ({ timeIsUp: words }) => words);

export const puttingThrough = (language: string) =>
  direct(language, 'The call is handed to a person of the business now.', ({ puttingThrough: words }) => words);

export const nobodyTookIt = (language: string) => direct(language, 'The caller waited, and no person took the call.', ({ nobodyTookIt: words }) => words);

/** Quotes within would end what is to be said. */
const quotable = (text: string) => text.replaceAll('"', "'");
