import { z } from 'zod';
import type { Form, FormQuestion, FormSection, FormTarget, UnaskableItem } from '../../ports/forms.ts';

/** The parts of `forms.get` (Forms API v1) that we read; what the API leaves out is false, zero or empty. */
const picture = z.object({}).nullish();
const option = z.object({
  value: z.string().nullish(),
  isOther: z.boolean().nullish(),
  goToAction: z.string().nullish(),
  goToSectionId: z.string().nullish(),
  image: picture,
});
const choice = z.object({ type: z.string().nullish(), options: z.array(option).default([]), shuffle: z.boolean().default(false) });
const question = z.object({
  questionId: z.string(),
  required: z.boolean().default(false),
  choiceQuestion: choice.nullish(),
  textQuestion: z.object({ paragraph: z.boolean().default(false) }).nullish(),
  scaleQuestion: z.object({ low: z.int().default(0), high: z.int().default(0), lowLabel: z.string().nullish(), highLabel: z.string().nullish() }).nullish(),
  dateQuestion: z.object({ includeTime: z.boolean().default(false), includeYear: z.boolean().default(false) }).nullish(),
  timeQuestion: z.object({ duration: z.boolean().default(false) }).nullish(),
  ratingQuestion: z.object({ ratingScaleLevel: z.int(), iconType: z.string().nullish() }).nullish(),
  fileUploadQuestion: z.object({}).nullish(),
  rowQuestion: z.object({ title: z.string().default('') }).nullish(),
});
const item = z.object({
  itemId: z.string().default(''),
  title: z.string().default(''),
  description: z.string().nullish(),
  questionItem: z.object({ question, image: picture }).nullish(),
  questionGroupItem: z
    .object({
      questions: z.array(question).default([]),
      image: picture,
      grid: z.object({ columns: choice, shuffleQuestions: z.boolean().default(false) }).nullish(),
    })
    .nullish(),
  pageBreakItem: z.object({}).nullish(),
  textItem: z.object({}).nullish(),
  imageItem: z.object({}).nullish(),
  videoItem: z.object({}).nullish(),
});
type Item = z.infer<typeof item>;
type ApiQuestion = z.infer<typeof question>;

const form = z.object({
  formId: z.string(),
  revisionId: z.string().default(''),
  info: z.object({ title: z.string().default(''), documentTitle: z.string().default(''), description: z.string().nullish() }),
  items: z.array(item).default([]),
});

const ICONS = ['STAR', 'HEART', 'THUMB_UP'] as const;

/** Reads the reply of `forms.get`. @throws ZodError where it is none. */
export function readGoogleForm(reply: unknown): Form {
  const { formId, revisionId, info, items } = form.parse(reply);
  const title = info.title || info.documentTitle;
  const sections: FormSection[] = [{ itemId: null, title, description: info.description ?? null }];
  const sectionNumbers = new Map<string, number>();
  for (const { itemId, pageBreakItem } of items) if (pageBreakItem) sectionNumbers.set(itemId, sectionNumbers.size + 2);

  const questions: FormQuestion[] = [];
  const unaskable: UnaskableItem[] = [];
  for (const each of items) {
    if (each.pageBreakItem) sections.push({ itemId: each.itemId, title: each.title, description: each.description ?? null });
    else readItem(each, { section: sections.length, sectionNumbers, questions, unaskable });
  }
  return { formId, revision: revisionId, title, description: info.description ?? null, sections, questions, unaskable };
}

interface Reading {
  readonly section: number;
  readonly sectionNumbers: ReadonlyMap<string, number>;
  readonly questions: FormQuestion[];
  readonly unaskable: UnaskableItem[];
}

function readItem(each: Item, reading: Reading): void {
  const { questionItem, questionGroupItem, textItem, imageItem, videoItem, itemId, title } = each;
  const problem = (kind: UnaskableItem['kind'], asked?: ApiQuestion) =>
    reading.unaskable.push({ kind, itemId, questionKey: asked?.questionId ?? null, title, required: asked?.required ?? false });
  if (textItem) return;
  if (imageItem || videoItem) return void problem('PICTURE');
  if (questionItem) return readQuestion(each, questionItem.question, Boolean(questionItem.image), reading, problem);
  if (!questionGroupItem?.grid) return void problem('UNKNOWN_KIND');
  const { questions, grid, image } = questionGroupItem;
  if (image || grid.columns.options.some((column) => column.image)) problem('PICTURE');
  for (const row of questions) {
    if (!row.rowQuestion) problem('UNKNOWN_KIND', row);
    else reading.questions.push({ ...plain(each, row, reading.section), ...choices(grid.columns), ...gridRow(each, row, grid), kind: 'GRID_ROW' });
  }
}

const gridRow = (each: Item, row: ApiQuestion, grid: { columns: z.infer<typeof choice>; shuffleQuestions: boolean }) => ({
  title: row.rowQuestion?.title ?? '',
  groupTitle: each.title,
  multiple: grid.columns.type === 'CHECKBOX',
  shuffle: grid.shuffleQuestions,
});

function readQuestion(
  each: Item,
  asked: ApiQuestion,
  pictured: boolean,
  reading: Reading,
  problem: (kind: UnaskableItem['kind'], asked: ApiQuestion) => void,
): void {
  if (asked.fileUploadQuestion) return problem('FILE_UPLOAD', asked);
  const kind = kindOf(asked);
  if (!kind) return problem('UNKNOWN_KIND', asked);
  if (pictured || asked.choiceQuestion?.options.some(({ image }) => image)) problem('PICTURE', asked);
  const { choiceQuestion, scaleQuestion, ratingQuestion, dateQuestion } = asked;
  reading.questions.push({
    ...plain(each, asked, reading.section),
    kind,
    ...(choiceQuestion && { ...choices(choiceQuestion), next: branches(choiceQuestion, reading.sectionNumbers) }),
    ...(scaleQuestion && { ...scaleQuestion, lowLabel: scaleQuestion.lowLabel || null, highLabel: scaleQuestion.highLabel || null }),
    ...(ratingQuestion && { low: 1, high: ratingQuestion.ratingScaleLevel, icon: ICONS.find((icon) => icon === ratingQuestion.iconType) ?? null }),
    ...dateQuestion,
  });
}

function kindOf({ choiceQuestion, textQuestion, scaleQuestion, dateQuestion, timeQuestion, ratingQuestion }: ApiQuestion): FormQuestion['kind'] | null {
  if (choiceQuestion)
    return choiceQuestion.type === 'CHECKBOX' ? 'MULTIPLE_CHOICE' : ['RADIO', 'DROP_DOWN'].includes(choiceQuestion.type ?? '') ? 'SINGLE_CHOICE' : null;
  if (textQuestion) return textQuestion.paragraph ? 'PARAGRAPH' : 'TEXT';
  if (scaleQuestion) return 'SCALE';
  if (ratingQuestion) return 'RATING';
  if (dateQuestion) return 'DATE';
  return timeQuestion ? (timeQuestion.duration ? 'DURATION' : 'TIME') : null;
}

const plain = ({ itemId, title, description }: Item, { questionId, required }: ApiQuestion, section: number): Omit<FormQuestion, 'kind'> => ({
  key: questionId,
  itemId,
  title,
  groupTitle: null,
  help: description ?? null,
  required,
  section,
  options: [],
  allowsOther: false,
  multiple: false,
  shuffle: false,
  low: null,
  high: null,
  lowLabel: null,
  highLabel: null,
  icon: null,
  includeYear: false,
  includeTime: false,
  next: [],
});

const choices = ({ options, shuffle }: z.infer<typeof choice>) => ({
  options: options.flatMap(({ value, isOther }) => (isOther ? [] : [value ?? ''])),
  allowsOther: options.some(({ isOther }) => isOther),
  shuffle,
});

/** An option without a target leads nowhere in particular, and so has no rule. */
function branches({ type, options }: z.infer<typeof choice>, sectionNumbers: ReadonlyMap<string, number>): FormQuestion['next'] {
  if (type === 'CHECKBOX') return [];
  return options.flatMap(({ value, isOther, goToAction, goToSectionId }) => {
    const goTo = targetOf(goToAction, goToSectionId, sectionNumbers);
    return goTo ? [{ option: isOther ? null : (value ?? ''), goTo }] : [];
  });
}

function targetOf(action: string | null | undefined, sectionId: string | null | undefined, sectionNumbers: ReadonlyMap<string, number>): FormTarget | null {
  if (sectionId) {
    const number = sectionNumbers.get(sectionId);
    return number ? `section:${number}` : `unknown:${sectionId}`;
  }
  if (!action || action === 'GO_TO_ACTION_UNSPECIFIED') return null;
  if (action === 'NEXT_SECTION') return 'next';
  if (action === 'SUBMIT_FORM') return 'submit';
  return action === 'RESTART_FORM' ? 'restart' : `unknown:${action}`;
}
