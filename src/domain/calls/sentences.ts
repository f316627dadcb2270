import { baseOf } from './lines.ts';

/** What is said at the turns of a call that are ours to direct, by the model's voice or the carrier's. */
export interface Sentences {
  readonly oneMoment: string;
  readonly stillThere: string;
  readonly goodbye: string;
  readonly timeIsUp: string;
  /** What the subscription allows is used up. */
  readonly planLimit: string;
  /** After the line was cut: to a caller who was speaking or is to speak. */
  readonly goOn: string;
  /** The same, before the answer that was cut off. */
  readonly lineWasCut: string;
  /** Where the call cannot go on. */
  readonly apology: string;
  /** Too many are calling at once. */
  readonly linesBusy: string;
  /** Nobody is there to take the call. */
  readonly nobodyHere: string;
  /** The assistant cannot talk: a message is recorded after the tone. */
  readonly leaveMessage: string;
  /** After the recorded message. */
  readonly messageKept: string;
  /** After the tone nobody spoke. */
  readonly noMessage: string;
  readonly puttingThrough: string;
  /** A transfer came to nothing. */
  readonly nobodyTookIt: string;
  /** To the person who is to take a call. `about` is what the caller wants, in their words. */
  offer(caller: string | null, about: string | null): string;
  /** After the offer. */
  readonly pressToTake: string;
}

const SENTENCES = {
  en: {
    oneMoment: 'One moment, please.',
    stillThere: 'Are you still there?',
    goodbye: 'Thank you for calling. Goodbye.',
    timeIsUp: 'I am sorry, we have run out of time. Please call again. Goodbye.',
    planLimit: 'I am sorry, I have to end our call here, the time for it is used up. Thank you for calling. Goodbye.',
    goOn: 'Sorry, go on.',
    lineWasCut: 'Sorry about that.',
    apology: 'We are sorry, this call cannot be continued right now. Please call again in a few minutes. Goodbye.',
    linesBusy: 'We are sorry, all our lines are busy at the moment. Please call again in a few minutes. Goodbye.',
    nobodyHere: 'We are sorry, nobody can take your call at the moment. Please try again later. Goodbye.',
    leaveMessage: 'I am sorry, I cannot talk right now. Please tell me after the tone who you are and what it is about, and we will call you back.',
    messageKept: 'Thank you. Your message has been kept, and we will call you back. Goodbye.',
    noMessage: 'I did not hear anything. Please call again later. Goodbye.',
    puttingThrough: 'One moment, I am putting you through.',
    nobodyTookIt: 'I am sorry, nobody can take the call right now. May I take a message?',
    offer: (caller, about) => `A call for you${caller ? ` from ${caller}` : ''}.${about ? ` It is about: ${about}.` : ''}`,
    pressToTake: 'Press 1 to take the call.',
  },
  de: {
    oneMoment: 'Einen Moment, bitte.',
    stillThere: 'Sind Sie noch da?',
    goodbye: 'Vielen Dank für Ihren Anruf. Auf Wiederhören.',
    timeIsUp: 'Es tut mir leid, unsere Zeit ist um. Bitte rufen Sie noch einmal an. Auf Wiederhören.',
    planLimit: 'Es tut mir leid, ich muss unser Gespräch hier beenden, die Zeit dafür ist aufgebraucht. Danke für Ihren Anruf. Auf Wiederhören.',
    goOn: 'Entschuldigung, bitte sprechen Sie weiter.',
    lineWasCut: 'Entschuldigen Sie bitte.',
    apology: 'Es tut uns leid, dieses Gespräch kann gerade nicht fortgesetzt werden. Bitte rufen Sie in einigen Minuten noch einmal an. Auf Wiederhören.',
    linesBusy: 'Es tut uns leid, im Moment sind alle Leitungen besetzt. Bitte rufen Sie in einigen Minuten noch einmal an. Auf Wiederhören.',
    nobodyHere: 'Es tut uns leid, im Moment kann niemand Ihren Anruf annehmen. Bitte versuchen Sie es später noch einmal. Auf Wiederhören.',
    leaveMessage: 'Es tut mir leid, ich kann gerade nicht sprechen. Bitte sagen Sie nach dem Ton, wer Sie sind und worum es geht, und wir rufen Sie zurück.',
    messageKept: 'Vielen Dank. Ihre Nachricht ist aufgenommen, und wir rufen Sie zurück. Auf Wiederhören.',
    noMessage: 'Ich habe nichts gehört. Bitte rufen Sie später noch einmal an. Auf Wiederhören.',
    puttingThrough: 'Einen Moment, ich verbinde Sie.',
    nobodyTookIt: 'Es tut mir leid, gerade kann niemand das Gespräch annehmen. Darf ich eine Nachricht aufnehmen?',
    offer: (caller, about) => `Ein Anruf für Sie${caller ? ` von ${caller}` : ''}.${about ? ` Es geht um: ${about}.` : ''}`,
    pressToTake: 'Drücken Sie die 1, um das Gespräch anzunehmen.',
  },
  es: {
    oneMoment: 'Un momento, por favor.',
    stillThere: '¿Sigue ahí?',
    goodbye: 'Gracias por llamar. Adiós.',
    timeIsUp: 'Lo siento, se nos ha acabado el tiempo. Por favor, vuelva a llamar. Adiós.',
    planLimit: 'Lo siento, tengo que terminar aquí la llamada, se ha agotado el tiempo disponible. Gracias por llamar. Adiós.',
    goOn: 'Disculpe, continúe.',
    lineWasCut: 'Disculpe la interrupción.',
    apology: 'Lo sentimos, esta llamada no puede continuar en este momento. Por favor, vuelva a llamar dentro de unos minutos. Adiós.',
    linesBusy: 'Lo sentimos, en este momento todas nuestras líneas están ocupadas. Por favor, vuelva a llamar dentro de unos minutos. Adiós.',
    nobodyHere: 'Lo sentimos, en este momento nadie puede atender su llamada. Por favor, inténtelo más tarde. Adiós.',
    leaveMessage: 'Lo siento, ahora mismo no puedo hablar. Diga después de la señal quién es y de qué se trata, y le devolveremos la llamada.',
    messageKept: 'Gracias. Su mensaje está guardado y le devolveremos la llamada. Adiós.',
    noMessage: 'No he oído nada. Por favor, llame más tarde. Adiós.',
    puttingThrough: 'Un momento, le paso la llamada.',
    nobodyTookIt: 'Lo siento, ahora mismo nadie puede atender la llamada. ¿Quiere dejar un mensaje?',
    offer: (caller, about) => `Tiene una llamada${caller ? ` de ${caller}` : ''}.${about ? ` Se trata de: ${about}.` : ''}`,
    pressToTake: 'Pulse 1 para atender la llamada.',
  },
  fr: {
    oneMoment: 'Un instant, s’il vous plaît.',
    stillThere: 'Êtes-vous toujours là ?',
    goodbye: 'Merci de votre appel. Au revoir.',
    timeIsUp: 'Je suis désolé, le temps est écoulé. Veuillez rappeler. Au revoir.',
    planLimit: 'Je suis désolé, je dois terminer notre appel ici, le temps disponible est épuisé. Merci de votre appel. Au revoir.',
    goOn: 'Pardon, continuez.',
    lineWasCut: 'Excusez-moi pour la coupure.',
    apology: 'Nous sommes désolés, cet appel ne peut pas se poursuivre pour le moment. Veuillez rappeler dans quelques minutes. Au revoir.',
    linesBusy: 'Nous sommes désolés, toutes nos lignes sont occupées pour le moment. Veuillez rappeler dans quelques minutes. Au revoir.',
    nobodyHere: 'Nous sommes désolés, personne ne peut prendre votre appel pour le moment. Veuillez réessayer plus tard. Au revoir.',
    leaveMessage: 'Je suis désolé, je ne peux pas parler pour le moment. Dites après le bip qui vous êtes et de quoi il s’agit, et nous vous rappellerons.',
    messageKept: 'Merci. Votre message est enregistré et nous vous rappellerons. Au revoir.',
    noMessage: 'Je n’ai rien entendu. Veuillez rappeler plus tard. Au revoir.',
    puttingThrough: 'Un instant, je vous mets en relation.',
    nobodyTookIt: 'Je suis désolé, personne ne peut prendre l’appel pour le moment. Puis-je prendre un message ?',
    offer: (caller, about) => `Un appel pour vous${caller ? ` de ${caller}` : ''}.${about ? ` Il s’agit de : ${about}.` : ''}`,
    pressToTake: 'Appuyez sur 1 pour prendre l’appel.',
  },
  it: {
    oneMoment: 'Un momento, per favore.',
    stillThere: 'È ancora in linea?',
    goodbye: 'Grazie per la chiamata. Arrivederci.',
    timeIsUp: 'Mi dispiace, il tempo è finito. La preghiamo di richiamare. Arrivederci.',
    planLimit: 'Mi dispiace, devo chiudere qui la chiamata, il tempo disponibile è esaurito. Grazie della chiamata. Arrivederci.',
    goOn: 'Mi scusi, continui pure.',
    lineWasCut: 'Mi scusi per l’interruzione.',
    apology: 'Ci dispiace, al momento questa chiamata non può continuare. La preghiamo di richiamare tra qualche minuto. Arrivederci.',
    linesBusy: 'Ci dispiace, al momento tutte le linee sono occupate. La preghiamo di richiamare tra qualche minuto. Arrivederci.',
    nobodyHere: 'Ci dispiace, al momento nessuno può rispondere alla sua chiamata. La preghiamo di riprovare più tardi. Arrivederci.',
    leaveMessage: 'Mi dispiace, al momento non posso parlare. Dopo il segnale dica chi è e di che cosa si tratta, e la richiameremo.',
    messageKept: 'Grazie. Il suo messaggio è stato registrato e la richiameremo. Arrivederci.',
    noMessage: 'Non ho sentito nulla. La preghiamo di richiamare più tardi. Arrivederci.',
    puttingThrough: 'Un momento, la metto in contatto.',
    nobodyTookIt: 'Mi dispiace, al momento nessuno può rispondere. Vuole lasciare un messaggio?',
    offer: (caller, about) => `Una chiamata per lei${caller ? ` da ${caller}` : ''}.${about ? ` Si tratta di: ${about}.` : ''}`,
    pressToTake: 'Prema 1 per rispondere alla chiamata.',
  },
  pt: {
    oneMoment: 'Um momento, por favor.',
    stillThere: 'Ainda está aí?',
    goodbye: 'Obrigado por ligar. Até logo.',
    timeIsUp: 'Lamento, o nosso tempo acabou. Por favor, ligue novamente. Até logo.',
    planLimit: 'Lamento, tenho de terminar aqui a chamada, o tempo disponível esgotou-se. Obrigado por ligar. Até logo.',
    goOn: 'Desculpe, continue.',
    lineWasCut: 'Desculpe a interrupção.',
    apology: 'Lamentamos, esta chamada não pode continuar neste momento. Por favor, ligue novamente dentro de alguns minutos. Até logo.',
    linesBusy: 'Lamentamos, neste momento todas as linhas estão ocupadas. Por favor, ligue novamente dentro de alguns minutos. Até logo.',
    nobodyHere: 'Lamentamos, neste momento ninguém pode atender a sua chamada. Por favor, tente mais tarde. Até logo.',
    leaveMessage: 'Lamento, neste momento não posso falar. Depois do sinal, diga quem é e qual é o assunto, e nós ligamos de volta.',
    messageKept: 'Obrigado. A sua mensagem ficou gravada e nós ligamos de volta. Até logo.',
    noMessage: 'Não ouvi nada. Por favor, ligue mais tarde. Até logo.',
    puttingThrough: 'Um momento, vou passar a chamada.',
    nobodyTookIt: 'Lamento, neste momento ninguém pode atender. Quer deixar uma mensagem?',
    offer: (caller, about) => `Uma chamada para si${caller ? ` de ${caller}` : ''}.${about ? ` O assunto é: ${about}.` : ''}`,
    pressToTake: 'Prima 1 para atender a chamada.',
  },
  nl: {
    oneMoment: 'Een ogenblik, alstublieft.',
    stillThere: 'Bent u er nog?',
    goodbye: 'Bedankt voor uw telefoontje. Tot ziens.',
    timeIsUp: 'Het spijt me, onze tijd is om. Belt u alstublieft nog eens. Tot ziens.',
    planLimit: 'Het spijt me, ik moet ons gesprek hier beëindigen, de beschikbare tijd is op. Bedankt voor het bellen. Tot ziens.',
    goOn: 'Sorry, gaat u verder.',
    lineWasCut: 'Sorry daarvoor.',
    apology: 'Het spijt ons, dit gesprek kan nu niet verdergaan. Belt u over een paar minuten nog eens. Tot ziens.',
    linesBusy: 'Het spijt ons, al onze lijnen zijn op dit moment bezet. Belt u over een paar minuten nog eens. Tot ziens.',
    nobodyHere: 'Het spijt ons, niemand kan uw telefoontje op dit moment aannemen. Probeert u het later nog eens. Tot ziens.',
    leaveMessage: 'Het spijt me, ik kan nu niet spreken. Zeg na de toon wie u bent en waar het over gaat, dan bellen wij u terug.',
    messageKept: 'Dank u wel. Uw boodschap is bewaard en wij bellen u terug. Tot ziens.',
    noMessage: 'Ik heb niets gehoord. Belt u later nog eens. Tot ziens.',
    puttingThrough: 'Een ogenblik, ik verbind u door.',
    nobodyTookIt: 'Het spijt me, niemand kan het gesprek nu aannemen. Zal ik een boodschap aannemen?',
    offer: (caller, about) => `Een gesprek voor u${caller ? ` van ${caller}` : ''}.${about ? ` Het gaat over: ${about}.` : ''}`,
    pressToTake: 'Druk op 1 om het gesprek aan te nemen.',
  },
} as const satisfies Readonly<Record<string, Sentences>>;

/** The tag that the carrier's voices know each language by, and further ones that they know. */
const SPOKEN_TAGS: Readonly<Record<keyof typeof SENTENCES, string>> = {
  en: 'en-US',
  de: 'de-DE',
  es: 'es-ES',
  fr: 'fr-FR',
  it: 'it-IT',
  pt: 'pt-PT',
  nl: 'nl-NL',
};

const SPOKEN_REGIONS: ReadonlySet<string> = new Set(['en-GB', 'en-AU', 'en-IN', 'es-MX', 'es-US', 'fr-CA', 'pt-BR']);

const isSpoken = (base: string): base is keyof typeof SENTENCES => Object.hasOwn(SENTENCES, base);

/** @param language BCP 47. @returns null where we have no words of our own in it. */
export function sentencesIn(language: string): Sentences | null {
  const base = baseOf(language);
  return isSpoken(base) ? SENTENCES[base] : null;
}

/** The words to be put into another language by whoever speaks it. */
export const translatableSentences: Sentences = SENTENCES.en;

/**
 * A sentence for the carrier's own voice, which does not translate: in English where we have no words in the language.
 *
 * @param language BCP 47: its region is kept where there is a voice for it, as in `es-MX`.
 */
export function carrierSentence(language: string, pick: (sentences: Sentences) => string): { say: string; language: string } {
  const base = baseOf(language);
  if (!isSpoken(base)) return { say: pick(SENTENCES.en), language: SPOKEN_TAGS.en };
  return { say: pick(SENTENCES[base]), language: SPOKEN_REGIONS.has(language) ? language : SPOKEN_TAGS[base] };
}
