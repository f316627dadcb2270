import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from '../../src/kit/clock.ts';
import { parsePhoneNumber } from '../../src/kit/phone.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { quiet } from '../support/quiet.ts';
import { twilioSpec } from '../support/twilio-spec.ts';

const spec = twilioSpec('twilio-numbers-api.json', 'PN');
const available = spec.resource('api.v2010.account.available_phone_number_country.available_phone_number_local');
const incoming = spec.resource('api.v2010.account.incoming_phone_number');
const account = spec.resource('api.v2010.account');

let folder: string;
let lab: Simulator;
const start = () =>
  startSimulator({
    clock: createClock(),
    logger: quiet().logger,
    numbersFile: path.join(folder, 'kept', 'numbers.json'),
    accountSid: `AC${'1'.repeat(32)}`,
    authToken: 'token',
  });

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'numbers-'));
  lab = await start();
});
afterEach(async () => {
  await lab[Symbol.asyncDispose]();
  fs.rmSync(folder, { recursive: true });
});

async function ask(method: string, at: string, form?: Record<string, string>) {
  const authorization = `Basic ${Buffer.from(`${lab.accountSid}:${lab.authToken}`).toString('base64')}`;
  const url = `${lab.restUrl}/2010-04-01/Accounts/${lab.accountSid}${at}`;
  const response = await fetch(url, { method, headers: { authorization }, ...(form && { body: new URLSearchParams(form) }) });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}
const search = async (at: string) => (await ask('GET', `/AvailablePhoneNumbers/${at}`)).body.available_phone_numbers;
const phones = async (at: string): Promise<string[]> => (await search(at)).map(({ phone_number }: { phone_number: string }) => phone_number);

test('what it sells, holds and is, it says in the words of the specification', async () => {
  for (const at of [
    'US/Local.json',
    'CA/Local.json',
    'US/TollFree.json',
    'GB/Local.json',
    'GB/Mobile.json',
    'AU/Local.json',
    'DE/Local.json',
    'FR/Local.json',
  ]) {
    const offers = await search(at);
    expect(offers.length, at).toBeGreaterThan(0);
    for (const offer of offers) {
      expect(available(offer), JSON.stringify(available.errors)).toBe(true);
      expect(parsePhoneNumber(offer.phone_number), offer.phone_number).toBe(offer.phone_number);
    }
  }
  const { status, body } = await ask('POST', '/IncomingPhoneNumbers.json', {
    PhoneNumber: '+14155550100',
    FriendlyName: 'a label',
    VoiceUrl: 'https://a.example.com/v',
  });
  expect(status).toBe(201);
  expect(incoming(body), JSON.stringify(incoming.errors)).toBe(true);
  expect(account((await ask('GET', '.json')).body), JSON.stringify(account.errors)).toBe(true);
});

test('a number is on the shelf until it is sold, and again when it is given back', async () => {
  expect(await phones('US/Local.json?AreaCode=415&PageSize=1')).toEqual(['+14155550100']);
  const bought = await ask('POST', '/IncomingPhoneNumbers.json', { PhoneNumber: '+14155550100' });
  expect(await phones('US/Local.json?AreaCode=415&PageSize=1')).toEqual(['+14155550101']);
  expect(await ask('POST', '/IncomingPhoneNumbers.json', { PhoneNumber: '+14155550100' })).toMatchObject({ status: 400, body: { code: 21422 } });
  expect((await ask('DELETE', `/IncomingPhoneNumbers/${bought.body.sid}.json`)).status).toBe(204);
  expect((await ask('DELETE', `/IncomingPhoneNumbers/${bought.body.sid}.json`)).status).toBe(404);
  expect(await phones('US/Local.json?AreaCode=415&PageSize=1')).toEqual(['+14155550100']);
});

test('it looks by letters on the keys, by region, and for an area code to buy from', async () => {
  expect(await phones('US/TollFree.json?Contains=JJJ0142&PageSize=1')).toEqual(['+18335550142']);
  expect(await phones('US/Local.json?InRegion=WA&PageSize=1')).toEqual(['+12065550100']);
  expect(await phones('US/Local.json?AreaCode=416')).toEqual([]);
  expect(await ask('POST', '/IncomingPhoneNumbers.json', { AreaCode: '416' })).toMatchObject({ status: 201, body: { phone_number: '+14165550100' } });
  expect(await ask('POST', '/IncomingPhoneNumbers.json', { AreaCode: '212' })).toMatchObject({ status: 400, body: { code: 21452 } });
});

test.each([
  [{ PhoneNumber: 'mother' }, 21421],
  [{ PhoneNumber: '+12025550100' }, 21422],
  [{ PhoneNumber: '+493023125001' }, 21631],
  [{ PhoneNumber: '+33199001201' }, 21649],
  [{ PhoneNumber: '+14155550100', VoiceUrl: 'nowhere' }, 21502],
])('it refuses %j with %i', async (form, code) => {
  expect(await ask('POST', '/IncomingPhoneNumbers.json', form)).toMatchObject({ status: 400, body: { code } });
});

test('it remembers what it sold when everything is started again, wherever the calls of a number go', async () => {
  const { body } = await ask('POST', '/IncomingPhoneNumbers.json', {
    PhoneNumber: '+14155550100',
    FriendlyName: 'a label',
    VoiceUrl: 'https://a.example.com/v',
  });
  await ask('POST', `/IncomingPhoneNumbers/${body.sid}.json`, { VoiceUrl: 'https://b.example.com/v' });
  await lab[Symbol.asyncDispose]();
  lab = await start();
  const listed = (await ask('GET', '/IncomingPhoneNumbers.json?FriendlyName=a+label')).body.incoming_phone_numbers;
  expect(listed).toMatchObject([{ sid: body.sid, phone_number: '+14155550100', voice_url: 'https://b.example.com/v' }]);
  expect((await ask('GET', '/IncomingPhoneNumbers.json?FriendlyName=another')).body.incoming_phone_numbers).toEqual([]);
});

test('a file that cannot be read is one that nothing was sold in', async () => {
  await ask('POST', '/IncomingPhoneNumbers.json', { PhoneNumber: '+14155550100' });
  await lab[Symbol.asyncDispose]();
  fs.writeFileSync(path.join(folder, 'kept', 'numbers.json'), '{ half');
  lab = await start();
  expect((await ask('GET', '/IncomingPhoneNumbers.json')).body.incoming_phone_numbers).toEqual([]);
});
