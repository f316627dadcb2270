import { describe, expect, it } from 'vitest';
import { questionProblems } from '../../src/domain/surveys/problems.ts';
import { type Question, question } from '../../src/domain/surveys/question.ts';
import { nextQuestion } from '../../src/domain/surveys/walk.ts';
import { readGoogleForm } from '../../src/vendors/google/form-items.ts';

const ask = (key: string, more: Partial<Question> = {}): Question =>
  question.parse({ key, title: `Is it ${key}?`, kind: 'SINGLE_CHOICE', options: ['Yes', 'No'], ...more });
const sections = (count: number) => Array.from({ length: count }, (_, index) => ({ title: `Part ${index + 1}`, description: null }));
const kinds = (questions: Question[], count = 1) => questionProblems(questions, sections(count)).map(({ kind }) => kind);

describe('problems of a survey', () => {
  it.each<[string, Question, string[]]>([
    ['a question without words', ask('a', { title: ' ' }), ['MISSING_TITLE']],
    ['a choice without options', ask('a', { options: [] }), ['NO_OPTIONS']],
    ['options that sound the same', ask('a', { options: ['Yes', 'yes!'] }), ['DUPLICATE_OPTION']],
    ['a target that is not there', ask('a', { next: [{ option: 'Yes', goTo: 'unknown:9f' }] }), ['DANGLING_TARGET']],
    ['a section that is not there', ask('a', { next: [{ option: 'Yes', goTo: 'section:7' }] }), ['DANGLING_TARGET']],
    ['a way back to its own section', ask('a', { next: [{ option: 'Yes', goTo: 'section:1' }] }), ['BACKWARD_JUMP']],
    ['a way back to the start', ask('a', { next: [{ option: 'Yes', goTo: 'restart' }] }), ['BACKWARD_JUMP']],
    ['nothing', ask('a', { next: [{ option: 'No', goTo: 'submit' }] }), []],
  ])('%s', (_case, questioned, expected) => {
    expect(kinds([questioned])).toEqual(expected);
  });

  it('a section that every answer leads past is never asked, and that is told', () => {
    const past = ask('a', {
      required: true,
      next: [
        { option: 'Yes', goTo: 'section:3' },
        { option: 'No', goTo: 'submit' },
      ],
    });
    const rest = [ask('b', { section: 2 }), ask('c', { section: 3 })];
    expect(questionProblems([past, ...rest], sections(3))).toMatchObject([
      { kind: 'UNREACHABLE_SECTION', blocks: false, message: expect.stringContaining('Part 2') },
    ]);
    // Who may skip the question comes to it; so does who chooses something else.
    expect(kinds([{ ...past, required: false }, ...rest], 3)).toEqual([]);
    expect(kinds([{ ...past, allowsOther: true }, ...rest], 3)).toEqual([]);
  });
});

describe('the way through a survey', () => {
  it('an answer outside the options takes the way of "other"', () => {
    const questions = [ask('a', { allowsOther: true, next: [{ option: null, goTo: 'section:3' }] }), ask('b', { section: 2 }), ask('c', { section: 3 })];
    expect(nextQuestion(questions, 3, [{ key: 'a', given: ['Perhaps'] }])).toMatchObject({ question: { key: 'c' } });
    expect(nextQuestion(questions, 3, [{ key: 'a', given: ['Yes'] }])).toMatchObject({ question: { key: 'b' } });
    expect(nextQuestion(questions, 3, [{ key: 'a', given: null }])).toMatchObject({ question: { key: 'b' } });
  });

  it('a target that is not there goes on with the next section', () => {
    const questions = [ask('a', { next: [{ option: 'Yes', goTo: 'unknown:9f' }] }), ask('b', { section: 2 })];
    expect(nextQuestion(questions, 2, [{ key: 'a', given: ['Yes'] }])).toMatchObject({ question: { key: 'b' } });
  });

  it('a way back asks again, and a form that goes round for ever is left', () => {
    const questions = [ask('a', { next: [{ option: 'Yes', goTo: 'restart' }] })];
    const steps = (times: number) => Array.from({ length: times }, () => ({ key: 'a', given: ['Yes'] }));
    expect(nextQuestion(questions, 1, steps(1))).toMatchObject({ question: { key: 'a' } });
    expect(nextQuestion(questions, 1, steps(2))).toMatchObject({ question: { key: 'a' } });
    expect(nextQuestion(questions, 1, steps(3))).toEqual({ type: 'over', ending: 'END' });
  });

  it('sections without questions are passed by', () => {
    expect(nextQuestion([ask('a', { section: 3 })], 4, [])).toMatchObject({ question: { key: 'a' } });
    expect(nextQuestion([ask('a', { section: 3 })], 4, [{ key: 'a', given: ['No'] }])).toEqual({ type: 'over', ending: 'END' });
  });
});

describe('what a form may hold that nobody has heard of', () => {
  it('is left out and told, and the rest is read', () => {
    const form = readGoogleForm({
      formId: 'f',
      info: { documentTitle: 'Untitled' },
      items: [
        { itemId: '1', title: 'New thing', questionItem: { question: { questionId: 'q1', hologramQuestion: {} } } },
        { itemId: '2', title: 'Newer thing', hologramItem: {} },
        { itemId: '3', title: 'Age', questionItem: { question: { questionId: 'q2', textQuestion: {} } } },
      ],
    });
    expect(form.title).toBe('Untitled');
    expect(form.questions.map(({ key }) => key)).toEqual(['q2']);
    expect(form.unaskable).toMatchObject([
      { kind: 'UNKNOWN_KIND', itemId: '1', questionKey: 'q1' },
      { kind: 'UNKNOWN_KIND', itemId: '2', questionKey: null },
    ]);
  });
});
