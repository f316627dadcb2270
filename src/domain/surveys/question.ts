import { z } from 'zod';

/**
 * A question of a survey, as it is stored and asked. Sections count from 1; a grid is one question for each of its rows.
 */
export type Question = z.infer<typeof question>;

export const QUESTION_KINDS = ['TEXT', 'PARAGRAPH', 'SINGLE_CHOICE', 'MULTIPLE_CHOICE', 'SCALE', 'RATING', 'GRID_ROW', 'DATE', 'TIME', 'DURATION'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/**
 * Where a choice leads, at the end of the section in which it was made: `section:4`, `next`, `submit`, `restart` (the first
 * section), or `unknown:…` with what the form names and does not have.
 */
export type Target = z.infer<typeof target>;
const target = z.union([
  z.templateLiteral(['section:', z.int().positive()]),
  z.literal(['next', 'submit', 'restart']),
  z.templateLiteral(['unknown:', z.string()]),
]);

/** `option` null is "other". */
const branch = z.object({ option: z.string().nullable(), goTo: target });

export const question = z.object({
  /** The form's own id of it, or ours; answers are stored under it. */
  key: z.string().min(1).max(200),
  title: z.string().max(4_000),
  /** Of a row: the question that all rows of the grid share. */
  groupTitle: z.string().max(4_000).nullable().default(null),
  help: z.string().max(4_000).nullable().default(null),
  kind: z.enum(QUESTION_KINDS),
  required: z.boolean().default(false),
  section: z.int().positive().default(1),
  /** Texts exactly as the form has them, without "other". */
  options: z.array(z.string().max(4_000)).max(500).default([]),
  allowsOther: z.boolean().default(false),
  /** A row that takes several of its options. */
  multiple: z.boolean().default(false),
  /** Options are asked in an order that changes from call to call. */
  shuffle: z.boolean().default(false),
  low: z.int().nullable().default(null),
  high: z.int().nullable().default(null),
  lowLabel: z.string().nullable().default(null),
  highLabel: z.string().nullable().default(null),
  icon: z.enum(['STAR', 'HEART', 'THUMB_UP']).nullable().default(null),
  includeYear: z.boolean().default(false),
  includeTime: z.boolean().default(false),
  next: z.array(branch).default([]),
});

/** A section's heading; the first is the survey's own. */
export const section = z.object({ title: z.string(), description: z.string().nullable().default(null) });
export type Section = z.infer<typeof section>;

/** Whether several of the options may be chosen. */
export const takesSeveral = ({ kind, multiple }: Question): boolean => kind === 'MULTIPLE_CHOICE' || (kind === 'GRID_ROW' && multiple);

export const hasOptions = ({ kind }: Question): boolean => kind === 'SINGLE_CHOICE' || kind === 'MULTIPLE_CHOICE' || kind === 'GRID_ROW';

/** The number of the section that a target names; null for the others. */
export const sectionOf = (goTo: Target): number | null => (goTo.startsWith('section:') ? Number(goTo.slice('section:'.length)) : null);
