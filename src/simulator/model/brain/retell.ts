import { isRecord } from './fill-arguments.ts';
import { isAnswerSchema, readAsAnswer } from './interview.ts';

/** What calls are about, by the words in them. */
const MATTERS: readonly (readonly [string, RegExp])[] = [
  ['Book an appointment', /\b(book|appointment|reserve|haircut|check-?up|come in)\b/i],
  ['Leave a message', /\b(message|call (?:me|him|her|them) back|tell (?:him|her|them))\b/i],
  ['Ask about opening hours', /\b(open|close|hours)\b/i],
];

/**
 * Fills a schema from a conversation, a line a turn, as a model would that only repeats what it read: the matter from
 * its words, and all other text from what the caller said, within the length that the schema allows.
 */
export function retell(text: string, schema: Readonly<Record<string, unknown>>): unknown {
  if (isAnswerSchema(schema)) return readAsAnswer(text, schema);
  const said = [...text.matchAll(/^Caller: (.+)$/gm)].map(([, words = '']) => words);
  const fill = (name: string, wanted: unknown): unknown => {
    if (!isRecord(wanted)) return null;
    if (Array.isArray(wanted.enum)) return wanted.enum[0];
    const types = Array.isArray(wanted.type) ? wanted.type : [wanted.type];
    if (types.includes('object')) {
      const properties = isRecord(wanted.properties) ? wanted.properties : {};
      return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, fill(key, value)]));
    }
    if (types.includes('array')) return [];
    if (types.includes('boolean')) return false;
    if (types.includes('number') || types.includes('integer')) return 0;
    const words = /intent|matter|reason/i.test(name) ? (MATTERS.find(([, pattern]) => pattern.test(said.join(' ')))?.[0] ?? 'Ask a question') : retold(said);
    return typeof wanted.maxLength === 'number' ? words.slice(0, wanted.maxLength) : words;
  };
  return fill('', schema);
}

const retold = (said: readonly string[]): string => (said.length === 0 ? 'The caller said nothing.' : `The caller said: ${said.slice(0, 3).join(' ')}`);
