/**
 * Sentences that the law wants heard, or that are said to machines: fixed, so that what was said is known to the word.
 * In a language that is not here they are put into it by whoever speaks.
 */
export interface Lines {
  /** Who is calling, and that it is no person. */
  disclosure(business: string): string;
  /** Two-party consent: it is recorded once they have agreed. */
  readonly consent: string;
  /** The same, after an answer that was neither yes nor no. */
  readonly consentAgain: string;
  /** One-party consent: it is recorded once they have heard this. */
  readonly announcement: string;
  readonly recordingStopped: string;
  /** To a call screener, which passes it on. */
  identity(business: string, purpose: string | null): string;
}

const LINES: Readonly<Record<string, Lines>> = {
  en: {
    disclosure: (business) => `I am an automated assistant calling for ${business}.`,
    consent: 'May this call be recorded?',
    consentAgain: 'Before we go on: may I record this call? Please say yes or no.',
    announcement: 'This call is being recorded.',
    recordingStopped: 'I have stopped the recording.',
    identity: (business, purpose) => `This is an automated assistant calling for ${business}${purpose ? `, about ${purpose}` : ''}. Please put me through.`,
  },
  de: {
    disclosure: (business) => `Ich bin ein automatischer Assistent und rufe im Auftrag von ${business} an.`,
    consent: 'Darf dieses Gespräch aufgezeichnet werden?',
    consentAgain: 'Bevor wir weitermachen: Darf ich dieses Gespräch aufzeichnen? Bitte sagen Sie Ja oder Nein.',
    announcement: 'Dieses Gespräch wird aufgezeichnet.',
    recordingStopped: 'Ich habe die Aufzeichnung beendet.',
    identity: (business, purpose) =>
      `Hier ist ein automatischer Assistent im Auftrag von ${business}${purpose ? `, es geht um ${purpose}` : ''}. Bitte verbinden Sie mich.`,
  },
  es: {
    disclosure: (business) => `Soy un asistente automático y llamo de parte de ${business}.`,
    consent: '¿Podemos grabar esta llamada?',
    consentAgain: 'Antes de seguir: ¿puedo grabar esta llamada? Por favor, diga sí o no.',
    announcement: 'Esta llamada se está grabando.',
    recordingStopped: 'He detenido la grabación.',
    identity: (business, purpose) =>
      `Le habla un asistente automático de parte de ${business}${purpose ? `, con motivo de ${purpose}` : ''}. Por favor, páseme la llamada.`,
  },
  fr: {
    disclosure: (business) => `Je suis un assistant automatique et j'appelle de la part de ${business}.`,
    consent: 'Cet appel peut-il être enregistré ?',
    consentAgain: 'Avant de continuer : puis-je enregistrer cet appel ? Répondez par oui ou par non, s’il vous plaît.',
    announcement: 'Cet appel est enregistré.',
    recordingStopped: "J'ai arrêté l'enregistrement.",
    identity: (business, purpose) =>
      `Ici un assistant automatique de la part de ${business}${purpose ? `, au sujet de ${purpose}` : ''}. Veuillez me mettre en relation.`,
  },
  it: {
    disclosure: (business) => `Sono un assistente automatico e chiamo per conto di ${business}.`,
    consent: 'Possiamo registrare questa chiamata?',
    consentAgain: 'Prima di continuare: posso registrare questa chiamata? Per favore, risponda sì o no.',
    announcement: 'Questa chiamata viene registrata.',
    recordingStopped: 'Ho interrotto la registrazione.',
    identity: (business, purpose) =>
      `Parla un assistente automatico per conto di ${business}${purpose ? `, riguardo a ${purpose}` : ''}. Per favore, mi passi la persona.`,
  },
  pt: {
    disclosure: (business) => `Sou um assistente automático e ligo em nome de ${business}.`,
    consent: 'Podemos gravar esta chamada?',
    consentAgain: 'Antes de continuar: posso gravar esta chamada? Por favor, responda sim ou não.',
    announcement: 'Esta chamada está a ser gravada.',
    recordingStopped: 'Parei a gravação.',
    identity: (business, purpose) => `Fala um assistente automático em nome de ${business}${purpose ? `, sobre ${purpose}` : ''}. Por favor, passe a chamada.`,
  },
  nl: {
    disclosure: (business) => `Ik ben een automatische assistent en bel namens ${business}.`,
    consent: 'Mag dit gesprek worden opgenomen?',
    consentAgain: 'Voordat we verdergaan: mag ik dit gesprek opnemen? Zegt u alstublieft ja of nee.',
    announcement: 'Dit gesprek wordt opgenomen.',
    recordingStopped: 'Ik heb de opname gestopt.',
    identity: (business, purpose) =>
      `U spreekt met een automatische assistent namens ${business}${purpose ? `, over ${purpose}` : ''}. Wilt u mij doorverbinden?`,
  },
};

/** @param language BCP 47. @returns null where we have no words of our own in it. */
export const linesIn = (language: string): Lines | null => LINES[baseOf(language)] ?? null;

/** The words to be put into another language where there are none in it. */
export const translatableLines: Lines = LINES.en as Lines;

/** A greeting that says it already needs no further sentence. */
const DISCLOSES =
  /\b(?:ai|artificial intelligence|bot|robot|virtual|automated|digital) (?:\w+ )?(?:assistant|agent|receptionist|caller)\b|\b(?:ki|künstliche|automatische[rn]?|virtuelle[rn]?|digitale[rn]?)[- ](?:\p{L}+ )?(?:assistent\p{L}*)|\b(?:assistente?|asistente|assistant|assistent)\p{L}* (?:\p{L}+ )?(?:autom[aá]tic[oa]|automatique|automatico|virtual|virtuale|virtuel(?:le)?|digital|digitale|numérique|ia\b|de ia)|\bautomatische assistent/iu;

export const discloses = (greeting: string): boolean => DISCLOSES.test(greeting);

/** `de` of `de-AT`. */
export const baseOf = (language: string): string => language.toLowerCase().split('-', 1)[0] ?? '';
