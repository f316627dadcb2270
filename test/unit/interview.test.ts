import { describe, expect, it } from 'vitest';
import type { GivenQuestion } from '../../src/domain/surveys/survey-input.ts';
import { type TextModel, TextModelError } from '../../src/ports/text-model.ts';
import { interviewDesk } from '../support/interview-desk.ts';

const SERVICE: GivenQuestion = { key: 'service', title: 'Which service did you use?', kind: 'SINGLE_CHOICE', options: ['Haircut', 'Colour', 'Beard trim'] };
const GRADE: GivenQuestion = { key: 'grade', title: 'How was it?', kind: 'SCALE', low: 1, high: 5, lowLabel: 'bad', highLabel: 'great' };
const HEARD: GivenQuestion = { key: 'heard', title: 'How did you hear of us?', kind: 'MULTIPLE_CHOICE', options: ['A friend', 'The web', 'A flyer'] };
const WHEN: GivenQuestion = { key: 'when', title: 'When was your last visit?', kind: 'DATE', includeYear: true };
const AGAIN: GivenQuestion = { key: 'again', title: 'Would you come again?', kind: 'SINGLE_CHOICE', options: ['Yes', 'No'] };

/** A text model that reads every utterance the same way. */
const reader = (value: unknown): TextModel => ({
  name: 'reader',
  answer: () => Promise.reject(new Error('nobody asks it to talk')),
  extract: async () => {
    if (value instanceof Error) throw value;
    return { value, usage: { inputTokens: 1, cachedTokens: 0, outputTokens: 1 } };
  },
});

describe('an interview', () => {
  it('asks one question at a time, stores what the words mean, and ends with thanks', async () => {
    await using at = await interviewDesk([SERVICE, GRADE, AGAIN]);
    expect(await at.say('Yes, sure.')).toMatchObject({
      say: 'Thank you. Which service did you use? You can say: Haircut, Colour or Beard trim.',
      question: '1',
      then: 'answer',
    });
    expect((await at.say('A haircut.')).say).toBe(
      'How was it? Please give a number from 1 to 5, where 1 means bad and 5 means great. You can also press it on the keypad.',
    );
    expect((await at.say('[pressed 4]')).say).toBe('Would you come again?');
    const last = await at.say('Yes, definitely.');
    expect(last).toMatchObject({ question: null, then: 'end-call', farewell: expect.stringContaining('Thank you very much') });
    expect(await at.stored()).toEqual({ service: ['Haircut'], grade: ['4'], again: ['Yes'] });
    const { complete, answers } = await at.response();
    expect([complete, answers.map(({ method, raw }) => [method, raw])]).toEqual([
      true,
      [
        ['EXACT', 'A haircut.'],
        ['KEYPAD', '[pressed 4]'],
        ['SYNONYM', 'Yes, definitely.'],
      ],
    ]);
    expect(await at.app.database.root.call.findUniqueOrThrow({ where: { id: at.callId } })).toMatchObject({ verdict: 'COMPLETED' });
    expect(at.app.told.filter(({ type }) => type === 'SurveyResponseRecorded')).toMatchObject([{ surveyId: at.surveyId, campaignId: at.campaignId }]);
  });

  it('leaves whoever does not agree in peace', async () => {
    await using at = await interviewDesk([SERVICE]);
    expect(await at.say('No, thank you.')).toMatchObject({ then: 'end-call', farewell: 'That is fine. Thank you, and goodbye.' });
    expect(await at.app.database.root.call.findUniqueOrThrow({ where: { id: at.callId } })).toMatchObject({ verdict: 'REFUSED' });
    expect(await at.app.database.root.surveyResponse.count()).toBe(0);
  });

  it('asks once more whether it suits, then takes it that it does not', async () => {
    await using at = await interviewDesk([SERVICE]);
    expect((await at.say('Who is this?')).say).toBe('May I ask you the questions now? Please say yes or no.');
    expect((await at.say('What do you mean, who are you?')).then).toBe('end-call');
  });

  it('asks once more what it did not get, then leaves it to a person', async () => {
    await using at = await interviewDesk([SERVICE, AGAIN]);
    await at.say('Yes.');
    expect(await at.say('It depends.')).toMatchObject({ say: expect.stringMatching(/^Sorry, I did not get that\. Which service/), question: '1' });
    expect(await at.say('It depends.')).toMatchObject({ say: 'Would you come again?', question: '2' });
    expect(await at.stored()).toEqual({ service: 'NEEDS_REVIEW' });
  });

  it('says a question again without counting it, and passes one that is skipped or refused', async () => {
    await using at = await interviewDesk([SERVICE, GRADE, AGAIN]);
    await at.say('Yes.');
    expect((await at.say('Could you repeat that?')).say).toMatch(/^Which service/);
    await at.say("I'd rather not say.");
    await at.use('skip_question', { question: '2', words: 'No idea, really.', reason: 'no_answer' });
    expect(await at.stored()).toEqual({ service: 'REFUSED', grade: 'SKIPPED' });
    const over = await at.use('skip_question', { question: '3', words: 'Enough now, stop asking.', reason: 'whole_survey' });
    expect(over.then).toBe('end-call');
    expect((await at.response()).complete).toBe(false);
    expect(await at.app.database.root.call.findUniqueOrThrow({ where: { id: at.callId } })).toMatchObject({ verdict: 'REFUSED' });
  });

  it('asks for others where several may be named, and keeps the form’s order', async () => {
    await using at = await interviewDesk([HEARD, HEARD, AGAIN].map((each, index) => ({ ...each, key: `q${index}` })));
    await at.say('Yes.');
    expect(await at.say('A flyer')).toMatchObject({ say: 'Any others?', question: '1' });
    expect((await at.say('A friend')).question).toBe('2');
    await at.say('The web');
    expect((await at.say("No, that's all.")).question).toBe('3');
    expect(await at.stored()).toEqual({ q0: ['A friend', 'A flyer'], q1: ['The web'] });
  });

  it('reads a date back, and takes a correction of the answer before', async () => {
    await using at = await interviewDesk([WHEN, AGAIN]);
    await at.say('Yes.');
    expect((await at.say('On the third of August 2026')).say).toBe('I have noted August 3, 2026. Would you come again?');
    const corrected = await at.use('record_answer', { question: '1', words: 'the fourth of August 2026' });
    expect(corrected).toMatchObject({ say: 'I have noted August 4, 2026. Would you come again?', question: '2' });
    expect(await at.stored()).toEqual({ when: ['2026-08-04'] });
  });

  it('follows the branches of the form', async () => {
    await using at = await interviewDesk([
      { ...AGAIN, next: [{ option: 'No', goTo: 'submit' }] },
      { ...SERVICE, section: 2 },
    ]);
    await at.say('Yes.');
    expect((await at.say('No.')).then).toBe('end-call');
    expect((await at.response()).complete).toBe(true);
  });

  it('goes on in another call with the question at which it broke off', async () => {
    await using at = await interviewDesk([SERVICE, GRADE, AGAIN]);
    await at.say('Yes.');
    await at.say('A haircut.');
    const again = await at.callAgain();
    expect((await at.say('Yes.', again)).say).toMatch(/^Thank you\. How was it\?/);
    await at.say('Five', again);
    await at.say('Yes', again);
    const { complete, callId } = await at.response();
    expect([complete, callId]).toEqual([true, again]);
    expect(await at.stored()).toEqual({ service: ['Haircut'], grade: ['5'], again: ['Yes'] });
  });

  it('stores an answer once, whether its tool is repeated, run twice at once, or names another question', async () => {
    await using at = await interviewDesk([SERVICE, AGAIN]);
    await at.say('Yes.');
    const given = { question: '1', words: 'Colour' };
    const twice = await Promise.all(['a', 'a', 'b'].map((modelCallId) => at.use('record_answer', given, { modelCallId, afterSequence: 7 })));
    expect(new Set(twice.map(({ question }) => question))).toEqual(new Set(['2']));
    expect((await at.use('record_answer', { question: '9', words: 'Yes' })).question).toBe('2');
    expect(await at.stored()).toEqual({ service: ['Colour'] });
  });

  it('takes down when somebody wants to be called again, on their own clock', async () => {
    await using at = await interviewDesk([SERVICE]);
    expect((await at.use('schedule_callback', { when: 'sometime' })).then).toBe('answer');
    expect(await at.use('schedule_callback', { when: 'tomorrow at half past two' })).toMatchObject({
      then: 'end-call',
      farewell: 'All right, I will call you again Wednesday the 2nd at half past two. Goodbye.',
    });
    const attempt = await at.app.database.root.attempt.findFirstOrThrow({ where: { callId: at.callId } });
    expect(attempt.callbackAt?.toISOString()).toBe('2026-09-02T18:30:00.000Z');
  });
});

describe('what the text model makes of an answer', () => {
  const VAGUE = 'Well, they put something on my head and it turned red, so that.';
  const says = (given: object) => reader({ decision: 'answer', values: [], other: null, confidence: 0.9, ...given });

  it.each([
    ['an option is kept', says({ values: ['Colour'] }), ['Colour']],
    ['what is no option is never stored', says({ values: ['Red hair'] }), 'REASKED'],
    ['two of one choice are none', says({ values: ['Colour', 'Haircut'] }), 'REASKED'],
    ['something else is none where the question does not take it', says({ other: 'something' }), 'REASKED'],
    ['little confidence is none', says({ values: ['Colour'], confidence: 0.5 }), 'REASKED'],
    ['nonsense is none', reader('Colour'), 'REASKED'],
    ['a skip is a skip', says({ decision: 'skip' }), 'SKIPPED'],
    ['a model that does not answer leaves it open', reader(new TextModelError('away', 'uncertain', 'timeout')), 'REASKED'],
  ])('%s', async (_case, model, stored) => {
    await using at = await interviewDesk([SERVICE, AGAIN], model);
    await at.say('Yes.');
    await at.say(VAGUE);
    expect(await at.stored()).toEqual({ service: stored });
  });
});
