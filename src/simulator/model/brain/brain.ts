import { type Memory, toAnswer } from '../memory.ts';
import { fillArguments, isRecord } from './fill-arguments.ts';
import { interview, interviews } from './interview.ts';
import { type Notes, takeNotes } from './notes.ts';
import type { Offer } from './offers.ts';
import { readAnswer, readSetting } from './setting.ts';
import { sayDate, sayTime } from './spoken-dates.ts';

/** What the model has before it when it is to answer. */
export interface Question {
  readonly memory: readonly Memory[];
  /** The session's. */
  readonly instructions: string;
  /** Those of this answer alone, which come first. */
  readonly ask: string | null;
  readonly tools: readonly { readonly name: string; readonly parameters: Readonly<Record<string, unknown>> }[];
  /** Which of them may be called in this answer. */
  readonly mayCall: (name: string) => boolean;
  readonly now: Date;
}

/** What it does: says something, calls a tool, or both. */
export interface Thought {
  readonly say: string;
  readonly call: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> } | null;
}

const say = (text: string): Thought => ({ say: text, call: null });

/**
 * The receptionist: deterministic, and a function of the conversation alone, so that one that is rebuilt on another
 * connection goes on where it stood. What the instructions of an answer put in quotes it says word for word; otherwise
 * it books with the tools that it is offered, takes messages, answers from its instructions and says goodbye.
 */
export function think(question: Question): Thought {
  const quoted = question.ask === null ? null : quotation(question.ask);
  if (quoted === null) return permitted(question, converse(question));
  const waiting = ['caller', 'tool-result'].includes(question.memory.at(-1)?.type ?? '');
  if (!waiting || !/\banswer\b/i.test(question.ask?.replace(quoted, '') ?? '')) return say(quoted);
  const { say: answer, call } = converse(question);
  const may = call !== null && question.mayCall(call.name);
  return { say: `${quoted} ${answer}`.trim(), call: may ? call : null };
}

/** What needs a tool that may not be called now has to wait. */
function permitted(question: Question, thought: Thought): Thought {
  if (!thought.call || question.mayCall(thought.call.name)) return thought;
  return say(thought.say || 'One moment, please.');
}

function quotation(text: string): string | null {
  const found = /"(.+)"|“(.+)”/s.exec(text);
  return found ? (found[1] ?? found[2] ?? null) : null;
}

function converse(question: Question): Thought {
  if (interviews(question)) return interview(question);
  const notes = takeNotes(question.memory, readSetting(question.instructions, question.now));
  const last = toAnswer(question.memory);
  if (last?.type === 'tool-result') return afterTool(question, notes);
  if (last?.type === 'system') return say(quotation(last.text) ?? 'Is there anything else I can help you with?');
  const keys = /^The caller pressed ([\d*# ]+) on the keypad/.exec(notes.words)?.[1];
  const menu = /\bpress (\d) (?:for|to)\b/i.exec(notes.words)?.[1];
  const keypad = question.tools.find(({ name }) => name === 'send_dtmf');
  if (menu && keypad) return { say: '', call: { name: keypad.name, arguments: { digits: menu } } };
  if (keys) return say(`You pressed ${keys.trim()}. How can I help you?`);
  if (notes.words === '' && last?.type === 'caller') return say('Sorry, I did not catch that. Could you say it again?');
  if (notes.farewell) return farewell(question);
  const answer = /\?\s*$/.test(notes.words) ? readAnswer(question.instructions, notes.words) : null;
  if (answer && notes.wish === null) return say(`${answer} Is there anything else I can help you with?`);
  if (notes.wish === 'book') return book(question, notes);
  if (notes.wish === 'message') return passOn(question, notes);
  if (notes.wish === 'person') return fetchPerson(question, notes);
  if (notes.asked === 'more' && notes.saysYes) return say('Of course. How can I help you?');
  return say('I can book an appointment for you or take a message. How can I help you?');
}

function afterTool(question: Question, notes: Notes): Thought {
  const result = notes.lastResult;
  const told = isRecord(result?.value) && typeof result.value.say === 'string' ? result.value.say : null;
  if (result?.name === 'book_appointment' && result.ok) {
    return say(`${told ?? `You are booked${atTime(notes)}.`} Is there anything else I can help you with?`);
  }
  if (result?.name === 'take_message' && result.ok) {
    return say(`${told ?? 'Thank you, I will pass that on.'} Is there anything else I can help you with?`);
  }
  if (result?.name === 'send_dtmf') return say('');
  if (result?.name === 'transfer_to_human') return say(result.ok ? 'One moment, please.' : `${told} What would you like the message to say?`);
  if (result?.name === 'end_call') return say('Goodbye.');
  if (result && !result.ok)
    return say(
      `${told ?? 'I am sorry, that did not work.'} ${notes.proposed.length > 0 ? 'Would one of these suit you?' : 'Is there anything else I can help you with?'}`,
    );
  if (result?.name === 'check_availability') return availability(question, notes, told);
  return say(told ?? 'Thank you. Is there anything else I can help you with?');
}

/** What is free is known: the wished time is taken up, or times are proposed. */
function availability(question: Question, notes: Notes, told: string | null): Thought {
  const offers = notes.offers ?? [];
  if (offers.length === 0) return say(`${told ?? 'I am sorry, there is nothing free that day.'} Which day would suit you instead?`);
  if (chosen(notes)) return book(question, notes);
  if (notes.time) return say(`${told ?? `I am sorry, ${sayTime(notes.time)} is taken. I could offer ${list(offers, notes)}.`} Would one of these suit you?`);
  return say(`${told ?? `On ${notes.offersOf ? sayDate(notes.offersOf) : 'that day'} I have ${list(offers, notes)}.`} What time would you like?`);
}

function book(question: Question, notes: Notes): Thought {
  const check = question.tools.find((tool) => tool.name === 'check_availability');
  const booking = question.tools.find((tool) => tool.name === 'book_appointment');
  if (!booking) return say('I am afraid I cannot book appointments. Shall I take a message for somebody who can? What would you like the message to say?');
  if (!notes.date && !(notes.time && chosen(notes))) return say('With pleasure. Which day would suit you?');
  const known = notes.offers !== null && (chosen(notes) !== null || (notes.date !== null && notes.offersOf?.equals(notes.date)));
  if (check && !known) return { say: '', call: { name: check.name, arguments: fillArguments(check.parameters, { ...notes, offer: null, urgent: false }) } };
  if (!notes.time) return say('What time would you like?');
  const offer = chosen(notes);
  if (check && !offer)
    return say(`I am sorry, ${sayTime(notes.time)} is not free. I could offer ${list(notes.offers ?? [], notes)}. Would one of these suit you?`);
  if (!notes.name) return say(`${offer ? sayOffer(offer) : sayTime(notes.time)} is free. May I have your name, please?`);
  return { say: '', call: { name: booking.name, arguments: fillArguments(booking.parameters, { ...notes, offer, urgent: false }) } };
}

function passOn(question: Question, notes: Notes): Thought {
  const tool = question.tools.find(({ name }) => name === 'take_message');
  if (!tool) return say('I am afraid I cannot take messages. Is there anything else I can help you with?');
  if (!notes.message) return say('Of course. What would you like the message to say?');
  if (!notes.name) return say('Thank you. And your name, please?');
  const urgent = /\b(urgent|urgently|right away|immediately|emergency)\b/i.test(notes.message);
  return { say: '', call: { name: tool.name, arguments: fillArguments(tool.parameters, { ...notes, offer: null, urgent }) } };
}

/** The caller wants a person. */
function fetchPerson(question: Question, notes: Notes): Thought {
  const tool = question.tools.find(({ name }) => name === 'transfer_to_human');
  if (!tool) return say('I am afraid there is nobody I can put you through to. What would you like the message to say?');
  const subject = /\babout (.+?)(?:,? please)?[.!?]*$/i.exec(notes.words)?.[1] ?? notes.words;
  return { say: '', call: { name: tool.name, arguments: fillArguments(tool.parameters, { ...notes, subject, offer: null, urgent: false }) } };
}

function farewell(question: Question): Thought {
  const tool = question.tools.find(({ name }) => name === 'end_call');
  const knowledge = { date: null, time: null, offer: null, name: null, phone: null, subject: 'the caller has all they need', message: null, urgent: false };
  return { say: 'Thank you for calling. Goodbye.', call: tool ? { name: tool.name, arguments: fillArguments(tool.parameters, knowledge) } : null };
}

/** The free time that the caller wishes, if it is among those known. */
function chosen({ offers, time, date }: Notes): Offer | null {
  if (!time) return null;
  const at = offers?.filter((offer) => offer.at.toPlainTime().equals(time)) ?? [];
  return at.find((offer) => date !== null && offer.at.toPlainDate().equals(date)) ?? null;
}

/** Three at most, of the half of the day that was asked for, the nearest to the wished time first. */
function list(offers: readonly Offer[], { part, time }: Notes): string {
  const fitting = offers.filter((offer) => part === null || (part === 'morning') === offer.at.hour < 12);
  const minutes = (at: { hour: number; minute: number }) => at.hour * 60 + at.minute;
  const near = time ? (offer: Offer) => Math.abs(minutes(offer.at) - minutes(time)) : () => 0;
  const best = (fitting.length > 0 ? fitting : offers).toSorted((a, b) => near(a) - near(b)).slice(0, 3);
  const spoken = best.toSorted((a, b) => Temporal.PlainDateTime.compare(a.at, b.at)).map((offer) => sayTime(offer.at.toPlainTime()));
  return spoken.length < 2 ? (spoken[0] ?? 'nothing') : `${spoken.slice(0, -1).join(', ')} or ${spoken.at(-1)}`;
}

const sayOffer = (offer: Offer): string => `${sayDate(offer.at.toPlainDate())} at ${sayTime(offer.at.toPlainTime())}`;

const atTime = ({ date, time }: Notes): string => (date && time ? ` for ${sayDate(date)} at ${sayTime(time)}` : '');
