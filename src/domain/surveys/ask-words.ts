import { interviewLines } from './interview-lines.ts';
import { hasOptions, type Question, takesSeveral } from './question.ts';

/** More options than this are not read out: people forget the first before they hear the last. */
const MOST_READ = 5;

/** A question as it is asked on the telephone. */
export function askWords(question: Question, language: string): string {
  const { title, groupTitle, kind, low, high, lowLabel, highLabel } = question;
  const lines = interviewLines(language);
  const asked = sentence(groupTitle?.trim() ? `${groupTitle.trim().replace(/[:.]$/, '')}: ${title}` : title);
  const graded = kind === 'SCALE' || kind === 'RATING';
  const parts = [
    asked,
    ...(graded && low !== null && high !== null ? [lines.scale(low, high, lowLabel, highLabel), ...(kind === 'SCALE' ? [lines.key] : [])] : []),
    ...(readsOptions(question) ? [`${lines.options} ${listed(question, language)}.`] : []),
    ...(takesSeveral(question) ? [lines.several] : []),
  ];
  return parts.join(' ');
}

/** Whether the options are read: they are few, and say more than yes and no. */
function readsOptions(question: Question): boolean {
  const { options, title } = question;
  if (!hasOptions(question) || options.length === 0 || options.length > MOST_READ) return false;
  const plain = new Set(options.map((option) => option.trim().toLowerCase()));
  const bareYesNo = plain.size === 2 && plain.has('yes') && plain.has('no');
  // A title that names them all already needs no list.
  const named = options.every((option) => title.toLowerCase().includes(option.trim().toLowerCase()));
  return !bareYesNo && !named;
}

function listed({ options, allowsOther }: Question, language: string): string {
  const { or, somethingElse } = interviewLines(language);
  const names = [...options.map((option) => option.replace(/\s+/g, ' ').trim()), ...(allowsOther ? [somethingElse] : [])];
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${or} ${names.at(-1)}`;
}

/** What is read back of a date or a time, in the words of the language; null for other kinds. */
export function readBack({ kind }: Question, mapped: readonly string[], language: string): string | null {
  const [value] = mapped;
  if (value === undefined) return null;
  switch (kind) {
    case 'DATE':
      return interviewLines(language).readBack(dateSaid(value, language));
    case 'TIME':
      return interviewLines(language).readBack(clockSaid(value, language));
    case 'DURATION':
      return interviewLines(language).readBack(durationSaid(value, language));
    default:
      return null;
  }
}

/** `2026-03-03`, `06-01`, `2026-01-09 16:15`. */
function dateSaid(value: string, language: string): string {
  const [day = '', clock] = value.split(' ');
  const withYear = /^\d{4}-/.test(day);
  const date = new Date(`${withYear ? day : `2024-${day}`}T00:00:00Z`);
  const format = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', ...(withYear && { year: 'numeric' }), timeZone: 'UTC' });
  return clock ? `${format.format(date)}, ${clockSaid(clock, language)}` : format.format(date);
}

const clockSaid = (value: string, language: string): string =>
  new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(new Date(`2024-01-01T${value}:00Z`));

function durationSaid(value: string, language: string): string {
  const [hours = 0, minutes = 0] = value.split(':').map(Number);
  const unit = (count: number, name: 'hour' | 'minute') => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count);
  const parts = [...(hours > 0 ? [unit(hours, 'hour')] : []), ...(minutes > 0 || hours === 0 ? [unit(minutes, 'minute')] : [])];
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(parts);
}

/** Titles of forms often end with nothing, or with a colon and spaces. */
function sentence(title: string): string {
  const words = title
    .replace(/\s+/g, ' ')
    .replace(/[\s:*]+$/, '')
    .trim();
  return /[.?!…]$/.test(words) ? words : `${words}.`;
}
