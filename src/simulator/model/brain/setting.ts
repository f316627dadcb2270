import type { Setting } from './notes.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WRITTEN = new RegExp(`\\b(?:(${MONTHS.join('|')}) (\\d{1,2}),? (\\d{4})|(\\d{1,2}) (${MONTHS.join('|')}),? (\\d{4}))\\b`);

/** Today's date and the time zone, as the instructions tell them; the machine's own day in UTC where they do not. */
export function readSetting(instructions: string, now: Date): Setting {
  const timeZone = instructions.match(/\b[A-Z][A-Za-z_]+\/[A-Z][A-Za-z_/-]+[A-Za-z]\b/g)?.find(isZone) ?? 'UTC';
  const iso = /\b\d{4}-\d{2}-\d{2}\b/.exec(instructions);
  if (iso) return { today: Temporal.PlainDate.from(iso[0]), timeZone };
  const written = WRITTEN.exec(instructions);
  if (!written) return { today: Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate(), timeZone };
  const month = MONTHS.indexOf(written[1] ?? written[5] ?? '') + 1;
  return { today: Temporal.PlainDate.from({ year: Number(written[3] ?? written[6]), month, day: Number(written[2] ?? written[4]) }), timeZone };
}

/** What the instructions answer to a caller's question: of those that share the most words with it, the first. */
export function readAnswer(instructions: string, question: string): string | null {
  const asked = words(question);
  if (/\b(open|opening|hours|close|closing)\b/i.test(question)) {
    const hours = /opening hours:\s*(.+)/i.exec(instructions)?.[1];
    if (hours) return `Our opening hours: ${hours.trim()}`;
  }
  let best: { answer: string; shared: number } | null = null;
  for (const [, known = '', answer = ''] of instructions.matchAll(/(?:^|\n)[-* ]*Q(?:uestion)?:\s*(.+)\n[-* ]*A(?:nswer)?:\s*(.+)/g)) {
    const shared = [...words(known)].filter((word) => asked.has(word)).length;
    if (shared > 0 && shared > (best?.shared ?? 0)) best = { answer: answer.trim(), shared };
  }
  return best?.answer ?? null;
}

const COMMON = new Set('what when where which that this have with your there does from about would could will they them please'.split(' '));

const words = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => !COMMON.has(word)).map((word) => word.replace(/s$/, '')));

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
