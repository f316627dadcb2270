import { describe, expect, test } from 'vitest';
import { type DialFacts, dialPermit, dialRefused, PERMIT_RULES, type PermitRule } from '../../src/domain/calls/dialing/dial-permit.ts';

const NOON = new Date('2026-07-01T16:00:00Z');
const NIGHT = new Date('2026-07-01T06:00:00Z');
const FACTS: DialFacts = {
  workspace: { suspendedAt: null },
  number: { asked: '+12125550142', e164: '+12125550142' },
  suppression: null,
  line: { phoneNumber: '+12125550100', shared: false },
  quietHours: { contactTimeZone: null },
};
const ask = (facts: Partial<DialFacts>, now = NOON) => dialPermit({ ...FACTS, ...facts }, now, PERMIT_RULES);
const number = (asked: string, e164: string | null = asked) => ({ number: { asked, e164 } });

describe('the dial permit', () => {
  test('has every rule with its evidence where it is granted', () => {
    const permit = ask({});
    expect(permit).toMatchObject({ granted: true, decidedAt: '2026-07-01T16:00:00.000Z' });
    expect(permit.rules.map(({ rule }) => rule)).toEqual(['workspace-active', 'valid-number', 'not-suppressed', 'line-to-call-from', 'quiet-hours']);
    expect(permit.rules.every(({ passed, evidence }) => passed && /^[A-Z+].*\.$/.test(evidence))).toBe(true);
    expect(permit.rules.at(-1)?.evidence).toContain('WEDNESDAY 12:00:00 in America/New_York');
  });

  test('does not ask for quiet hours where a person asks for the call', () => {
    const permit = ask({ quietHours: null }, NIGHT);
    expect(permit.granted).toBe(true);
    expect(permit.rules.map(({ rule }) => rule)).not.toContain('quiet-hours');
  });

  const suppression = { reason: 'SPOKEN_OPT_OUT', source: 'a call', createdAt: new Date('2026-05-04T10:00:00Z') };
  test.each([
    ['a suspended workspace', { workspace: { suspendedAt: NIGHT } }, NOON, 'workspace-active', 'ILLEGAL_STATE'],
    ['what is no number', number('mother', null), NOON, 'valid-number', 'INVALID'],
    ['an emergency number', number('911', null), NOON, 'valid-number', 'INVALID'],
    ['an emergency number with a country code', number('+44999'), NOON, 'valid-number', 'INVALID'],
    ['a number that is charged extra', number('+19005550142'), NOON, 'valid-number', 'INVALID'],
    ['one in another country', number('+449011234567'), NOON, 'valid-number', 'INVALID'],
    ['a local one', number('+12129765555'), NOON, 'valid-number', 'INVALID'],
    ['a suppressed number', { suppression }, NOON, 'not-suppressed', 'SUPPRESSED'],
    ['no line', { line: null }, NOON, 'line-to-call-from', 'ILLEGAL_STATE'],
    ['the night', {}, NIGHT, 'quiet-hours', 'QUIET_HOURS'],
    ['an unknown place', number('+12465550142'), NOON, 'quiet-hours', 'QUIET_HOURS'],
    ['an unknown zone of the person', { quietHours: { contactTimeZone: 'Mars/Olympus' } }, NOON, 'quiet-hours', 'QUIET_HOURS'],
    [
      'hours that are narrower',
      { quietHours: { contactTimeZone: null, hours: { from: '13:00', to: '14:00', days: ['WEDNESDAY'] } } },
      NOON,
      'quiet-hours',
      'QUIET_HOURS',
    ],
  ] satisfies [string, Partial<DialFacts>, Date, string, string][])('refuses %s, and asks no further', (_name, facts, now, rule, code) => {
    const permit = ask(facts, now);
    expect(permit.granted).toBe(false);
    expect(permit.rules.filter(({ passed }) => !passed).map((refusal) => refusal.rule)).toEqual([rule]);
    expect(permit.rules.at(-1)?.rule).toBe(rule);
    expect(dialRefused(permit, PERMIT_RULES)).toMatchObject({ code, message: permit.rules.at(-1)?.evidence, permit });
  });

  test('takes further rules of further facts, in their order', () => {
    const budget: PermitRule<DialFacts & { budget: number }> = {
      rule: 'budget',
      code: 'LIMIT_REACHED',
      ask: ({ budget: left }) => ({ passed: left > 0, evidence: `${left} are left.` }),
    };
    const rules = [budget, ...PERMIT_RULES];
    expect(dialPermit({ ...FACTS, budget: 1 }, NOON, rules).rules[0]).toEqual({ rule: 'budget', passed: true, evidence: '1 are left.' });
    expect(dialRefused(dialPermit({ ...FACTS, budget: 0 }, NOON, rules), rules)).toMatchObject({ code: 'LIMIT_REACHED', message: '0 are left.' });
  });
});
