import { type Memory, toAnswer } from '../memory.ts';
import { isRecord } from './fill-arguments.ts';

const TOOLS: ReadonlySet<string> = new Set(['record_answer', 'skip_question', 'schedule_callback']);
const CALLBACK =
  /\b(?:call|ring|phone|try)(?: me)?(?: back| again)?(?: please)?(?: on| at)? ((?:tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next|in an?|in \w+ (?:hours|minutes|days)|this)\b.*)$/i;

interface Thought {
  readonly say: string;
  readonly call: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> } | null;
}

/** Whether it was told to interview somebody: then it has the tool for it. */
export const interviews = ({ tools }: { readonly tools: readonly { readonly name: string }[] }): boolean => tools.some(({ name }) => name === 'record_answer');

/** Interviews: passes on what was said, word for word, and says what the tool tells it to say. */
export function interview({ memory }: { readonly memory: readonly Memory[] }): Thought {
  const last = toAnswer(memory);
  if (last?.type === 'tool-result') return { say: told(last)?.say ?? 'One moment, please.', call: null };
  const words = last?.type === 'caller' ? last.text.trim() : '';
  if (words === '' || words === '[inaudible]') return { say: 'Sorry, I did not catch that. Could you say it again?', call: null };
  const keys = /^The caller pressed ([\d*# ]+) on the keypad/.exec(words)?.[1];
  const when = CALLBACK.exec(words)?.[1];
  if (when) return { say: '', call: { name: 'schedule_callback', arguments: { when: when.replace(/[.!?]+$/, '') } } };
  const given = { question: asked(memory), words: keys ? `[pressed ${keys.trim()}]` : words };
  return { say: '', call: { name: 'record_answer', arguments: given } };
}

/** The number of the question that was asked last. */
function asked(memory: readonly Memory[]): string {
  const calls = new Map(memory.flatMap((entry) => (entry.type === 'tool-call' ? [[entry.callId, entry.name] as const] : [])));
  const results = memory.flatMap((entry) => (entry.type === 'tool-result' && TOOLS.has(calls.get(entry.callId) ?? '') ? [told(entry)?.question] : []));
  return results.findLast((question) => typeof question === 'string') ?? '0';
}

function told({ output }: Extract<Memory, { type: 'tool-result' }>): { say: string; question: string | null } | null {
  try {
    const value: unknown = JSON.parse(output);
    if (!isRecord(value) || typeof value.say !== 'string') return null;
    return { say: value.say, question: typeof value.question === 'string' ? value.question : null };
  } catch {
    return null;
  }
}

/**
 * Fills the schema by which words are read as an answer: the options of which most is said, or the words themselves where
 * they are free. What has nothing to do with the options is unclear.
 */
export function readAsAnswer(text: string, schema: Readonly<Record<string, unknown>>): unknown {
  const options = optionsIn(schema);
  if (!options) return { decision: 'answer', values: [text.trim()], other: null, confidence: 0.9 };
  const said = wordsOf(text);
  const scores = options.map((option) => ({ option, shared: wordsOf(option).filter((word) => said.some((other) => alike(word, other))).length }));
  const best = Math.max(0, ...scores.map(({ shared }) => shared));
  const named = best === 0 ? [] : scores.filter(({ shared }) => shared === best).map(({ option }) => option);
  return { decision: named.length > 0 ? 'answer' : 'unclear', values: named, other: null, confidence: named.length === 1 ? 0.9 : 0.6 };
}

/** Whether a schema is that of an answer. */
export const isAnswerSchema = (schema: Readonly<Record<string, unknown>>): boolean =>
  isRecord(schema.properties) && 'decision' in schema.properties && 'values' in schema.properties;

function optionsIn({ properties }: Readonly<Record<string, unknown>>): string[] | null {
  const values = isRecord(properties) && isRecord(properties.values) ? properties.values.items : null;
  return isRecord(values) && Array.isArray(values.enum) ? values.enum.filter((option) => typeof option === 'string') : null;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? [];
/** `colour` and `coloured`, `friend` and `friends`. */
const alike = (one: string, other: string): boolean =>
  one === other || (one.length > 3 && other.startsWith(one)) || (other.length > 3 && one.startsWith(other));
