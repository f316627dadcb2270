import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mapByRules } from '../../src/domain/surveys/map-answer.ts';
import { type Question, question } from '../../src/domain/surveys/question.ts';
import { readGoogleForm } from '../../src/vendors/google/form-items.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const row = z.object({
  id: z.string(),
  form: z.string(),
  questionId: z.string(),
  utterance: z.string(),
  input: z.enum(['speech', 'keypad']).default('speech'),
  attempt: z.int().default(1),
  now: z.string().optional(),
  timeZone: z.string().default('America/New_York'),
  expected: z.object({
    mapped: z.array(z.string()),
    status: z.enum(['VALID', 'REASKED', 'NEEDS_REVIEW', 'SKIPPED', 'REFUSED']),
    other: z.boolean().default(false),
    numeric: z.boolean().default(false),
    repeat: z.boolean().default(false),
    endsSurvey: z.boolean().default(false),
    optOut: z.boolean().default(false),
  }),
});
type Row = z.infer<typeof row>;

const rows = readFileSync(new URL('answers.jsonl', FIXTURES), 'utf8')
  .trim()
  .split('\n')
  .map((line) => row.parse(JSON.parse(line)));

const questions = new Map<string, Question>();
for (const name of new Set(rows.map(({ form }) => form))) {
  const form = readGoogleForm(JSON.parse(readFileSync(new URL(`forms/${name}.json`, FIXTURES), 'utf8')));
  for (const each of form.questions) questions.set(each.key, question.parse(each));
}

function map({ questionId, utterance, input, attempt, now, timeZone }: Row) {
  const asked = questions.get(questionId);
  if (!asked) throw new Error(`There is no question ${questionId}.`);
  const at = Temporal.Instant.from(now ?? '2026-03-11T17:00:00Z').toZonedDateTimeISO(timeZone);
  return { asked, mapping: mapByRules(asked, { words: utterance, input, attempt, now: at }) };
}

/** Whether what was mapped is what the row wants; the conventions are those of the data's own README. */
function isRight({ expected }: Row, { asked, mapping }: ReturnType<typeof map>): boolean {
  if (!mapping) return true;
  if (mapping.status !== expected.status || (mapping.repeat ?? false) !== expected.repeat || (mapping.endsSurvey ?? false) !== expected.endsSurvey)
    return false;
  const free = asked.kind === 'TEXT' || asked.kind === 'PARAGRAPH' || expected.other;
  if (!free) return JSON.stringify(mapping.mapped) === JSON.stringify(expected.mapped);
  const stored = mapping.mapped.join(' ').toLowerCase();
  return (
    expected.mapped.every((words) => stored.includes(words.toLowerCase())) &&
    (!expected.other || !mapping.mapped.some((value) => asked.options.includes(value)))
  );
}

describe('answers as people give them', () => {
  const mapped = rows.map((each) => ({ each, result: map(each) }));

  it('what the rules map is never wrong', () => {
    const wrong = mapped.filter(({ each, result }) => !isRight(each, result));
    expect(wrong.map(({ each, result }) => ({ id: each.id, said: each.utterance, expected: each.expected, mapped: result.mapping }))).toEqual([]);
  });

  it('the rest is left to the model, and the share is told', () => {
    const left = mapped.filter(({ result }) => result.mapping === null);
    const share = 1 - left.length / rows.length;
    console.log(`${Math.round(share * 100)} % of ${rows.length} answers are mapped by rules, ${left.length} are left to the model.`);
    expect(share).toBeGreaterThan(0.5);
  });
});

describe('what is near an answer and none', () => {
  const said = (questionId: string, utterance: string) =>
    map(row.parse({ id: '', form: '', questionId, utterance, expected: { mapped: [], status: 'VALID' } })).mapping;

  it.each([
    ['aec5839d', 'not pain, just a check-up'],
    ['aec5839d', "my wife's cleaning"],
    ['aec5839d', 'was it the cleaning?'],
    ['5d3067f4', 'not the wait'],
    ['842f72c8', 'about ten minutes'],
    ['4e6b567b', 'less than five'],
    ['4e6b567b', 'ten for the staff, five for the wait'],
    ['02fe8623', 'not very well'],
    ['02fe8623', 'very well, but too fast'],
    ['da368f96', 'four out of ten'],
    ['b10a31d1', "doctor Banerjee's assistant"],
    ['037cf382', 'Monday'],
    ['037cf382', 'I was there yesterday and today'],
    ['561d3e88', 'yes and no'],
    ['561d3e88', 'no problem'],
    ['561d3e88', 'yes, this is she'],
    ['4afc23a6', 'please speak up I can barely understand you'],
    ['7d211c0b', 'the first one'],
    ['dc7b1d44', 'seven'],
    ['dc7b1d44', 'after six pm'],
    ['a9d42a8a', 'not the first one'],
    ['40491955', 'three or four'],
    ['52f4fd60', 'ten to fifteen minutes'],
    ['bc1668cd', 'almost sixty'],
    ['2ff8a62e', 'sixty-five'],
    ['2ff8a62e', 'I make 20 dollars an hour'],
    ['b851d279', 'Speaking'],
  ])('%s: %s', (questionId, utterance) => expect(said(questionId, utterance)).toBeNull());

  it.each([
    ['4e6b567b', "on a scale from 0 to 10, I'd say 8", '8'],
    ['842f72c8', 'half an hour', '10 to 30 minutes'],
    ['2ff8a62e', 'a hundred thousand', '$100,000 or more'],
    ['a9d42a8a', 'the six fifteen one', '6:15 pm'],
    ['b8135daa', 'none', 'None of these'],
    ['f524959b', 'two hours and a half', '02:30'],
  ])('%s: %s', (questionId, utterance, value) => expect(said(questionId, utterance)?.mapped).toEqual([value]));

  it('a question that was answered beside the point twice is left to a person', () => {
    const asked = questions.get('4e6b567b');
    if (!asked) throw new Error('There is no such question.');
    const now = Temporal.Instant.from('2026-03-11T17:00:00Z').toZonedDateTimeISO('UTC');
    expect(mapByRules(asked, { words: 'eleven', input: 'speech', attempt: 1, now })?.status).toBe('REASKED');
    expect(mapByRules(asked, { words: 'eleven', input: 'speech', attempt: 2, now })?.status).toBe('NEEDS_REVIEW');
    expect(mapByRules(asked, { words: '11', input: 'keypad', attempt: 1, now })?.status).toBe('REASKED');
  });
});
