import type { DaySaid } from './day-said.ts';
import { placeBehind, type Read } from './spoken-words.ts';

/** Holidays that have the same date everywhere and every year, longest names first: month and day. */
const HOLIDAYS: readonly (readonly [names: string, month: number, day: number])[] = [
  ['new years eve|hogmanay', 12, 31],
  ['new years day', 1, 1],
  ['christmas eve|xmas eve', 12, 24],
  ['christmas day|xmas day', 12, 25],
  ['boxing day', 12, 26],
  ['groundhog day', 2, 2],
  ['valentines day|valentines|valentine day', 2, 14],
  ['leap day', 2, 29],
  ['saint patricks day|st patricks day|st , patricks day|st paddys day|saint paddys day', 3, 17],
  ['april fools day|april fools', 4, 1],
  ['earth day', 4, 22],
  ['anzac day', 4, 25],
  ['cinco de mayo', 5, 5],
  ['juneteenth', 6, 19],
  ['canada day', 7, 1],
  ['bastille day', 7, 14],
  ['halloween|hallowe en', 10, 31],
  ['guy fawkes night|guy fawkes day|bonfire night', 11, 5],
  ['veterans day|armistice day', 11, 11],
  ['christmas|xmas', 12, 25],
];

/** Reads a holiday with a fixed date. Moving ones are not read, so that one has to ask. */
export function holidayAt(words: readonly string[], at: number): Read<DaySaid> | null {
  for (const [names, month, day] of HOLIDAYS) {
    for (const name of names.split('|')) {
      const next = placeBehind(words, at, name);
      if (next !== null) return { value: { kind: 'date', day, month: { name: month }, year: null }, next };
    }
  }
  return null;
}
