import { describe, expect, test } from 'vitest';
import { type ConsentAnswer, readConsent, refusesRecording } from '../../src/domain/calls/recording/spoken-consent.ts';

const ANSWERS: Readonly<Record<string, Readonly<Record<ConsentAnswer, readonly string[]>>>> = {
  en: {
    yes: [
      'Yes.',
      'Yeah, sure.',
      'Okay',
      "That's fine.",
      'Go ahead',
      'Of course you may.',
      'No problem.',
      "I don't mind.",
      'Why not.',
      'Yes, that is fine, I would like to come in next Tuesday at three if you have anything.',
    ],
    no: [
      'No.',
      'No, thank you.',
      "I'd rather not.",
      'Please don’t.',
      'Absolutely not!',
      "Don't record me.",
      'Okay, but do not record this.',
      'No, I want to book an appointment for my son on Monday at nine please.',
    ],
    unclear: [
      'Hello?',
      'I would like to book a haircut.',
      'Who is this?',
      'Recorded? Okay, why?',
      'Hmm.',
      'What did you say',
      'I need an appointment on Tuesday and it would be great if that was okay with the doctor',
    ],
  },
  de: {
    yes: ['Ja.', 'Ja, gerne.', 'Klar', 'Einverstanden.', 'Kein Problem.', 'Meinetwegen', 'Natürlich.', 'Ja, in Ordnung.'],
    no: ['Nein.', 'Lieber nicht.', 'Nein danke', 'Auf keinen Fall.', 'Das möchte ich nicht.', 'Ich will nicht aufgezeichnet werden.'],
    unclear: ['Guten Tag, ich hätte gern einen Termin am Dienstag um drei Uhr, geht das bei Ihnen noch?', 'Wie bitte?', 'Was heißt das?'],
  },
  es: {
    yes: ['Sí.', 'Claro que sí', 'De acuerdo.', 'Vale', 'Sin problema.', 'No hay problema'],
    no: ['No.', 'No, gracias', 'Prefiero que no.', 'No quiero que me graben.'],
    unclear: ['¿Quién es?', 'Quería una cita para el martes.', '¿Perdón?'],
  },
  fr: {
    yes: ['Oui.', "D'accord.", 'Bien sûr', 'Pas de problème.', 'Allez-y'],
    no: ['Non.', 'Non merci', 'Je préfère pas.', "N'enregistrez pas."],
    unclear: ['Bonjour, je voudrais un rendez-vous.', 'Pardon ?', 'Qui est-ce ?'],
  },
  it: {
    yes: ['Sì.', 'Va bene', 'Certo.', 'Nessun problema.'],
    no: ['No.', 'Preferisco di no.', 'Non registri.'],
    unclear: ['Pronto?', 'Vorrei un appuntamento.', 'Come?'],
  },
  pt: {
    yes: ['Sim.', 'Claro', 'Com certeza.', 'Não há problema.', 'Pode ser'],
    no: ['Não.', 'Prefiro que não.', 'Não quero ser gravado.'],
    unclear: ['Quem fala?', 'Queria marcar uma consulta.', 'Como?'],
  },
  nl: {
    yes: ['Ja.', 'Ja hoor, prima.', 'Geen probleem.', 'Dat mag', 'Akkoord'],
    no: ['Nee.', 'Liever niet.', 'Nee, dank u', 'Niet opnemen.'],
    unclear: ['Met wie spreek ik?', 'Ik wil een afspraak maken.', 'Pardon?'],
  },
};

describe('an answer to the question whether the call may be recorded', () => {
  const cases = Object.entries(ANSWERS).flatMap(([language, answers]) =>
    Object.entries(answers).flatMap(([answer, texts]) => texts.map((text) => [language, text, answer] as const)),
  );
  test.each(cases)('in %s, "%s" is %s', (language, text, answer) => {
    expect(readConsent(text, [language])).toBe(answer);
  });

  test('English is understood whatever the language of the call, and so is each further language', () => {
    expect(readConsent('Yes, sure.', ['de-AT'])).toBe('yes');
    expect(readConsent('No!', ['pt-BR'])).toBe('no');
    expect(readConsent('Jawohl', ['en-US', 'de-DE'])).toBe('yes');
    expect(readConsent('Jawohl', ['en-US'])).toBe('unclear');
  });

  test('silence is no yes', () => {
    for (const language of Object.keys(ANSWERS)) expect(readConsent('', [language])).toBe('unclear');
  });
});

describe('a wish that the recording stop', () => {
  test.each([
    ['en', 'Could you stop recording, please?'],
    ['en', "I don't want this to be recorded."],
    ['de', 'Beenden Sie bitte die Aufzeichnung.'],
    ['de', 'Ich möchte nicht mehr aufgezeichnet werden.'],
    ['es', 'Deje de grabar, por favor.'],
    ['fr', "Arrêtez l'enregistrement."],
    ['it', 'Smetta di registrare.'],
    ['pt', 'Pare de gravar, por favor.'],
    ['nl', 'Stop met opnemen.'],
  ])('is heard in %s: "%s"', (language, text) => {
    expect(refusesRecording(text, [language])).toBe(true);
  });

  test.each(['Do you have a record of my appointment?', 'No, Tuesday does not suit me.', 'Can you stop by on Monday?', 'I recorded the date wrong.'])(
    'is not heard in "%s"',
    (text) => {
      expect(refusesRecording(text, ['en'])).toBe(false);
    },
  );
});
