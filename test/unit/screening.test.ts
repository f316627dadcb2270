import { describe, expect, test } from 'vitest';
import { readScreening } from '../../src/domain/calls/answerer/screening.ts';

describe('a call screener', () => {
  test.each([
    ['en', "Hi, if you record your name and reason for calling, I'll see if this person is available.", null],
    [
      'en',
      'Hi, the person you’re calling is using a screening service from Google and will get a copy of this conversation. Go ahead and say your name and why you’re calling.',
      null,
    ],
    ['en', 'Before I try to connect you, can you tell me the reason for your call?', null],
    ['en', 'Please state your name and the reason you are calling after the tone.', null],
    ['de', 'Bitte nennen Sie Ihren Namen und den Grund Ihres Anrufs.', null],
    ['es', 'Por favor, diga su nombre y el motivo de su llamada.', null],
    ['fr', 'Veuillez indiquer la raison de votre appel.', null],
    ['it', 'Indichi il motivo della chiamata.', null],
    ['pt', 'Por favor, diga o seu nome e o motivo da chamada.', null],
    ['nl', 'Noem uw naam en de reden van uw gesprek.', null],
  ])('that asks who is calling is known in %s: "%s"', (language, text, press) => {
    expect(readScreening(text, [language])).toEqual({ type: 'prompt', identify: true, press });
  });

  test.each([
    ['en', 'This number uses a call filter. To be connected, please press 1 now.', '1'],
    ['en', 'Press seven to be connected to the person you are calling.', '7'],
    ['en', 'To prove that you are not a robot, press the pound key. Dial hash to continue.', '#'],
    ['de', 'Um verbunden zu werden, drücken Sie bitte die Taste 5.', '5'],
    ['de', 'Drücken Sie die eins, um durchgestellt zu werden.', '1'],
    ['es', 'Para continuar, pulse el 3.', '3'],
    ['fr', 'Pour être mis en relation, appuyez sur la touche deux.', '2'],
    ['it', 'Per continuare prema il tasto 4.', '4'],
    ['pt', 'Para continuar, prima a tecla um.', '1'],
    ['nl', 'Druk op 9 om door te gaan.', '9'],
  ])('that wants a key is told it in %s: "%s"', (language, text, press) => {
    const read = readScreening(text, [language]);
    expect(read.type === 'prompt' ? read.press : null).toBe(press);
  });

  test.each([
    ['en', 'Thank you. Please stay on the line.'],
    ['en', 'One moment, I am connecting you.'],
    ['en', 'Sorry, this person is not available. Goodbye.'],
    ['de', 'Bitte bleiben Sie am Apparat.'],
    ['fr', 'Ne quittez pas.'],
  ])('that asks to wait is waited for, %s: "%s"', (language, text) => {
    expect(readScreening(text, [language])).toEqual({ type: 'hold' });
  });

  test.each([
    ['en', 'Hello?'],
    ['en', 'Hi, this is Kim speaking, who is this?'],
    ['en', 'Why are you calling me?'],
    ['en', "What's your name again?"],
    ['de', 'Schmidt, guten Tag.'],
    ['es', '¿Diga?'],
    ['fr', 'Allô, oui ?'],
  ])('is not a person who picks up, %s: "%s"', (language, text) => {
    expect(readScreening(text, [language])).toEqual({ type: 'none' });
  });
});
