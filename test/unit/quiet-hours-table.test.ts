// The rule against another that was written from the words of the rule alone: slow, by another clock, with zones of its own.
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nextWindow } from '../../src/domain/campaigns/calling-window.ts';
import { possibleZones } from '../../src/domain/contacts/possible-zones.ts';
import { callingAllowed, type Weekday } from '../../src/domain/contacts/quiet-hours.ts';

const several = z.record(z.string(), z.array(z.string()));
const table = z
  .object({
    'us-ca-one-zone': z.record(z.string(), z.string()),
    'us-ca-several-zones': several,
    'us-ca-toll-free': z.object({ codes: z.array(z.string()), zones: z.array(z.string()) }),
    'au-by-first-digit-after-61': several,
    'whole-country': z.record(z.string(), z.array(z.string()).or(z.string())),
  })
  .parse(JSON.parse(fs.readFileSync(new URL('../fixtures/quiet-hours-zones.json', import.meta.url), 'utf8')));

const WEEK: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
interface Hours {
  readonly from: string;
  readonly to: string;
  readonly days: readonly Weekday[];
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** The clock on the wall: its day, and its seconds since midnight. */
function wall(zone: string, at: Date): { day: string; seconds: number } {
  const options = { timeZone: zone, weekday: 'long', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', options);
  formats.set(zone, format);
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: String(part.weekday).toUpperCase(), seconds: Number(part.hour) * 3_600 + Number(part.minute) * 60 + Number(part.second) };
}

const secondsOf = (time: string): number => Number(time.slice(0, 2)) * 3_600 + Number(time.slice(3)) * 60;
const LAWFUL = [8 * 3_600, 21 * 3_600] as const;

function mayRing(zones: readonly string[], at: Date, { from, to, days }: Hours): boolean {
  if (zones.length === 0) return false;
  for (const zone of zones) {
    const { day, seconds } = wall(zone, at);
    if (seconds < LAWFUL[0] || seconds >= LAWFUL[1]) return false;
    if (seconds < secondsOf(from) || seconds >= secondsOf(to)) return false;
    if (!days.some((one) => one === day)) return false;
  }
  return true;
}

function zonesBySlowReading(number: string, own: string | null): readonly string[] {
  if (own !== null) return isZone(own) ? [own] : [];
  if (number.startsWith('+1')) {
    const code = number.slice(2, 5);
    if (table['us-ca-toll-free'].codes.includes(code)) return table['us-ca-toll-free'].zones;
    const one = table['us-ca-one-zone'][code];
    return one ? [one] : (table['us-ca-several-zones'][code] ?? []);
  }
  if (number.startsWith('+61')) return table['au-by-first-digit-after-61'][number.charAt(3)] ?? [];
  for (const [prefix, zones] of Object.entries(table['whole-country']))
    if (number.startsWith(prefix.startsWith('+') ? prefix : `+${prefix}`)) return [zones].flat();
  return [];
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return name !== '' && !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/** The same numbers in every run. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const codes = [...Object.keys(table['us-ca-one-zone']), ...Object.keys(table['us-ca-several-zones']), ...table['us-ca-toll-free'].codes];
const pick = chance(20_261_126);
const digits = (count: number) => Array.from({ length: count }, () => pick(10)).join('');
const numbers = Array.from({ length: 200 }, (_, index) => {
  const kind = index % 10;
  if (kind < 6) return `+1${codes[pick(codes.length)]}555${digits(4)}`;
  if (kind === 6) return `+61${[2, 3, 4, 7, 8][pick(5)]}${digits(8)}`;
  if (kind === 7) return `+447${digits(9)}`;
  if (kind === 8) return `${['+91', '+49'][pick(2)]}9${digits(9)}`;
  // Of no list: a code of North America that is not given out, another country, a satellite.
  return ['+1246555', '+351912', '+8816123'][pick(3)] + digits(5);
});
const owns = [null, null, null, null, 'America/Phoenix', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'US/Pacific', 'Mars/Olympus', '+05:00', ''];
/** Days on which clocks are changed somewhere, and plain ones. */
const DAYS = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-07-01', '2026-10-04', '2026-10-25', '2026-11-01', '2026-12-31'];
const HOURS: readonly Hours[] = [
  { from: '08:00', to: '21:00', days: WEEK },
  { from: '09:30', to: '17:45', days: WEEK.slice(0, 5) },
  { from: '00:00', to: '23:59', days: WEEK },
  { from: '20:00', to: '22:00', days: ['SATURDAY', 'SUNDAY'] },
];

const cases = numbers.map((number, index) => ({ number, own: owns[pick(owns.length)] ?? null, hours: HOURS[index % HOURS.length] ?? HOURS[0] }));

describe('two hundred numbers', () => {
  test('ring, or wait, as an independent slow reading of the rule says, at instants around every change of the clocks', () => {
    let [rung, waited] = [0, 0];
    for (const { number, own, hours } of cases) {
      const zones = possibleZones(number, own);
      expect([...zones].toSorted(), number).toEqual([...zonesBySlowReading(number, own)].toSorted());
      for (const day of DAYS) {
        const midnight = Date.parse(`${day}T00:00:00Z`);
        // Every half an hour, and the seconds around each full one.
        for (let minute = -120; minute < 26 * 60; minute += 30) {
          for (const aside of minute % 60 === 0 ? [-1, 0, 1] : [0]) {
            const at = new Date(midnight + minute * 60_000 + aside * 1_000);
            const expected = hours ? mayRing(zones, at, hours) : false;
            if (callingAllowed(zones, at, hours).allowed !== expected)
              expect.fail(`${number} (${own}) at ${at.toISOString()}: ${expected ? 'may' : 'may not'} ring`);
            if (expected) rung++;
            else waited++;
          }
        }
      }
    }
    expect(rung).toBeGreaterThan(10_000);
    expect(waited).toBeGreaterThan(10_000);
  });

  test('are called next at the first minute at which a slow search finds that they may be', () => {
    const starts = DAYS.map((day, index) => new Date(Date.parse(`${day}T00:00:00Z`) + index * 3 * 3_600_000));
    for (const [index, { number, own, hours = HOURS[0] }] of cases.entries()) {
      const start = starts[index % starts.length];
      if (!start || !hours || index % 4 !== 0) continue;
      const zones = possibleZones(number, own);
      expect(nextWindow(zones, hours, start)?.toISOString() ?? null, number).toBe(slowNext(zones, hours, start)?.toISOString() ?? null);
    }
  });

  function slowNext(zones: readonly string[], hours: Hours, from: Date): Date | null {
    if (zones.length === 0) return null;
    for (let minute = 0; minute <= 15 * 24 * 60; minute++) {
      const at = new Date(from.getTime() + minute * 60_000);
      if (mayRing(zones, at, hours)) return at;
    }
    return null;
  }
});
