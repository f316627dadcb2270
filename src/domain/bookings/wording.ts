import { dayName, weekdayOf } from '../assistants/opening-hours.ts';

// Times as one says them on the phone, in English; the model says them in the language of the call.
//
// The half of the day is named only where the convention of resolveSpokenTime would not choose it: one to six are
// afternoon, eight to eleven are morning, twelve is noon, seven could be either. The hour that counts is the one that
// is named: "quarter to eight" is eight.

const HOURS = ['twelve', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'] as const;

const MINUTES: Readonly<Record<number, string>> = { 5: 'five', 10: 'ten', 15: 'quarter', 20: 'twenty', 25: 'twenty-five' };

/** `Thursday the 3rd at half past two`; with the month when it is four weeks away or more. */
export function spokenTime(at: Date, timeZone: string, now: Date): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  return `${spokenDate(local.toPlainDate(), today)} at ${spokenClock(local.hour, local.minute)}${repeatedHour(local)}`;
}

/** `Thursday the 3rd`, or `Thursday the 3rd of December` when it is four weeks away or more, or in the past. */
export function spokenDate(date: Temporal.PlainDate, today: Temporal.PlainDate): string {
  const days = today.until(date).days;
  const month = days >= 0 && days < 28 ? '' : ` of ${MONTHS[date.month - 1]}`;
  return `${dayName(weekdayOf(date))} the ${ordinal(date.day)}${month}`;
}

/** `half past two`, `quarter to eight in the evening`, `noon`. @param hour 0 to 23. */
export function spokenClock(hour: number, minute: number): string {
  if (minute === 0 && hour === 0) return 'midnight';
  if (minute === 0 && hour === 12) return 'noon';
  const named = minute > 30 ? hour + 1 : hour;
  const word = HOURS[named % 12] ?? '';
  return `${minutePhrase(minute)}${word}${halfOfDay(hour, named % 12)}`;
}

/** `3rd`. */
export function ordinal(day: number): string {
  const teens = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;

function minutePhrase(minute: number): string {
  if (minute === 0) return '';
  if (minute === 30) return 'half past ';
  const count = minute < 30 ? minute : 60 - minute;
  const words = MINUTES[count] ?? (count === 1 ? '1 minute' : `${count} minutes`);
  return `${words} ${minute < 30 ? 'past' : 'to'} `;
}

/** @param named the hour that is said, 0 to 11. */
function halfOfDay(hour: number, named: number): string {
  const afternoon = hour >= 12;
  // What the bare words would be taken for: "quarter to twelve" is before noon, "quarter past" after it.
  const understoodAsAfternoon = named === 0 ? hour === 12 : named <= 6;
  const midnight = named === 0 && (hour === 0 || hour === 23);
  if (named !== 7 && !midnight && understoodAsAfternoon === afternoon) return '';
  if (hour < 4 || hour >= 22) return ' at night';
  if (hour < 12) return ' in the morning';
  return hour < 18 ? ' in the afternoon' : ' in the evening';
}

/** Which of two equal clock times is meant, where the clocks go back. */
export function repeatedHour(local: Temporal.ZonedDateTime): string {
  if (!isRepeated(local)) return '';
  const first = local.toPlainDateTime().toZonedDateTime(local.timeZoneId, { disambiguation: 'earlier' });
  return local.epochMilliseconds === first.epochMilliseconds ? ', before the clocks go back' : ', after the clocks go back';
}

/** Whether the clock of the zone shows this time twice that day. */
export function isRepeated(local: Temporal.ZonedDateTime): boolean {
  const clock = local.toPlainDateTime();
  const first = clock.toZonedDateTime(local.timeZoneId, { disambiguation: 'earlier' });
  const second = clock.toZonedDateTime(local.timeZoneId, { disambiguation: 'later' });
  return first.epochMilliseconds !== second.epochMilliseconds;
}
