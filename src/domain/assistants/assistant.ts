import { z } from 'zod';
import { isTimeZone } from '../../kit/time-zone.ts';
import { callHandlingFields } from './call-handling.ts';
import { clearable, language, line, paragraphs, unchanged } from './input-fields.ts';
import { hoursProblem, type OpeningHours, type OpeningTimes, type SpecialHours, sortHours, specialHoursProblem, WEEKDAYS } from './opening-hours.ts';
import { findVoice, voiceNames } from './voices.ts';

export const TONES = ['FRIENDLY', 'PROFESSIONAL', 'CASUAL'] as const;
export type Tone = (typeof TONES)[number];

/** A question that callers ask, and what the assistant answers. */
export interface Faq {
  readonly question: string;
  readonly answer: string;
}

const MAXIMUM_FAQS = 5;
const MAXIMUM_DATES = 366;

/** What an assistant says and keeps to, as its prompt is built from it. */
export interface AssistantProfile {
  readonly name: string;
  readonly businessName: string | null;
  readonly description: string | null;
  readonly greeting: string;
  readonly instructions: string | null;
  readonly tone: Tone;
  /** BCP 47. */
  readonly language: string;
  readonly timeZone: string;
  readonly hours: readonly OpeningHours[];
  readonly closedDates: readonly string[];
  readonly specialHours: readonly SpecialHours[];
  readonly faqs: readonly Faq[];
}

export const DEFAULT_HOURS: readonly OpeningHours[] = WEEKDAYS.slice(0, 5).map((day) => ({ day, opens: '09:00', closes: '17:00' }));
export const DEFAULT_LANGUAGE = 'en-US';

/** What the assistant says first when nothing else was given. */
export const defaultGreeting = (business: string) => `Hello, you have reached ${business}. How can I help you?`;

/** An assistant without opening hours has nothing to book: it is not given the tools for it. */
export const takesBookings = ({ hours, specialHours }: Pick<OpeningTimes, 'hours' | 'specialHours'>) => hours.length > 0 || specialHours.length > 0;

const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time is written like 09:30, from 00:00 to 23:59.');

const openingHours = z.object({ day: z.enum(WEEKDAYS, 'A day is one of MONDAY to SUNDAY.'), opens: localTime, closes: localTime });

const faq = z.object({ question: line('A question', 300), answer: line('An answer', 1_000) });

const hours = z
  .array(openingHours)
  .max(42, 'A week has at most 42 spans of opening hours.')
  .superRefine((spans, context) => {
    const problem = hoursProblem(spans);
    if (problem) context.addIssue({ code: 'custom', message: problem.message, path: [problem.index, problem.field] });
  })
  .transform(sortHours);

const date = z.string().refine(isDate, 'A date is written like 2026-12-25.');

const closedDates = z
  .array(date)
  .max(MAXIMUM_DATES, `At most ${MAXIMUM_DATES} dates can be closed.`)
  .transform((dates) => [...new Set(dates)].toSorted());

const specialHours = z
  .array(z.object({ date, opens: localTime, closes: localTime }))
  .max(MAXIMUM_DATES, `There are at most ${MAXIMUM_DATES} spans of special hours.`)
  .superRefine((spans, context) => {
    const problem = specialHoursProblem(spans);
    if (problem) context.addIssue({ code: 'custom', message: problem.message, path: [problem.index, problem.field] });
  })
  .transform((spans) => spans.toSorted((a, b) => `${a.date} ${a.opens}`.localeCompare(`${b.date} ${b.opens}`)));

const faqs = z.array(faq).max(MAXIMUM_FAQS, `An assistant has at most ${MAXIMUM_FAQS} questions and answers.`);

const voice = z.string().transform((name, context) => {
  const found = findVoice(name);
  if (found) return found.id;
  context.addIssue({ code: 'custom', message: `There is no such voice. There are: ${voiceNames().join(', ')}.` });
  return z.NEVER;
});

const timeZone = z.string().refine(isTimeZone, 'A time zone is a name of the IANA database, such as Europe/Berlin.');

const fields = {
  businessName: clearable(line('The name of the business', 120)),
  description: clearable(paragraphs('The description has', 2_000)),
  greeting: unchanged(line('The greeting', 500)),
  instructions: clearable(paragraphs('The instructions have', 8_000)),
  voice: unchanged(voice),
  tone: unchanged(z.enum(TONES, 'The tone is FRIENDLY, PROFESSIONAL or CASUAL.')),
  language: unchanged(language),
  timeZone: unchanged(timeZone),
  hours: unchanged(hours),
  closedDates: unchanged(closedDates),
  specialHours: unchanged(specialHours),
  faqs: unchanged(faqs),
  ...callHandlingFields,
};

const name = line('The name of the assistant', 80);

/** What a person gives to make an assistant; everything but the name has a default. */
export const newAssistant = z.object({ name, ...fields });
export type NewAssistant = z.input<typeof newAssistant>;

/** What a person changes of an assistant. */
export const assistantChange = z.object({ name: unchanged(name), ...fields });
export type AssistantChange = z.input<typeof assistantChange>;

const storedHours = z.array(openingHours);
const storedFaqs = z.array(z.object({ question: z.string(), answer: z.string() }));

const storedDates = z.array(z.string());
const storedSpecialHours = z.array(z.object({ date: z.string(), opens: z.string(), closes: z.string() }));

/** The columns that the database knows only as JSON. */
export interface HoursColumns {
  readonly hours: unknown;
  readonly closedDates: unknown;
  readonly specialHours: unknown;
}

export const hoursOf = (row: Pick<HoursColumns, 'hours'>): OpeningHours[] => storedHours.parse(row.hours);
export const closedDatesOf = (row: Pick<HoursColumns, 'closedDates'>): string[] => storedDates.parse(row.closedDates);
export const specialHoursOf = (row: Pick<HoursColumns, 'specialHours'>): SpecialHours[] => storedSpecialHours.parse(row.specialHours);
export const faqsOf = (row: { readonly faqs: unknown }): Faq[] => storedFaqs.parse(row.faqs);

export const openingTimesOf = (row: HoursColumns): OpeningTimes => ({
  hours: hoursOf(row),
  closedDates: closedDatesOf(row),
  specialHours: specialHoursOf(row),
});

/** A row with its JSON columns read. */
export const profileOf = <Row extends HoursColumns & { readonly faqs: unknown }>(row: Row) => ({ ...row, ...openingTimesOf(row), faqs: faqsOf(row) });

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
