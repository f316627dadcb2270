import { describe, expect, test } from 'vitest';
import { dialPermit } from '../../src/domain/calls/dialing/dial-permit.ts';
import { attemptStateOf, outcomeOfAttempt } from '../../src/domain/campaigns/attempt-outcome.ts';
import { CAMPAIGN_RULES, type CampaignFacts } from '../../src/domain/campaigns/campaign-rules.ts';
import { campaignSettings } from '../../src/domain/campaigns/campaign-settings.ts';
import { type CampaignEvent, type CampaignState, campaignMove, isCampaignOver } from '../../src/domain/campaigns/campaign-state.ts';
import { mostOutbound, roomFor } from '../../src/domain/campaigns/capacity.ts';
import { estimatedMinutes } from '../../src/domain/campaigns/estimate.ts';
import { chooseLine } from '../../src/domain/campaigns/line-choice.ts';
import { deferral, type RefusedCall } from '../../src/domain/campaigns/refusal.ts';
import { LAWFUL_HOURS } from '../../src/domain/contacts/quiet-hours.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kit/time.ts';

const NOON = new Date('2026-07-01T16:00:00Z');
const at = (ms: number) => new Date(NOON.getTime() + ms);

describe('the states of a campaign', () => {
  test.each<[CampaignState, Partial<Record<CampaignEvent, CampaignState>>]>([
    ['DRAFT', { prepared: 'READY', canceled: 'CANCELED' }],
    ['READY', { prepared: 'READY', scheduled: 'SCHEDULED', started: 'RUNNING', 'cannot-start': 'FAILED', canceled: 'CANCELED' }],
    ['SCHEDULED', { scheduled: 'SCHEDULED', started: 'RUNNING', 'cannot-start': 'FAILED', canceled: 'CANCELING' }],
    ['RUNNING', { started: 'RUNNING', resumed: 'RUNNING', paused: 'PAUSED', canceled: 'CANCELING', drained: 'COMPLETED' }],
    ['PAUSED', { paused: 'PAUSED', resumed: 'RUNNING', canceled: 'CANCELING', drained: 'COMPLETED' }],
    ['CANCELING', { canceled: 'CANCELING', drained: 'CANCELED' }],
    ['CANCELED', { canceled: 'CANCELED', drained: 'CANCELED' }],
    ['COMPLETED', { drained: 'COMPLETED' }],
    ['FAILED', { drained: 'FAILED' }],
  ])('%s goes only where it may', (state, moves) => {
    const events: CampaignEvent[] = ['prepared', 'scheduled', 'started', 'cannot-start', 'paused', 'resumed', 'canceled', 'drained'];
    for (const event of events) expect([event, campaignMove(state, event)]).toEqual([event, moves[event] ?? null]);
    if (isCampaignOver(state)) for (const event of events) expect([null, state]).toContain(campaignMove(state, event));
  });
});

describe('room for more calls', () => {
  test.each([
    [1, 1],
    [2, 1],
    [5, 4],
    [10, 8],
    [200, 160],
  ])('of %d calls at a time campaigns may have %d', (most, outbound) => expect(mostOutbound(most)).toBe(outbound));

  test.each([
    ['the workspace', { live: 7, most: 10 }, { live: 0, most: 5 }, 1],
    ['the campaign', { live: 3, most: 10 }, { live: 3, most: 5 }, 2],
    ['nobody', { live: 9, most: 10 }, { live: 0, most: 5 }, 0],
  ] as const)('ends where that of %s does', (_name, workspace, campaign, room) => expect(roomFor(workspace, campaign)).toBe(room));
});

describe('how long it takes', () => {
  const questions = [{ kind: 'SCALE' as const }, { kind: 'PARAGRAPH' as const }];
  const settings = { maxConcurrentCalls: 5, maxAttempts: 3, callsPerSecond: 1 };
  test.each([
    [0, settings, 0],
    [1, settings, 2],
    [100, settings, 26],
    [100, { ...settings, maxConcurrentCalls: 50 }, 3],
    // No faster than the carrier dials.
    [1_000, { ...settings, maxConcurrentCalls: 200 }, 29],
    [1_000, { ...settings, maxConcurrentCalls: 200, callsPerSecond: 0 }, 7],
  ])('%d people', (people, more, minutes) => expect(estimatedMinutes(people, questions, more)).toBe(minutes));
});

describe('the line that somebody is called from', () => {
  const line = (id: string, phoneNumber: string, callsToday = 0, isPrimary = false) => ({ id, phoneNumber, callsToday, isPrimary });
  const lines = [
    line('primary', '+12025550100', 5, true),
    line('same-state', '+16465550100', 9),
    line('same-code', '+12125550199', 9),
    line('own', '+13035550100', 9),
  ];
  const wish = { to: '+12125550142', campaignLineId: 'own', most: 0 };
  test.each([
    ['of the same area code', lines, wish, 'same-code'],
    [
      'of the same state where that is used up',
      [...lines.filter(({ id }) => id !== 'same-code'), line('same-code', '+12125550199', 100)],
      { ...wish, most: 100 },
      'same-state',
    ],
    ['of the campaign where none is near', lines, { ...wish, to: '+15125550142' }, 'own'],
    ['that is the primary one where the campaign has none', lines, { ...wish, to: '+15125550142', campaignLineId: null }, 'primary'],
    ['that was used least', [line('a', '+13035550101', 3), line('b', '+13035550102', 2)], { ...wish, to: '+15125550142', campaignLineId: null }, 'b'],
    ['of its own country first', [line('uk', '+442079460000', 0, true), line('us', '+13035550102')], { ...wish, campaignLineId: null }, 'us'],
    ['nobody where all are used up', lines, { ...wish, most: 5 }, null],
    ['nobody where there is none', [], wish, null],
  ])('is one %s', (_name, pool, wished, id) => expect(chooseLine(pool, wished)?.id ?? null).toBe(id));
});

describe('an attempt', () => {
  const call = { status: 'IN_PROGRESS' as const, outcome: null, dialedAt: NOON, answeredBy: null, bridgeCount: 0 };
  test.each([
    [{ status: 'QUEUED' as const }, 'RESERVED'],
    [{ status: 'DIALING' as const }, 'DIALING'],
    [{ status: 'UNKNOWN' as const }, 'UNKNOWN'],
    [{ status: 'RINGING' as const }, 'RINGING'],
    [{}, 'ANSWERED'],
    [{ bridgeCount: 1 }, 'TALKING'],
    [{ answeredBy: 'machine' }, 'VOICEMAIL'],
    [{ answeredBy: 'screener', bridgeCount: 1 }, 'SCREENED'],
    [{ status: 'FAILED' as const }, 'ENDED'],
  ])('with %j is %s', (more, state) => expect(attemptStateOf({ ...call, ...more })).toBe(state));

  test('of which the carrier was never asked was none', () => {
    expect(outcomeOfAttempt({ ...call, status: 'FAILED', outcome: 'FAILED', dialedAt: null })).toBeNull();
    expect(outcomeOfAttempt({ ...call, status: 'FAILED', outcome: 'FAILED' })).toBe('FAILED');
    expect(outcomeOfAttempt({ ...call, status: 'ENDED', outcome: 'REFUSED' })).toBe('REFUSED');
  });
});

const facts: CampaignFacts = {
  campaign: { status: 'RUNNING', pauseReason: null, endsAt: null },
  workspace: { suspendedAt: null },
  number: { asked: '+12125550142', e164: '+12125550142' },
  suppression: null,
  consent: 'EXPRESS',
  inCall: false,
  frequency: { attempts: 0, most: 3 },
  quietHours: { contactTimeZone: null },
  usage: { granted: true, evidence: 'Yes.' },
  workspaceCalls: { live: 0, most: 10 },
  campaignCalls: { live: 0, most: 5 },
  turn: { at: NOON, callsPerSecond: 1 },
  line: { phoneNumber: '+12025550100', shared: false },
  lines: 1,
};

describe('the permit', () => {
  test.each<[string, Partial<CampaignFacts>]>([
    ['campaign-running', { campaign: { status: 'PAUSED', pauseReason: 'by hand', endsAt: null } }],
    ['campaign-running', { campaign: { status: 'RUNNING', pauseReason: null, endsAt: NOON } }],
    ['workspace-active', { workspace: { suspendedAt: NOON } }],
    ['valid-number', { number: { asked: '911', e164: null } }],
    ['not-suppressed', { suppression: { reason: 'MANUAL', source: 'a person', createdAt: NOON } }],
    ['consent', { consent: 'NONE' }],
    ['not-in-a-call', { inCall: true }],
    ['frequency-cap', { frequency: { attempts: 3, most: 3 } }],
    ['quiet-hours', { quietHours: { contactTimeZone: 'Asia/Tokyo' } }],
    ['quiet-hours', { quietHours: { contactTimeZone: 'Mars/Olympus' } }],
    ['usage-reserved', { usage: { granted: false, evidence: 'No.' } }],
    ['workspace-slot', { workspaceCalls: { live: 8, most: 10 } }],
    ['campaign-slot', { campaignCalls: { live: 5, most: 5 } }],
    ['calls-per-second', { turn: { at: at(1), callsPerSecond: 1 } }],
    ['line-free', { line: null }],
  ])('is refused by %s, and by nothing before it', (rule, more) => {
    const permit = dialPermit({ ...facts, ...more }, NOON, CAMPAIGN_RULES);
    expect(permit.granted).toBe(false);
    expect(permit.rules.filter(({ passed }) => !passed).map((refusal) => refusal.rule)).toEqual([rule]);
    expect(permit.rules.at(-1)?.rule).toBe(rule);
  });

  test('is granted where all agree', () => expect(dialPermit(facts, NOON, CAMPAIGN_RULES)).toMatchObject({ granted: true }));
});

describe('who was not let be called', () => {
  const refused: RefusedCall = {
    rule: '',
    evidence: 'So it is.',
    from: 'PENDING',
    zones: ['America/New_York'],
    hours: LAWFUL_HOURS,
    campaign: { status: 'RUNNING', startedAt: NOON, endsAt: null },
    usageUsedUp: false,
    lines: 1,
  };
  const NIGHT = new Date('2026-07-02T02:00:00Z');
  const MORNING = new Date('2026-07-02T12:00:00Z');
  test.each<[string, Partial<RefusedCall>, Date, object]>([
    [
      'goes back where the campaign is paused',
      { rule: 'campaign-running', campaign: { ...refused.campaign, status: 'PAUSED' } },
      NOON,
      { state: 'PENDING', at: null },
    ],
    ['goes back to the callback that they asked for', { rule: 'campaign-running', from: 'CALLBACK' }, NOON, { state: 'CALLBACK', at: NOON }],
    ['is canceled with it', { rule: 'campaign-running', campaign: { ...refused.campaign, status: 'CANCELING' } }, NOON, { state: 'CANCELED', at: null }],
    ['is expired after its end', { rule: 'campaign-running', campaign: { ...refused.campaign, endsAt: NOON } }, NOON, { state: 'EXPIRED', at: null }],
    ['waits while the workspace is suspended', { rule: 'workspace-active' }, NOON, { state: 'PENDING', pauses: 'So it is.' }],
    ['has no number', { rule: 'valid-number' }, NOON, { state: 'INVALID', at: null }],
    ['must not be called', { rule: 'not-suppressed' }, NOON, { state: 'SUPPRESSED', at: null }],
    ['has not agreed', { rule: 'consent' }, NOON, { state: 'SUPPRESSED', at: null }],
    ['was called often enough', { rule: 'frequency-cap' }, NOON, { state: 'EXHAUSTED', at: null }],
    ['waits for the morning', { rule: 'quiet-hours' }, NIGHT, { state: 'WAITING_WINDOW', at: MORNING }],
    ['waits for the morning as one who is called again', { rule: 'quiet-hours', from: 'RETRY_WAIT' }, NIGHT, { state: 'RETRY_WAIT', at: MORNING }],
    ['has no morning before the end', { rule: 'quiet-hours', campaign: { ...refused.campaign, endsAt: MORNING } }, NIGHT, { state: 'EXPIRED', at: null }],
    ['lives nobody knows where', { rule: 'quiet-hours', zones: [] }, NOON, { state: 'WAITING_WINDOW', at: at(HOUR) }],
    ['lives nobody knows where, for a week', { rule: 'quiet-hours', zones: [] }, at(7 * DAY), { state: 'EXPIRED', at: null }],
    ['waits for a call to end that the plan allows', { rule: 'usage-reserved' }, NOON, { state: 'WAITING_WINDOW', at: at(10 * SECOND) }],
    ['waits where the plan is used up', { rule: 'usage-reserved', usageUsedUp: true }, NOON, { at: at(MINUTE), pauses: 'So it is.' }],
    ['is in a call', { rule: 'not-in-a-call' }, NOON, { at: at(MINUTE) }],
    ['waits for a number that is not used up', { rule: 'line-free' }, NOON, { at: at(HOUR) }],
    ['waits for a line at all', { rule: 'line-free', lines: 0 }, NOON, { pauses: 'So it is.' }],
    ['waits for room', { rule: 'workspace-slot' }, NOON, { state: 'WAITING_WINDOW', at: at(2 * SECOND) }],
  ])('%s', (_name, more, now, expected) => expect(deferral({ ...refused, ...more }, now)).toMatchObject({ reason: expect.any(String), ...expected }));
});

describe('the settings of a campaign', () => {
  test('have defaults', () => {
    expect(campaignSettings({}, NOON)).toEqual({
      ok: true,
      value: {
        maxConcurrentCalls: 5,
        maxAttempts: 3,
        hours: LAWFUL_HOURS,
        startsAt: null,
        endsAt: null,
        detectVoicemail: true,
        leaveVoicemail: false,
        voicemailMessage: null,
      },
    });
    expect(campaignSettings({ startsAt: at(-HOUR), voicemailMessage: ' Hello. ' }, NOON)).toMatchObject({
      value: { startsAt: null, leaveVoicemail: true, voicemailMessage: 'Hello.' },
    });
  });

  test.each([
    [{ maxConcurrentCalls: 0 }, 'maxConcurrentCalls'],
    [{ maxConcurrentCalls: 201 }, 'maxConcurrentCalls'],
    [{ maxAttempts: 11 }, 'maxAttempts'],
    [{ callingHours: { from: '17:00', to: '09:00', days: ['MONDAY'] as const } }, 'callingHours.to'],
    [{ callingHours: { from: '21:00', to: '23:00', days: ['MONDAY'] as const } }, 'callingHours'],
    [{ callingHours: { from: '09:00', to: '17:00', days: [] } }, 'callingHours.days'],
    [{ startsAt: at(400 * DAY) }, 'startsAt'],
    [{ endsAt: at(-HOUR) }, 'endsAt'],
    [{ startsAt: at(DAY), endsAt: at(HOUR) }, 'endsAt'],
    [{ leaveVoicemail: true }, 'voicemailMessage'],
    [{ voicemailMessage: 'x'.repeat(1_001) }, 'voicemailMessage'],
    [{ voicemailMessage: 'Hello.', detectVoicemail: false }, 'detectVoicemail'],
  ])('%j cannot be', (wishes, field) => {
    expect(campaignSettings(wishes, NOON)).toMatchObject({ ok: false, problems: [{ code: 'INVALID', path: ['input', ...field.split('.')] }] });
  });
});
