import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CarrierUncertain } from '../../src/ports/carrier.ts';
import { NumberRejected } from '../../src/ports/carrier-numbers.ts';
import { twilioClient } from '../../src/vendors/twilio/client.ts';
import { twilioNumbers } from '../../src/vendors/twilio/numbers.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from '../support/twilio-rest-twin.ts';

const URLS = {
  voiceUrl: 'https://voice.example.com/webhooks/twilio/voice',
  fallbackUrl: 'https://voice.example.com/webhooks/twilio/voice?fallback=1',
  statusUrl: 'https://voice.example.com/webhooks/twilio/status',
};
const ORDER = { phoneNumber: '+14155550101', label: 'callgraph:0123456789abcdef0123456789abcdef', ...URLS };
const ROOT = `/2010-04-01/Accounts/${ACCOUNT.accountSid}`;

let twin: TwilioRestTwin;
const numbers = (more: { authToken?: string; timeoutMs?: number } = {}) =>
  twilioNumbers(ACCOUNT.accountSid, twilioClient({ ...ACCOUNT, apiUrl: twin.url, timeoutMs: 2_000, ...more }));

beforeEach(async () => {
  twin = await startTwilioRestTwin(ACCOUNT);
  twin.numbers.offers.push(
    { phoneNumber: '+14155550101', country: 'US', kind: 'Local', region: 'CA', locality: 'San Francisco' },
    { phoneNumber: '+14155550102', country: 'US', kind: 'Local', region: 'CA', sms: false },
    { phoneNumber: '+12125550103', country: 'US', kind: 'Local', region: 'NY' },
    { phoneNumber: '+18885550104', country: 'US', kind: 'TollFree' },
    { phoneNumber: '+4930231250105', country: 'DE', kind: 'Local', addressRequirements: 'local' },
  );
});
afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await twin[Symbol.asyncDispose]();
});

describe('looking for a number at Twilio', () => {
  test('asks for what is wanted, by the letter of the specification', async () => {
    const found = await numbers().search({ country: 'US', kind: 'LOCAL', areaCode: '415', contains: '0101', region: 'CA', limit: 7 });
    expect(found).toEqual([
      {
        phoneNumber: '+14155550101',
        locality: 'San Francisco',
        region: 'CA',
        country: 'US',
        voice: true,
        sms: true,
        needsAddress: false,
        monthlyCostMicros: 1_150_000,
      },
    ]);
    expect(twin.requests).toEqual([
      {
        method: 'GET',
        path: `${ROOT}/AvailablePhoneNumbers/US/Local.json`,
        parameters: { AreaCode: '415', InRegion: 'CA', Contains: '0101', VoiceEnabled: 'true', PageSize: '7' },
      },
    ]);
  });

  test('numbers that are free to call, and those that need an address, are told apart', async () => {
    expect(await numbers().search({ country: 'US', kind: 'TOLL_FREE', limit: 5 })).toMatchObject([
      { phoneNumber: '+18885550104', monthlyCostMicros: 2_150_000 },
    ]);
    expect(await numbers().search({ country: 'DE', kind: 'LOCAL', limit: 5 })).toMatchObject([{ needsAddress: true, monthlyCostMicros: null }]);
  });

  test('a country that sells none of the kind has none', async () => {
    expect(await numbers().search({ country: 'DE', kind: 'MOBILE', limit: 5 })).toEqual([]);
  });

  test('an answer that is none leaves us as wise as before', async () => {
    twin.script('GET', { type: 'garbage', status: 200, done: false });
    await expect(numbers().search({ country: 'US', kind: 'LOCAL', limit: 5 })).rejects.toBeInstanceOf(CarrierUncertain);
  });
});

describe('buying a number from Twilio', () => {
  test('points its calls at us and gives it a label', async () => {
    const bought = await numbers().buy(ORDER);
    expect(bought).toEqual({
      carrierNumberId: twin.numbers.owned[0]?.sid,
      phoneNumber: ORDER.phoneNumber,
      label: ORDER.label,
      voiceUrl: URLS.voiceUrl,
      monthlyCostMicros: 1_150_000,
    });
    expect(twin.requests).toEqual([
      {
        method: 'POST',
        path: `${ROOT}/IncomingPhoneNumbers.json`,
        parameters: {
          PhoneNumber: ORDER.phoneNumber,
          FriendlyName: ORDER.label,
          VoiceUrl: URLS.voiceUrl,
          VoiceMethod: 'POST',
          VoiceFallbackUrl: URLS.fallbackUrl,
          VoiceFallbackMethod: 'POST',
          StatusCallback: URLS.statusUrl,
          StatusCallbackMethod: 'POST',
        },
      },
    ]);
  });

  test.each([
    [400, 21422, 'gone'],
    [400, 21452, 'gone'],
    [400, 21421, 'invalid'],
    [400, 21631, 'address-required'],
    [400, 21649, 'bundle-required'],
    [400, 21404, 'account-limit'],
    [429, 20429, 'busy-account'],
    [400, 10004, 'busy-account'],
    [403, 20005, 'configuration'],
    [401, 20003, 'configuration'],
    [400, 21999, 'other'],
  ] as const)('a refusal with %i/%i means %s, and nothing was bought', async (status, code, kind) => {
    twin.script('POST', { type: 'refuse', status, code, message: 'no' });
    const refused = await numbers()
      .buy(ORDER)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NumberRejected);
    expect(refused).toMatchObject({ kind, code: String(code) });
  });

  test.each([
    ['a server error', { type: 'garbage', status: 502, done: true }],
    ['success with a body that is no number', { type: 'garbage', status: 201, done: true }],
    ['a connection that breaks', { type: 'break', done: true }],
    ['silence', { type: 'hang', done: true }],
  ] as const)('%s leaves it uncertain; the number is found by its label', async (_name, behaviour) => {
    twin.script('POST', behaviour);
    await expect(numbers({ timeoutMs: 500 }).buy(ORDER)).rejects.toBeInstanceOf(CarrierUncertain);
    expect(twin.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(await numbers().listOwned({ label: ORDER.label })).toMatchObject([{ phoneNumber: ORDER.phoneNumber }]);
    expect(await numbers().listOwned({ label: 'callgraph:another' })).toEqual([]);
  });
});

describe('what is held at Twilio', () => {
  test('is listed whole, page after page', async () => {
    for (let index = 0; index < 1_203; index++) {
      const phoneNumber = `+1212555${String(index).padStart(4, '0')}`;
      twin.numbers.owned.push({ sid: `PN${String(index).padStart(32, '0')}`, phoneNumber, label: '', ...URLS });
    }
    const listed = await numbers().listOwned();
    expect(new Set(listed.map(({ carrierNumberId }) => carrierNumberId)).size).toBe(1_203);
  });

  test('is pointed elsewhere, and given back once however often', async () => {
    const { carrierNumberId } = await numbers().buy(ORDER);
    await numbers().updateUrls(carrierNumberId, { ...URLS, voiceUrl: 'https://other.example.com/voice' });
    expect(twin.numbers.owned[0]?.voiceUrl).toBe('https://other.example.com/voice');
    await numbers().release(carrierNumberId);
    await numbers().release(carrierNumberId);
    expect(twin.numbers.owned).toEqual([]);
  });

  test('has an account with a name and a state', async () => {
    expect(await numbers().account()).toEqual({ accountId: ACCOUNT.accountSid, name: 'A test account', status: 'active' });
    await expect(numbers({ authToken: 'wrong' }).account()).rejects.toMatchObject({ kind: 'configuration' });
  });
});
