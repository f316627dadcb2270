import { type Mapping, valid } from './answer.ts';
import { hasForgotten, isUnsure, refuses, SAYS_FORGOTTEN, SAYS_NOTHING, SAYS_PRIVATE, SAYS_UNKNOWN, saysNothing } from './answer-cues.ts';
import { intervalAnswer } from './answer-interval.ts';
import { clockSaid } from './answer-time.ts';
import { bareWords, clausesOf, corrected, essence, mayTurn, plainWords, summedUp } from './answer-words.ts';
import type { Question } from './question.ts';

const AFFIRMED =
  /^(?:(?:yes|yeah|yep|yup|sure|sure thing|of course|absolutely|definitely|certainly|gladly|you bet|indeed|correct|that's right|that's correct|i do|i would|i am|i did|i will|it is|it was|please|with pleasure|why not|thank you|thanks|very much|uh huh|mm hmm) ?)+$/;
const DENIED =
  /^(?:(?:no|nope|nah|no thanks|no thank you|not really|no way|absolutely not|certainly not|definitely not|of course not|i don't|i wouldn't|i won't|i'm afraid not|afraid not|unfortunately not|over my dead body|sorry|thanks|sir|ma'am) ?)+$/;
/** Behind a plain "yes" or "no": then it may not be one. */
const UNSETTLED =
  /\b(?:yes|yeah|no|not|never|but|or|wait|actually|maybe|perhaps|depends|if|unless|sure|know|idea|guess|think|remember|problem|worries|question|doubt|hear|hello|speaking|who|what|which|why|when|repeat|ahead|listening|moment|second|hold|hang|sorry|mean|except|other|else|instead|almost|kind|sort|both|half|sometimes|used|called|call|calling|ask|asking|this is|are you|am i)\b|n't\b|\?/;

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** One of a question's options, where the words leave no doubt; null where they may. */
export function singleChoice(question: Question, words: string): Mapping | null {
  const { options } = question;
  const special = specialOption(options, words);
  if (special) return valid([special], 'SYNONYM');
  const taken = corrected(words);
  if (taken !== null) return optionIn(options, taken);
  return (
    optionIn(options, words) ??
    conclusion(question, words) ??
    yesOrNo(options, words) ??
    byPosition(options, words) ??
    byClock(options, words) ??
    intervalAnswer(question, words)
  );
}

function conclusion({ options }: Question, words: string): Mapping | null {
  const end = summedUp(words);
  return end === null ? null : (optionIn(options, end) ?? yesOrNo(options, end));
}

/** Exactly one option, in its own words. */
function optionIn(options: readonly string[], words: string): Mapping | null {
  const bare = bareWords(words);
  const exact = options.filter((option) => bareWords(option) === bare);
  if (exact.length === 1) return valid(exact, 'EXACT');
  if (mayTurn(words)) return null;
  const said = essence(words);
  const alike = said.length < 3 ? [] : options.filter((option) => essence(option) === said);
  return alike.length === 1 ? valid(alike, 'EXACT', 0.95) : null;
}

/** "I don't know", "I'd rather not say": an answer where an option says so. */
function specialOption(options: readonly string[], words: string): string | null {
  const only = (pattern: RegExp) => {
    const found = options.filter((option) => pattern.test(option));
    return found.length === 1 ? (found[0] ?? null) : null;
  };
  if (refuses(words)) return only(SAYS_PRIVATE);
  if (isUnsure(words)) return only(SAYS_UNKNOWN);
  if (hasForgotten(words)) return only(SAYS_FORGOTTEN);
  return saysNothing(words) && !/^\W*(?:no|not really)\W*$/i.test(words) ? only(SAYS_NOTHING) : null;
}

/** Where exactly one option begins with yes and one with no. */
function yesOrNo(options: readonly string[], words: string): Mapping | null {
  const starting = (word: string) => options.filter((option) => plainWords(option)[0] === word);
  const [yes, ...moreYes] = starting('yes');
  const [no, ...moreNo] = starting('no');
  if (yes === undefined || no === undefined || moreYes.length + moreNo.length > 0) return null;
  const bare = bareWords(words);
  if (bare && AFFIRMED.test(bare)) return valid([yes], bare === 'yes' ? 'EXACT' : 'SYNONYM');
  if (bare && DENIED.test(bare)) return valid([no], bare === 'no' ? 'EXACT' : 'SYNONYM');
  const [first = [], ...rest] = clausesOf(words);
  const behind = rest.map((clause) => clause.join(' ')).join(' , ');
  if (rest.length === 0 || UNSETTLED.test(`${behind}${words.includes('?') ? '?' : ''}`)) return null;
  const head = first.join(' ');
  if (head === 'yes' || head === 'yeah' || head === 'yes please') return valid([yes], 'SYNONYM');
  return head === 'no' || head === 'nope' ? valid([no], 'SYNONYM') : null;
}

/** "The first one", "the last one you have", "number two", "option three". */
function byPosition(options: readonly string[], words: string): Mapping | null {
  // "The first one" of nobody, one and two may be either.
  if (options.some((option) => /^\d+$/.test(plainWords(option).join(' ')))) return null;
  const bare = bareWords(words).replace(/^(?:i'll take|i'd like|i want|i take|give me|let's take|it's|that would be) /, '');
  const [, ordinal] =
    /^(?:the )?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)(?: (?:one|option|choice|answer))(?: (?:you (?:have|said|mentioned)|on the list))?$/.exec(
      bare.replace(/ 1$| 1 /, (one) => one.replace('1', 'one')),
    ) ?? [];
  if (ordinal !== undefined) {
    const option = ordinal === 'last' ? options.at(-1) : options[ORDINALS.indexOf(ordinal)];
    return option === undefined ? null : valid([option], 'SYNONYM');
  }
  const [, digits] = /^(?:number|option|choice|answer) (\d{1,2})$/.exec(bare) ?? [];
  if (digits === undefined) return null;
  const option = options[Number(digits) - 1];
  // Options that hold numbers of their own are named by those.
  const numbered = options.filter((each) => /\d/.test(plainWords(each).join(' ')));
  const named = numbered.filter((each) => plainWords(each).includes(digits));
  if (numbered.length === 0) return option === undefined ? null : valid([option], 'SYNONYM');
  return named.length === 1 && named[0] !== undefined && named[0] === option ? valid([named[0]], 'SYNONYM') : null;
}

/** Options that are times of day: the one whose clock was said. */
function byClock(options: readonly string[], words: string): Mapping | null {
  const clocks = options.map((option) => clockSaid(option));
  const said = clockSaid(words);
  if (!said || clocks.some((clock) => !clock) || mayTurn(words)) return null;
  const same = options.filter((_, index) => {
    const clock = clocks[index];
    return clock && (clock.minute - said.minute) % 720 === 0 && (!said.half || !clock.half || clock.minute === said.minute);
  });
  return same.length === 1 ? valid(same, 'SYNONYM') : null;
}

/** Several options: every part of the words is one of them, or all of them are meant. */
export function severalChoices({ options, allowsOther }: Question, words: string): Mapping | null {
  const bare = bareWords(words);
  const some = options.filter((option) => !SAYS_NOTHING.test(option) && !SAYS_UNKNOWN.test(option) && !SAYS_PRIVATE.test(option));
  if (
    /^(?:all(?: of (?:it|them|those|these|the above))?|everything|all the above|(?:all of (?:it|them|the above)) you name it|all (?:3|4|5|6|7|8)(?: of them)?|every 1(?: of them)?|each of them|the lot)$/.test(
      bare,
    )
  )
    return valid(some, 'SYNONYM');
  if (saysNothing(words)) {
    const none = options.filter((option) => SAYS_NOTHING.test(option));
    if (none.length === 1) return valid(none, 'SYNONYM');
    return allowsOther && /else|other/.test(bare) ? null : { status: 'SKIPPED', mapped: [], method: 'SYNONYM', confidence: 0.9 };
  }
  const days = weekdays(options, bare);
  if (days) return valid(days, 'SYNONYM');
  // Exactly one of them, whatever words it holds.
  if (mayTurn(words)) return optionIn(options, words);
  const parts = words.split(/[,;.]|\band\b|\bplus\b|&|\bas well as\b|\balso\b/i).filter((part) => essence(part) !== '');
  const found = parts.map((part) => optionIn(options, part)?.mapped[0]);
  if (found.length === 0 || found.some((option) => option === undefined)) return wholeList(options, words);
  return valid(
    options.filter((option) => found.includes(option)),
    'EXACT',
  );
}

/** An option may hold an "and" of its own. */
const wholeList = (options: readonly string[], words: string): Mapping | null => optionIn(options, words);

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** "Monday to Friday", "weekends", "every day but Sunday", where the options are the days of the week. */
function weekdays(options: readonly string[], bare: string): string[] | null {
  if (options.length !== 7 || !options.every((option, index) => option.trim().toLowerCase() === WEEK[index])) return null;
  const plain = bare.replace(/^(?:on|only|only on|just on) /, '').replace(/(day)s\b/g, '$1');
  const dayOf = (name: string | undefined) => WEEK.indexOf(name ?? '');
  const [, from, to] = /^(?:from )?(\w+day) (?:to|till|until|through|thru) (\w+day)$/.exec(plain) ?? [];
  if (dayOf(from) !== -1 && dayOf(to) > dayOf(from)) return options.slice(dayOf(from), dayOf(to) + 1);
  const [, missing] = /^every ?day (?:but|except)(?: on| for)? (\w+day)$/.exec(plain) ?? [];
  if (dayOf(missing) !== -1) return options.filter((_, index) => index !== dayOf(missing));
  if (/^(?:every ?day|each day|all week|daily|all 7(?: day)?)$/.test(plain)) return [...options];
  if (/^(?:the )?(?:week ?day|working day|work day)$/.test(plain) || /^(?:on )?weekdays$/.test(bare)) return options.slice(0, 5);
  return /^(?:the )?(?:only |just )?(?:on |at )?(?:the )?weekends?$/.test(bare) ? options.slice(5) : null;
}
