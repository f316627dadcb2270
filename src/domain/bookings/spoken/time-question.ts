import { unreachable } from '../../../kit/errors.ts';
import { dayName, weekdayOf } from '../../assistants/opening-hours.ts';
import { ordinal, spokenDate } from '../wording.ts';
import { isBareWeekday } from './day-said.ts';
import { localInstant, type ResolvedDate, type SpokenContext, type TimeReason, todayIn } from './resolved-time.ts';
import { dateSaid } from './spoken-date.ts';
import { meaningOf } from './spoken-meaning.ts';
import { phraseOf } from './spoken-phrase.ts';
import { resolveSpokenDate } from './spoken-time.ts';
import { wordsOf } from './spoken-words.ts';

/**
 * A short question for the caller whose time could not be taken: "Seven in the morning or in the evening?"
 * @param text what they, or the model, said.
 * @param reason what `resolveSpokenTime` made of it.
 */
export function timeQuestion(reason: TimeReason, text: string, context: SpokenContext): string {
  const day = dayIn(text, context);
  switch (reason) {
    case 'AMBIGUOUS_HOUR':
      return day ? `On ${day}, ${lowerFirst(halfQuestion(text))}` : halfQuestion(text);
    case 'WEEKDAY_IS_TODAY':
      return todayQuestion(context);
    case 'WEEKDAY_MISMATCH':
      return mismatchQuestion(text, context);
    case 'SEVERAL':
      return 'Which day and time shall I take, just one of them?';
    case 'PAST':
      return 'That time has passed. When would you like to come?';
    case 'TOO_FAR':
      return 'That is more than a year away. When would you like to come?';
    case 'NO_TIME':
      return day ? `At what time on ${day}?` : 'Which day, and at what time?';
    case 'DST_GAP':
      return 'The clocks skip that time that night. Which other time would suit you?';
    case 'DST_OVERLAP':
      return 'The clocks go back that night and that time comes twice. Do you mean the first or the second?';
    case 'INVALID':
      return 'There is no such date or time. When would you like to come?';
    case 'OK':
    case 'YEAR_CORRECTED':
    case 'VAGUE':
      return 'I did not get the date and time. When would you like to come?';
    default:
      return unreachable(reason);
  }
}

/** The same for a day alone: "Today, or Wednesday the 18th?" */
export function dateQuestion(reason: ResolvedDate['reason'], text: string, context: SpokenContext): string {
  switch (reason) {
    case 'WEEKDAY_IS_TODAY':
      return todayQuestion(context);
    case 'WEEKDAY_MISMATCH':
      return mismatchQuestion(text, context);
    case 'SEVERAL':
      return 'Which day shall I look at, just one of them?';
    case 'PAST':
      return 'That date has passed. Which day would you like?';
    case 'TOO_FAR':
      return 'That is more than a year away. Which day would you like?';
    case 'INVALID':
      return 'There is no such date. Which day would you like?';
    case 'OK':
    case 'YEAR_CORRECTED':
    case 'VAGUE':
      return 'I did not get the date. Which day would you like?';
    default:
      return unreachable(reason);
  }
}

/** The same for a time of day alone. */
export function clockQuestion(reason: 'AMBIGUOUS_HOUR' | 'SEVERAL' | 'INVALID' | 'VAGUE', text: string): string {
  return reason === 'AMBIGUOUS_HOUR' ? halfQuestion(text) : 'I did not get the time of day. Which time would suit you?';
}

/** Whether the clocks of the zone skip this time that day, or show it twice. */
export function clockChangeAt(date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): 'DST_GAP' | 'DST_OVERLAP' | null {
  return localInstant(date.toPlainDateTime(time), timeZone).trouble;
}

function dayIn(text: string, context: SpokenContext): string | null {
  const { date } = resolveSpokenDate(text, context);
  return date && spokenDate(date, todayIn(context));
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

const partsOf = (text: string) => meaningOf(phraseOf(wordsOf(text)));

function halfQuestion(text: string): string {
  const { clocks } = partsOf(text);
  const [clock] = clocks;
  if (!clock || clocks.length > 1) return 'In the morning or in the evening?';
  if (clock.kind === 'midnight' || clock.hour === 12) return 'At midnight when the day begins, or when it ends?';
  return clock.hour === 7 && clock.minutes === 0 ? 'Seven in the morning or in the evening?' : 'In the morning or in the evening?';
}

function todayQuestion(context: SpokenContext): string {
  const today = todayIn(context);
  return `Today, or ${spokenDate(today.add({ days: 7 }), today)}?`;
}

/** Says which weekday the date is, so that they can tell which of the two was wrong. */
function mismatchQuestion(text: string, context: SpokenContext): string {
  const today = todayIn(context);
  const date = dateSaid(
    partsOf(text).days.filter((day) => !isBareWeekday(day)),
    today,
  );
  const correct = typeof date === 'string' ? 'That weekday and that date do not go together.' : `The ${ordinal(date.day)} is a ${dayName(weekdayOf(date))}.`;
  return `${correct} Which day do you mean?`;
}
