import { describe, expect, test } from 'vitest';
import { carrierSentence, type Sentences, sentencesIn, translatableSentences } from '../../src/domain/calls/sentences.ts';
import { consequenceOf, spokenLanguage } from '../../src/domain/calls/tools/tool-consequence.ts';
import { admitTransfer, failureNote, offerWords, transferFailure } from '../../src/domain/calls/transfer/transfer.ts';

const LANGUAGES = ['en-US', 'de', 'es-MX', 'fr', 'it', 'pt-BR', 'nl'];

describe('our own sentences', () => {
  test.each(LANGUAGES)('are there in %s, each its own words', (language) => {
    const sentences = sentencesIn(language);
    expect(sentences).not.toBeNull();
    const plain = (all: Sentences) => Object.values(all).filter((text) => typeof text === 'string');
    expect(plain(sentences ?? translatableSentences).every((text) => text.length > 4)).toBe(true);
    if (language !== 'en-US') expect(plain(sentences ?? translatableSentences).some((text) => plain(translatableSentences).includes(text))).toBe(false);
  });

  test('of a language that we have no words in are said in English by the carrier', () => {
    expect(sentencesIn('ja')).toBeNull();
    expect(carrierSentence('ja', ({ goodbye }) => goodbye)).toEqual({ say: 'Thank you for calling. Goodbye.', language: 'en-US' });
  });

  test.each([
    ['de-AT', 'de-DE'],
    ['es-MX', 'es-MX'],
    ['pt-BR', 'pt-BR'],
    ['en', 'en-US'],
    ['fr-BE', 'fr-FR'],
  ])('of %s are spoken by the carrier’s voice for %s', (language, spoken) => {
    expect(carrierSentence(language, ({ apology }) => apology).language).toBe(spoken);
  });
});

describe('whether a caller is put through', () => {
  test.each([
    [{ to: null, open: true, failed: 0 }, { refused: 'nobody' }],
    [{ to: '+1', open: false, failed: 0 }, { refused: 'closed' }],
    [{ to: '+1', open: true, failed: 3 }, { refused: 'tried' }],
    [{ to: '+1', open: true, failed: 2 }, { to: '+1' }],
  ])('%j: %j', (facts, answer) => expect(admitTransfer(facts)).toEqual(answer));

  test.each([
    ['in-progress', 'busy', false, 'busy'],
    ['in-progress', 'no-answer', false, 'no-answer'],
    ['in-progress', 'failed', false, 'failed'],
    ['in-progress', 'canceled', false, 'failed'],
    ['in-progress', 'answered', false, 'declined'],
    ['in-progress', 'unknown', false, 'no-answer'],
    ['completed', 'canceled', false, 'caller-hung-up'],
    ['completed', 'answered', false, 'caller-hung-up'],
    ['in-progress', 'answered', true, null],
    ['in-progress', 'unknown', true, null],
    ['completed', 'answered', true, null],
  ] as const)('a call that is %s, dialed with %s, taken: %s ends as %s', (state, result, taken, failure) => {
    expect(transferFailure({ state, result }, taken)).toBe(failure);
  });

  test('the reason is told in words, also one that nobody knows', () => {
    expect(failureNote('busy')).toBe('Nobody could take the call: the line was busy.');
    expect(failureNote('eaten')).toBe('Nobody could take the call: the number could not be reached.');
  });

  test.each([
    [
      { callerName: 'Dana Reed', number: '+12025550142', about: 'an invoice.' },
      'en-US',
      'A call for you from Dana Reed. It is about: an invoice. Press 1 to take the call.',
    ],
    [{ callerName: null, number: '+4930123', about: null }, 'de', 'Ein Anruf für Sie von 4 9 3 0 1 2 3. Drücken Sie die 1, um das Gespräch anzunehmen.'],
    [{ callerName: ' ', number: 'anonymous', about: null }, 'ja', 'A call for you. Press 1 to take the call.'],
  ])('the person hears of %j in %s', (who, language, say) => expect(offerWords(who, language).say).toBe(say));
});

describe('what follows from a tool', () => {
  test.each([
    ['end_call', 'SUCCEEDED', { ended: true }, { then: 'end-call' }],
    ['end_call', 'FAILED', { error: 'x' }, { then: 'answer' }],
    ['transfer_to_human', 'SUCCEEDED', { transferring: true }, { then: 'transfer' }],
    ['transfer_to_human', 'SUCCEEDED', { transferring: false }, { then: 'answer' }],
    ['send_dtmf', 'SUCCEEDED', { pressed: '12' }, { then: 'answer', press: '12' }],
    ['switch_language', 'SUCCEEDED', { language: 'es' }, { then: 'answer', language: 'es' }],
    ['switch_language', 'SUCCEEDED', { switched: false }, { then: 'answer' }],
    ['take_message', 'SUCCEEDED', { taken: true }, { then: 'answer' }],
    [null, 'FAILED', {}, { then: 'answer' }],
  ])('%s that %s with %j: %j', (name, status, output, consequence) => {
    expect(consequenceOf(name, status, output)).toEqual(consequence);
  });

  test('the last switch of language counts, whatever else was answered', () => {
    const call = (name: string, result: string | null) => ({ name, result });
    expect(spokenLanguage('en', [])).toBe('en');
    expect(spokenLanguage('en', [call('switch_language', '{"language":"es"}'), call('switch_language', '{"switched":false}'), call('x', null)])).toBe('es');
    expect(spokenLanguage('en', [call('switch_language', 'not JSON'), call('switch_language', null)])).toBe('en');
  });
});
