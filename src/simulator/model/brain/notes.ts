import type { Memory } from '../memory.ts';
import { isRecord } from './fill-arguments.ts';
import { type Offer, readOffers } from './offers.ts';
import { readDate, readPartOfDay, readTime, readTimes } from './spoken-dates.ts';

/** What the receptionist has understood of a conversation so far. */
export interface Notes {
  readonly wish: 'book' | 'message' | 'person' | null;
  readonly date: Temporal.PlainDate | null;
  readonly time: Temporal.PlainTime | null;
  readonly part: 'morning' | 'afternoon' | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly subject: string | null;
  readonly message: string | null;
  /** Free times that a tool named last, and the day it was asked for. */
  readonly offers: readonly Offer[] | null;
  readonly offersOf: Temporal.PlainDate | null;
  /** What the receptionist last asked for, by the words that were heard. */
  readonly asked: Asked;
  /** Times the receptionist has just proposed. */
  readonly proposed: readonly Offer[];
  readonly lastResult: { readonly name: string; readonly ok: boolean; readonly value: unknown } | null;
  readonly saysYes: boolean;
  readonly saysNo: boolean;
  readonly farewell: boolean;
  /** The wish has just been carried out. */
  readonly done: 'book' | 'message' | null;
  readonly words: string;
}

export type Asked = 'day' | 'time' | 'choice' | 'name' | 'message' | 'more' | null;

const NOTHING: Notes = {
  wish: null,
  date: null,
  time: null,
  part: null,
  name: null,
  phone: null,
  subject: null,
  message: null,
  offers: null,
  offersOf: null,
  asked: null,
  proposed: [],
  lastResult: null,
  saysYes: false,
  saysNo: false,
  farewell: false,
  done: null,
  words: '',
};

/** How each question can be recognised in what was said before, also by a receptionist who was cut off. */
const QUESTIONS: readonly (readonly [Exclude<Asked, null>, RegExp])[] = [
  ['choice', /could offer|would (?:that|one of (?:these|those)) suit/i],
  ['name', /your name|name (?:shall|should|may) I/i],
  ['message', /what (?:is the|would you like the) message|message should I|may I take a message/i],
  ['time', /what time|which time/i],
  ['day', /which day|what day/i],
  ['more', /anything else|help you with|how can I help|how may I help/i],
];

const BOOK = /\b(book|booking|appointment|reserve|reservation|table|schedule|haircut|come in|cleaning|check-?up)\b/i;
const MESSAGE = /\b(leave|take|pass on|give .* a) (?:.* )?message\b|\bcall me back\b|\blet (?:him|her|them|\w+) know\b|\btell (?:him|her|them|the \w+)\b/i;
/** The message itself, where it comes with the wish. */
const TOLD = /\b(?:know|tell (?:him|her|them|the \w+)|message (?:that|saying))(?: that)? (.{12,})$/i;
const PERSON = /\b(?:speak|talk) (?:to|with) (?:a |an |the |your )?(?:real )?(?:person|human|somebody|someone|manager|colleague)\b|\bput me through\b/i;
const SUBJECT = /\b(haircut|hair cut|beard trim|trim|colou?r|cleaning|check-?up|consultation|massage|table for \w+|repair|inspection)\b/i;
const YES = /\b(yes|yeah|yep|sure|please do|that works|works for me|perfect|sounds good|that'?s fine|okay|ok|great|right|correct|i'?ll take)\b/i;
const NO = /\b(no|nope|none|neither|nothing|not really)\b/i;
const FAREWELL = /\b(good ?bye|bye|that'?s (?:all|it|everything)|nothing else|have a (?:nice|good) (?:day|one))\b/i;
const PHONE = /\+?\d[\d ()-]{6,}\d/;
const NAME = "([A-Z][\\p{L}'-]+(?: [A-Z][\\p{L}'-]+){0,3})";
const NAMED = new RegExp(`\\b(?:[Mm]y name(?:'s| is)|[Tt]his is|[Nn]ame is|[Ii]t'?s|[Ii] am|I'm|under|for) ${NAME}`, 'u');
const ALONE = new RegExp(`^(?:[Ss]ure[,.] |[Yy]es[,.] |[Oo]h[,.] )?${NAME}(?:[,.!]|$)`, 'u');
const NO_NAME =
  /^(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Yes|No|Hello|Hi|Okay|Sorry|Thanks|Thank|Great|Perfect|Sure|Um|Well|The|I|It|That|My|Nothing|Bye|Goodbye)\b/;

export interface Setting {
  readonly today: Temporal.PlainDate;
  readonly timeZone: string;
}

/** Reads a conversation from its beginning. Pure: the same conversation gives the same notes, whoever held it before. */
export function takeNotes(memory: readonly Memory[], setting: Setting): Notes {
  const calls = new Map<string, Extract<Memory, { type: 'tool-call' }>>();
  let notes = NOTHING;
  for (const entry of memory) {
    if (entry.type === 'caller') notes = hear(notes, entry.text, setting);
    else if (entry.type === 'assistant') notes = { ...notes, asked: questionIn(entry.text) ?? notes.asked, proposed: proposedIn(notes, entry.text) };
    else if (entry.type === 'tool-call') calls.set(entry.callId, entry);
    else if (entry.type === 'tool-result') {
      const call = calls.get(entry.callId);
      if (call) notes = learn(notes, call, entry.output, setting);
    }
  }
  return notes;
}

function questionIn(text: string): Asked {
  const at = (pattern: RegExp) => text.search(pattern);
  const found = QUESTIONS.filter(([, pattern]) => at(pattern) >= 0);
  return found.toSorted((a, b) => at(b[1]) - at(a[1]))[0]?.[0] ?? null;
}

/** The free times that were named, in the order in which the caller heard them. */
function proposedIn({ offers, offersOf, proposed }: Notes, text: string): readonly Offer[] {
  const offered = text.split(/\bfree:|\boffer\b|\bthere is\b|\bI have\b/i).at(-1) ?? '';
  const named = readTimes(offered, true).flatMap((time) => {
    const fitting = offers?.filter(({ at }) => at.toPlainTime().equals(time)) ?? [];
    return fitting.find(({ at }) => offersOf?.equals(at.toPlainDate())) ?? fitting[0] ?? [];
  });
  return named.length > 0 ? named : proposed;
}

function hear(before: Notes, text: string, setting: Setting): Notes {
  const notes = before.done ? { ...NOTHING, name: before.name, phone: before.phone, asked: before.asked, done: before.done } : before;
  const wish = notes.asked === 'message' ? 'message' : BOOK.test(text) ? 'book' : MESSAGE.test(text) ? 'message' : PERSON.test(text) ? 'person' : notes.wish;
  const spokenDate = readDate(text, setting.today);
  const spokenTime = readTime(text, notes.asked === 'time' || notes.asked === 'choice');
  const picked = pick(notes, text, spokenDate, spokenTime)?.at;
  const date = picked?.toPlainDate() ?? spokenDate ?? notes.date;
  const dayChanged = date !== null && notes.date !== null && !date.equals(notes.date);
  return {
    ...notes,
    wish: wish ?? (date && notes.asked === 'day' ? 'book' : null),
    date,
    time: picked?.toPlainTime() ?? spokenTime ?? (dayChanged ? null : notes.time),
    part: readPartOfDay(text) ?? notes.part,
    name: readName(text, notes.asked === 'name') ?? notes.name,
    phone: PHONE.exec(text)?.[0].replace(/[ ()-]/g, '') ?? notes.phone,
    subject: SUBJECT.exec(text)?.[0].toLowerCase() ?? notes.subject,
    message: readMessage(notes, text, wish),
    lastResult: null,
    saysYes: YES.test(text),
    saysNo: NO.test(text),
    farewell: FAREWELL.test(text) || (notes.asked === 'more' && NO.test(text) && !BOOK.test(text)),
    done: wish === 'book' && BOOK.test(text) ? null : notes.done,
    words: text,
  };
}

/** Which of the proposed times is meant: by its time, by "the first one", or by a plain yes. */
function pick(notes: Notes, text: string, date: Temporal.PlainDate | null, time: Temporal.PlainTime | null): Offer | undefined {
  const { asked, proposed } = notes;
  if (asked !== 'choice' && asked !== 'time') return undefined;
  if (time) {
    const fitting = proposed.filter(({ at }) => at.toPlainTime().equals(time) && (date === null || at.toPlainDate().equals(date)));
    return fitting.find(({ at }) => notes.date !== null && at.toPlainDate().equals(notes.date)) ?? fitting[0];
  }
  if (asked !== 'choice' || date !== null) return undefined;
  if (/\b(second|later|last)\b/i.test(text)) return proposed.at(-1);
  return YES.test(text) || /\b(first|earlier)\b/i.test(text) ? proposed[0] : undefined;
}

function readName(text: string, asked: boolean): string | null {
  const found = NAMED.exec(text)?.[1] ?? (asked ? ALONE.exec(text)?.[1] : undefined);
  return found && !NO_NAME.test(found) ? found : null;
}

function readMessage(notes: Notes, text: string, wish: Notes['wish']): string | null {
  if (notes.asked === 'message') return text;
  const said = wish === 'message' ? TOLD.exec(text)?.[1] : undefined;
  return said ?? notes.message;
}

function learn(notes: Notes, call: Extract<Memory, { type: 'tool-call' }>, output: string, { timeZone }: Setting): Notes {
  const value = parse(output);
  const ok = isRecord(value)
    ? !['error', 'errors', 'problem', 'problems'].some((key) => key in value) && ![value.ok, value.booked, value.taken, value.transferring].includes(false)
    : true;
  const result = { name: call.name, ok, value };
  const offers = readOffers(value, timeZone);
  if (call.name === 'check_availability') {
    const given = parse(call.arguments);
    const asked = isRecord(given) && typeof given.date === 'string' ? readDate(given.date, Temporal.PlainDate.from('2000-01-01')) : null;
    return { ...notes, lastResult: result, offers, offersOf: asked ?? notes.date, proposed: offers };
  }
  if (call.name === 'book_appointment') {
    if (ok) return { ...notes, lastResult: result, done: 'book' };
    // Refused: what it names are the alternatives; the wished time is not to be had.
    return {
      ...notes,
      lastResult: result,
      time: null,
      offers: offers.length > 0 ? offers : null,
      offersOf: offers.length > 0 ? notes.date : null,
      proposed: offers,
    };
  }
  if (call.name === 'take_message') return { ...notes, lastResult: result, ...(ok && { done: 'message' as const }) };
  return { ...notes, lastResult: result };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
