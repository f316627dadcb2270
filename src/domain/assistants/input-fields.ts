import { z } from 'zod';

// The forms that the fields of an assistant's inputs have in common.

// Line feeds and tabs stay; other control characters have no business in words that are read aloud.
const clean = (text: string) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
const oneLine = (text: string) => clean(text).replace(/\s+/g, ' ');

export const line = (what: string, maximum: number) =>
  z
    .string()
    .transform(oneLine)
    .pipe(z.string().min(1, `${what} cannot be empty.`).max(maximum, `${what} has at most ${maximum} characters.`));

export const paragraphs = (whatHas: string, maximum: number) =>
  z
    .string()
    .transform(clean)
    .pipe(z.string().max(maximum, `${whatHas} at most ${maximum} characters.`));

/** A BCP 47 tag, in its canonical form. */
export const language = z.string().transform((tag, context) => {
  const canonical = canonicalLanguage(tag);
  if (canonical) return canonical;
  context.addIssue({ code: 'custom', message: 'A language is a tag such as en-US, de or pt-BR.' });
  return z.NEVER;
});

/** Left out or null: as it is. */
export const unchanged = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
/** Left out: as it is. Null or nothing but blanks: cleared. */
export const clearable = <T extends z.ZodType<string, string>>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? null : value), schema.nullable().optional());

function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.trim())[0] ?? null;
  } catch {
    return null;
  }
}
