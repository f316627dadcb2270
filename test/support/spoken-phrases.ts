import fc from 'fast-check';

// Phrases that are put together from parts whose meaning is known. The meaning is computed here in the slow and obvious
// way: days by walking the calendar, instants by trying every minute around.

const ZONES = [
  'America/Chicago',
  'America/New_York',
  'Europe/London',
  'Europe/Berlin',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Cairo',
];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty'];
const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );

const inWords = (n: number) => NUMBERS[n] ?? `${TENS[Math.floor(n / 10)]}${n % 10 ? `-${NUMBERS[n % 10]}` : ''}`;
const inOrdinal = (n: number) => ORDINALS[n] ?? (n === 20 ? 'twentieth' : n === 30 ? 'thirtieth' : `${TENS[Math.floor(n / 10)]}-${ORDINALS[n % 10]}`);

type Day = (today: Temporal.PlainDate) => { readonly text: string; readonly date: Temporal.PlainDate };
type Clock = { readonly text: string; readonly minute: number };

const walk = (from: Temporal.PlainDate, fits: (date: Temporal.PlainDate) => boolean): Temporal.PlainDate => {
  let date = from;
  while (!fits(date)) date = date.add({ days: 1 });
  return date;
};
const monday = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 });
const away =
  (text: string, days: number): Day =>
  (today) => ({ text, date: today.add({ days }) });
const named = (weekday: number) => WEEKDAYS[weekday - 1] ?? '';

/** A bare weekday that is not today's: where the number hits today, it is tomorrow's. */
const bare = (today: Temporal.PlainDate, weekday: number) => {
  const said = weekday === today.dayOfWeek ? (weekday % 7) + 1 : weekday;
  return { name: named(said), date: walk(today.add({ days: 1 }), (date) => date.dayOfWeek === said) };
};
const bareDay =
  (weekday: number, text: (name: string) => string, more: number): Day =>
  (today) => {
    const { name, date } = bare(today, weekday);
    return { text: text(name), date: date.add({ days: more }) };
  };

const weekday = fc.integer({ min: 1, max: 7 });
export const day: fc.Arbitrary<Day> = fc.oneof(
  fc.constantFrom(
    away('today', 0),
    away('tomorrow', 1),
    away('the day after tomorrow', 2),
    away('a week from today', 7),
    away('tomorrow week', 8),
    away('in a fortnight', 14),
    away('a week tomorrow', 8),
  ),
  fc.integer({ min: 2, max: 40 }).map((days) => away(`in ${inWords(days)} days`, days)),
  fc.integer({ min: 2, max: 20 }).map((weeks) => away(`${inWords(weeks)} weeks from tomorrow`, 7 * weeks + 1)),
  weekday.map((of) => bareDay(of, (name) => `on ${name}`, 0)),
  weekday.map((of) => bareDay(of, (name) => `this coming ${name}`, 0)),
  weekday.map((of) => bareDay(of, (name) => `${name} week`, 7)),
  weekday.map((of) => bareDay(of, (name) => `a week from ${name}`, 7)),
  weekday.map((of) => bareDay(of, (name) => `a fortnight on ${name}`, 14)),
  fc.tuple(weekday, fc.constantFrom(0, 1)).map(
    ([of, week]): Day =>
      (today) => ({
        text: `${week ? 'next' : 'this'} ${named(of)}`,
        date: monday(today).add({ days: of - 1 + 7 * week }),
      }),
  ),
  fc.tuple(weekday, fc.constantFrom(1, 2)).map(
    ([of, week]): Day =>
      (today) => ({
        text: week === 1 ? `${named(of)} next week` : `the week after next on ${named(of)}`,
        date: monday(today).add({ days: of - 1 + 7 * week }),
      }),
  ),
  fc.integer({ min: 1, max: 31 }).map(
    (of): Day =>
      (today) => ({ text: `the ${inOrdinal(of)}`, date: walk(today, (date) => date.day === of) }),
  ),
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), fc.integer({ min: 0, max: 3 })).map(
    ([month, of, form]): Day =>
      (today) => ({
        text:
          [`${MONTHS[month - 1]} ${inOrdinal(of)}`, `the ${inOrdinal(of)} of ${MONTHS[month - 1]}`, `${MONTHS[month - 1]} ${of}`, `${of} ${MONTHS[month - 1]}`][
            form
          ] ?? '',
        date: walk(today, (date) => date.month === month && date.day === of),
      }),
  ),
  fc.integer({ min: 1, max: 28 }).map(
    (of): Day =>
      (today) => ({
        text: `the ${inOrdinal(of)} of next month`,
        date: walk(today.with({ day: 1 }).add({ months: 1 }), (date) => date.day === of),
      }),
  ),
  fc.tuple(weekday, fc.integer({ min: 1, max: 4 })).map(
    ([of, nth]): Day =>
      (today) => ({
        text: `the ${inOrdinal(nth)} ${named(of)} of next month`,
        date: walk(today.with({ day: 1 }).add({ months: 1 }), (date) => date.dayOfWeek === of).add({ weeks: nth - 1 }),
      }),
  ),
  fc.constantFrom<Day>((today) => ({ text: 'Christmas Eve', date: walk(today, (date) => date.month === 12 && date.day === 24) })),
);

const HALVES: readonly (readonly [text: string, from: number, to: number])[] = [
  ['in the morning', 60, 719],
  ['a.m.', 60, 719],
  ['in the afternoon', 720, 18 * 60],
  ['p.m.', 720, 1439],
  ['in the evening', 17 * 60, 23 * 60 + 59],
];

/** A minute of the day that is said with its half. */
const halved = fc
  .tuple(fc.constantFrom(...HALVES), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3 }))
  .map(([[text, from, to], share, form]): Clock => {
    const minute = Math.floor((from + share * (to - from)) / 5) * 5;
    return { text: `at ${clockWords(minute, form)} ${text}`, minute };
  });

/** One that is said without: by the hour that is named, it is at business hours. */
const business = fc
  .tuple(fc.constantFrom(8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18), fc.constantFrom(0, 5, 10, 15, 20, 25, 30, 45, 55), fc.integer({ min: 0, max: 3 }))
  .map(([hour, past, form]): Clock => {
    // "Quarter to seven" would be asked about.
    const spoken = form === 1 || form === 2 || past <= 30 || hour !== 18;
    const minute = hour * 60 + (spoken ? past : 0);
    return { text: `at ${clockWords(minute, form)}`, minute };
  });

const military = fc
  .tuple(fc.integer({ min: 13, max: 23 }), fc.constantFrom(10, 15, 30, 45))
  .map(([hour, past]): Clock => ({ text: `at ${inWords(hour)} ${inWords(past)}`, minute: hour * 60 + past }));

export const clock = fc.oneof(halved, business, military);

/** @param form 0: half past two, quarter to three; 1: two thirty, ten oh five; 2: 2:30; 3: half two, ten past. */
function clockWords(minute: number, form: number): string {
  const hour = Math.floor(minute / 60) % 12 || 12;
  const next = (hour % 12) + 1;
  const past = minute % 60;
  if (form === 2) return `${hour}:${String(past).padStart(2, '0')}`;
  if (past === 0) return form === 1 ? `${inWords(hour)} o'clock` : inWords(hour);
  if (form === 1) return `${inWords(hour)} ${past < 10 ? `oh ${inWords(past)}` : inWords(past)}`;
  if (past === 30) return form === 3 ? `half ${inWords(hour)}` : `half past ${inWords(hour)}`;
  const [count, joint, named] = past < 30 ? [past, 'past', hour] : [60 - past, 'to', next];
  return `${count === 15 ? 'quarter' : inWords(count)} ${joint} ${inWords(named)}`;
}

/** Every hour of these years, and all the minutes around the changes of the clock. */
const moment = fc.oneof(
  fc.integer({ min: Date.UTC(2025, 0, 1) / 60_000, max: Date.UTC(2029, 0, 1) / 60_000 }).map((minutes) => minutes * 60_000),
  fc
    .tuple(
      fc.constantFrom('2026-03-06', '2026-03-27', '2026-10-02', '2026-10-23', '2026-10-30', '2026-04-22', '2026-12-29', '2028-02-27'),
      fc.integer({ min: 0, max: 4320 }),
    )
    .map(([date, minutes]) => Date.parse(`${date}T00:00:00Z`) + minutes * 60_000),
);

export function instantsOf(local: Temporal.PlainDateTime, timeZone: string): number[] {
  const guess = local.toZonedDateTime('UTC').epochMilliseconds;
  const found: number[] = [];
  for (let quarters = -15 * 4; quarters <= 15 * 4; quarters++) {
    const instant = guess + quarters * 15 * 60_000;
    if (Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDateTime().equals(local)) found.push(instant);
  }
  return found;
}

export const context = fc.record({ ms: moment, timeZone: fc.constantFrom(...ZONES) });
export const todayOf = (ms: number, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();
