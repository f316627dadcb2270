/** What is said around the questions of a survey. Where we have no words in a language, whoever speaks puts the English ones into it. */
export interface InterviewLines {
  /** Who is calling, that it is no person, what about, and whether it suits. */
  opening(business: string, title: string, questions: number, minutes: number): string;
  /** The same for somebody with whom the last call broke off. */
  reopening(business: string, title: string): string;
  /** The key that ends the calls for good. */
  readonly optOutKey: string;
  readonly mayBegin: string;
  readonly whenBetter: string;
  readonly begins: string;
  readonly options: string;
  readonly or: string;
  readonly somethingElse: string;
  readonly several: string;
  readonly others: string;
  scale(low: number, high: number, lowLabel: string | null, highLabel: string | null): string;
  readonly key: string;
  readonly again: string;
  readBack(value: string): string;
  readonly thanks: string;
  readonly refused: string;
  readonly callback: (when: string) => string;
  readonly optedOut: string;
}

const LINES: Readonly<Record<string, InterviewLines>> = {
  en: {
    opening: (business, title, questions, minutes) =>
      `Hello, I am an automated assistant calling for ${business} with a survey: ${title}. It has ${questions} questions and takes about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. May I begin?`,
    reopening: (business, title) =>
      `Hello, this is the automated assistant calling for ${business} again. Our last call broke off in the middle of the survey: ${title}. May we go on?`,
    optOutKey: 'If you do not want these calls, press 9 now.',
    mayBegin: 'May I ask you the questions now? Please say yes or no.',
    whenBetter: 'When would it suit you better?',
    begins: 'Thank you.',
    options: 'You can say:',
    or: 'or',
    somethingElse: 'something else',
    several: 'You may name several.',
    others: 'Any others?',
    scale: (low, high, lowLabel, highLabel) =>
      `Please give a number from ${low} to ${high}${meant(low, lowLabel, high, highLabel, (number, label) => `${number} means ${label}`, ' and ', ', where ')}.`,
    key: 'You can also press it on the keypad.',
    again: 'Sorry, I did not get that.',
    readBack: (value) => `I have noted ${value}.`,
    thanks: 'That was the last question. Thank you very much for your time. Goodbye.',
    refused: 'That is fine. Thank you, and goodbye.',
    callback: (when) => `All right, I will call you again ${when}. Goodbye.`,
    optedOut: 'I have taken your number off our list. You will not be called again. Goodbye.',
  },
  de: {
    opening: (business, title, questions, minutes) =>
      `Guten Tag, ich bin ein automatischer Assistent und rufe im Auftrag von ${business} an, mit einer Umfrage: ${title}. Es sind ${questions} Fragen, das dauert etwa ${minutes} ${minutes === 1 ? 'Minute' : 'Minuten'}. Darf ich anfangen?`,
    reopening: (business, title) =>
      `Guten Tag, hier ist noch einmal der automatische Assistent, der im Auftrag von ${business} anruft. Unser letztes Gespräch brach mitten in der Umfrage ab: ${title}. Wollen wir weitermachen?`,
    optOutKey: 'Wenn Sie diese Anrufe nicht möchten, drücken Sie jetzt die 9.',
    mayBegin: 'Darf ich Ihnen die Fragen jetzt stellen? Bitte sagen Sie Ja oder Nein.',
    whenBetter: 'Wann würde es Ihnen besser passen?',
    begins: 'Danke.',
    options: 'Sie können sagen:',
    or: 'oder',
    somethingElse: 'etwas anderes',
    several: 'Sie dürfen mehreres nennen.',
    others: 'Noch etwas?',
    scale: (low, high, lowLabel, highLabel) =>
      `Bitte nennen Sie eine Zahl von ${low} bis ${high}${meant(low, lowLabel, high, highLabel, (number, label) => `${number} heißt ${label}`, ' und ', ', dabei: ')}.`,
    key: 'Sie können sie auch auf der Tastatur drücken.',
    again: 'Entschuldigung, das habe ich nicht verstanden.',
    readBack: (value) => `Ich habe notiert: ${value}.`,
    thanks: 'Das war die letzte Frage. Vielen Dank für Ihre Zeit. Auf Wiederhören.',
    refused: 'Das ist in Ordnung. Danke, und auf Wiederhören.',
    callback: (when) => `Gut, ich rufe Sie wieder an: ${when}. Auf Wiederhören.`,
    optedOut: 'Ich habe Ihre Nummer von unserer Liste gestrichen. Sie werden nicht mehr angerufen. Auf Wiederhören.',
  },
  es: {
    opening: (business, title, questions, minutes) =>
      `Hola, soy un asistente automático y llamo de parte de ${business} con una encuesta: ${title}. Son ${questions} preguntas, unos ${minutes} minutos. ¿Puedo empezar?`,
    reopening: (business, title) =>
      `Hola, soy otra vez el asistente automático que llama de parte de ${business}. La última llamada se cortó en medio de la encuesta: ${title}. ¿Seguimos?`,
    optOutKey: 'Si no quiere recibir estas llamadas, pulse ahora el 9.',
    mayBegin: '¿Puedo hacerle ahora las preguntas? Por favor, diga sí o no.',
    whenBetter: '¿Cuándo le vendría mejor?',
    begins: 'Gracias.',
    options: 'Puede decir:',
    or: 'o',
    somethingElse: 'otra cosa',
    several: 'Puede nombrar varias.',
    others: '¿Alguna más?',
    scale: (low, high, lowLabel, highLabel) =>
      `Diga un número del ${low} al ${high}${meant(low, lowLabel, high, highLabel, (number, label) => `${number} significa ${label}`, ' y ', ', donde ')}.`,
    key: 'También puede pulsarlo en el teclado.',
    again: 'Perdone, no le he entendido.',
    readBack: (value) => `He anotado ${value}.`,
    thanks: 'Era la última pregunta. Muchas gracias por su tiempo. Adiós.',
    refused: 'De acuerdo. Gracias y adiós.',
    callback: (when) => `Muy bien, le llamaré de nuevo: ${when}. Adiós.`,
    optedOut: 'He quitado su número de nuestra lista. No volveremos a llamarle. Adiós.',
  },
  fr: {
    opening: (business, title, questions, minutes) =>
      `Bonjour, je suis un assistant automatique et j'appelle de la part de ${business} pour une enquête : ${title}. Il y a ${questions} questions, cela dure environ ${minutes} minutes. Puis-je commencer ?`,
    reopening: (business, title) =>
      `Bonjour, ici de nouveau l'assistant automatique qui appelle de la part de ${business}. Notre dernier appel a été coupé au milieu de l'enquête : ${title}. Pouvons-nous continuer ?`,
    optOutKey: 'Si vous ne souhaitez pas ces appels, appuyez maintenant sur le 9.',
    mayBegin: 'Puis-je vous poser les questions maintenant ? Répondez par oui ou par non, s’il vous plaît.',
    whenBetter: 'Quand cela vous conviendrait-il mieux ?',
    begins: 'Merci.',
    options: 'Vous pouvez dire :',
    or: 'ou',
    somethingElse: 'autre chose',
    several: 'Vous pouvez en citer plusieurs.',
    others: 'Y en a-t-il d’autres ?',
    scale: (low, high, lowLabel, highLabel) =>
      `Donnez un nombre de ${low} à ${high}${meant(low, lowLabel, high, highLabel, (number, label) => `${number} veut dire ${label}`, ' et ', ', où ')}.`,
    key: 'Vous pouvez aussi l’entrer au clavier.',
    again: 'Pardon, je n’ai pas compris.',
    readBack: (value) => `J’ai noté ${value}.`,
    thanks: 'C’était la dernière question. Merci beaucoup pour votre temps. Au revoir.',
    refused: 'Très bien. Merci, et au revoir.',
    callback: (when) => `D’accord, je vous rappelle : ${when}. Au revoir.`,
    optedOut: 'J’ai retiré votre numéro de notre liste. Vous ne serez plus appelé. Au revoir.',
  },
};

/** @returns null where we have no words of our own in the language. */
export const interviewLinesIn = (language: string): InterviewLines | null => LINES[language.toLowerCase().split('-', 1)[0] ?? ''] ?? null;

/** Ours in the language, or the English ones, to be put into it. */
export const interviewLines = (language: string): InterviewLines => interviewLinesIn(language) ?? (LINES.en as InterviewLines);

function meant(
  low: number,
  lowLabel: string | null,
  high: number,
  highLabel: string | null,
  said: (number: number, label: string) => string,
  and: string,
  where: string,
): string {
  const ends = [...(lowLabel ? [said(low, lowLabel)] : []), ...(highLabel ? [said(high, highLabel)] : [])];
  return ends.length === 0 ? '' : `${where}${ends.join(and)}`;
}
