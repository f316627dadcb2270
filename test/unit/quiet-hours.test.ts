import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { possibleZones } from '../../src/domain/contacts/possible-zones.ts';
import { callingAllowed } from '../../src/domain/contacts/quiet-hours.ts';

const weekday = z.enum(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']);
const row = z.object({
  id: z.string(),
  phoneNumber: z.string(),
  contactTimeZone: z.string().nullable(),
  instant: z.string(),
  campaignHours: z.object({ from: z.string(), to: z.string(), days: z.array(weekday) }),
  expected: z.enum(['dial', 'defer']),
  candidateZones: z.array(z.string()),
  local: z.record(z.string(), z.string()),
});
const rows = fs
  .readFileSync(new URL('../fixtures/quiet-hours.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => row.parse(JSON.parse(line)));

describe('quiet hours', () => {
  test.each(rows.map((known) => [known.id, known] as const))(
    'are kept as known: %s',
    (_id, { phoneNumber, contactTimeZone, instant, campaignHours, ...known }) => {
      const zones = possibleZones(phoneNumber, contactTimeZone);
      expect(zones).toEqual(known.candidateZones);
      const { allowed, local } = callingAllowed(zones, new Date(instant), campaignHours);
      expect(allowed ? 'dial' : 'defer').toBe(known.expected);
      const clocks = local.map(({ zone, day, time }) => [zone, `${day.charAt(0)}${day.slice(1, 3).toLowerCase()} ${time}`]);
      expect(Object.fromEntries(clocks)).toEqual(known.local);
    },
  );

  test.each([
    ['2026-07-01T11:59:59.999Z', false],
    ['2026-07-01T12:00:00Z', true],
    ['2026-07-02T00:59:59.999Z', true],
    ['2026-07-02T01:00:00Z', false],
  ])('begin at nine in the evening and end at eight: %s in New York', (instant, allowed) => {
    expect(callingAllowed(['America/New_York'], new Date(instant)).allowed).toBe(allowed);
  });

  test('wider hours do not widen the lawful ones', () => {
    const always = { from: '00:00', to: '24:00', days: weekday.options };
    expect(callingAllowed(['America/New_York'], new Date('2026-07-01T03:00:00Z'), always).allowed).toBe(false);
  });

  test('with no zone nobody may be called', () => {
    expect(callingAllowed([], new Date('2026-07-01T16:00:00Z'))).toEqual({ allowed: false, local: [] });
  });
});

describe('where a number may ring', () => {
  test.each([
    ['an area code in no list', '+12465550100', null],
    ['a Caribbean country', '+18765550100', null],
    ['a number that is too short', '+1212555', null],
    ['a satellite telephone', '+881612345678', null],
    ['an Australian number of no place', '+61555501234', null],
    ['an offset in the place of a zone', '+12125550100', '+05:00'],
    ['a name that is none', '+12125550100', 'America/Springfield'],
    ['an empty name', '+12125550100', ''],
  ])('is not guessed: %s', (_name, phoneNumber, contactTimeZone) => {
    expect(possibleZones(phoneNumber, contactTimeZone)).toEqual([]);
  });

  test("the person's own zone stands alone, aliases included", () => {
    expect(possibleZones('+12125550100', 'US/Pacific')).toEqual(['US/Pacific']);
  });
});
