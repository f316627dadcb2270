import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { questionProblems } from '../../src/domain/surveys/problems.ts';
import { type Question, question } from '../../src/domain/surveys/question.ts';
import { nextQuestion, type Steps } from '../../src/domain/surveys/walk.ts';
import { readGoogleForm } from '../../src/vendors/google/form-items.ts';

const FORMS = new URL('../fixtures/forms/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FORMS), 'utf8'));
const names = readdirSync(FORMS).flatMap((file) => (file.endsWith('.expected.json') ? [file.replace('.expected.json', '')] : []));

const expectation = z.object({
  formId: z.string(),
  title: z.string(),
  sections: z.array(z.object({ section: z.int(), itemId: z.string().nullable(), title: z.string() })),
  questions: z.array(z.looseObject({ questionId: z.string(), title: z.string(), next: z.array(z.looseObject({ option: z.string().nullable() })) })),
  problems: z.array(z.object({ kind: z.string(), itemId: z.string().optional(), questionId: z.string().optional(), required: z.boolean().optional() })),
  walks: z.array(
    z.object({ name: z.string(), ends: z.string(), steps: z.array(z.object({ questionId: z.string(), answer: z.array(z.string()).nullable() })) }),
  ),
});

const ACTIONS = new Map([
  ['next', 'NEXT_SECTION'],
  ['submit', 'SUBMIT_FORM'],
  ['restart', 'RESTART_FORM'],
]);
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

describe.each(names)('the form %s', (name) => {
  const form = readGoogleForm(read(`${name}.json`));
  const expected = expectation.parse(read(`${name}.expected.json`));
  const questions: Question[] = form.questions.map((each) => question.parse(each));

  it('has its title and sections', () => {
    expect([form.formId, form.title]).toEqual([expected.formId, expected.title]);
    expect(form.sections.map(({ itemId, title }, index) => ({ section: index + 1, itemId, title }))).toMatchObject(
      expected.sections.map(({ section, itemId, title }) => ({ section, itemId, title })),
    );
  });

  it('has its questions, with what each asks for and where its options lead', () => {
    const told = form.questions.map(({ key, next, title, help, ...rest }) => ({
      ...rest,
      questionId: key,
      title: oneLine(title),
      ...(help !== null && { help: oneLine(help) }),
      next: next.map(({ option, goTo }) =>
        goTo.startsWith('section:') ? { option, goToSection: Number(goTo.slice(8)) } : { option, goToAction: ACTIONS.get(goTo) },
      ),
    }));
    const wanted = expected.questions.map((each) => ({ ...each, title: oneLine(each.title) }));
    expect(told.map(({ questionId }) => questionId)).toEqual(wanted.map(({ questionId }) => questionId));
    expect(told).toMatchObject(wanted);
  });

  it('has its problems, each naming what it is about', () => {
    const told = [
      ...form.unaskable.map(({ kind, itemId, questionKey, required }) => ({ kind, itemId, questionId: questionKey ?? undefined, required })),
      ...questionProblems(questions, form.sections).map(({ kind, questionKey }) => ({ kind, questionId: questionKey ?? undefined })),
    ];
    expect(told).toHaveLength(expected.problems.length);
    expect(told).toMatchObject(expected.problems.map((problem) => ({ ...problem })));
  });

  it.each(expected.walks)('$name', ({ steps, ends }) => {
    const done: { key: string; given: string[] | null }[] = [];
    const asked = (so: Steps) => nextQuestion(questions, form.sections.length, so);
    for (const { questionId, answer } of steps) {
      expect(asked(done)).toMatchObject({ type: 'question', question: { key: questionId } });
      done.push({ key: questionId, given: answer });
    }
    expect(asked(done)).toEqual({ type: 'over', ending: ends });
  });
});
