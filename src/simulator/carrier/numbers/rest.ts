import type { Exchange } from '../exchange.ts';
import { notAllowed, type RestAnswer, refused } from '../rest-answer.ts';
import { newSid } from '../sid.ts';
import { inAccount, onShelf } from './resources.ts';
import { type Offer, type OfferKind, shelf } from './shelf.ts';
import type { SoldNumber, SoldNumbers } from './sold.ts';

export interface NumbersRest {
  readonly exchange: Exchange;
  readonly sold: SoldNumbers;
}

/** One request: what is left of its path after the account, and what it was given. */
export interface NumbersRequest {
  readonly method: string;
  readonly path: readonly string[];
  readonly url: URL;
  readonly form: URLSearchParams;
}

/** Members of the vendor's specification, twilio_api_v2010 of 2026-04. */
const WRITABLE = new Set(
  (
    'AccountSid ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod SmsUrl StatusCallback StatusCallbackMethod ' +
    'VoiceApplicationSid VoiceCallerIdLookup VoiceFallbackMethod VoiceFallbackUrl VoiceMethod VoiceUrl EmergencyStatus EmergencyAddressSid ' +
    'TrunkSid IdentitySid AddressSid VoiceReceiveMode BundleSid PhoneNumber AreaCode'
  ).split(' '),
);
const KEYS = ['', '', 'abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];
const LARGEST_PAGE = 1_000;

/** The carrier's shop for numbers: AvailablePhoneNumbers and IncomingPhoneNumbers. Null where the path is neither. */
export function numbersRest(shop: NumbersRest, request: NumbersRequest): RestAnswer | null {
  const [resource, name, kind] = request.path;
  const missing = refused({ status: 404, code: 20404, message: `The requested resource ${request.url.pathname} was not found` });
  if (resource === 'AvailablePhoneNumbers') {
    if (request.method !== 'GET') return notAllowed;
    return (isKind(kind) && search(shop, name ?? '', kind, request.url)) || missing;
  }
  if (resource !== 'IncomingPhoneNumbers') return null;
  if (name === undefined) return request.method === 'GET' ? list(shop, request.url) : request.method === 'POST' ? buy(shop, request.form) : notAllowed;
  const number = shop.sold.get(name);
  if (!number) return missing;
  switch (request.method) {
    case 'GET':
      return { status: 200, body: inAccount(shop.exchange, number) };
    case 'POST':
      return update(shop, number, request.form);
    case 'DELETE':
      shop.sold.drop(number.sid);
      return { status: 204, body: null };
    default:
      return notAllowed;
  }
}

const isKind = (word: string | undefined): word is OfferKind => word === 'Local' || word === 'TollFree' || word === 'Mobile';

function search({ sold }: NumbersRest, country: string, kind: OfferKind, url: URL): RestAnswer | null {
  const query = url.searchParams;
  const offers = shelf(country, kind, query.get('AreaCode'));
  if (!offers) return null;
  const limit = Math.min(Number(query.get('PageSize') ?? 50) || 50, LARGEST_PAGE);
  const contains = (query.get('Contains') ?? '').toLowerCase().replace(/[a-z]/g, (letter) => String(KEYS.findIndex((letters) => letters.includes(letter))));
  const found: Offer[] = [];
  for (const offer of offers) {
    if (found.length >= limit) break;
    const elsewhere = query.has('InRegion') && offer.region !== query.get('InRegion');
    if (!elsewhere && offer.phoneNumber.includes(contains) && !sold.at(offer.phoneNumber)) found.push(offer);
  }
  return { status: 200, body: { available_phone_numbers: found.map(onShelf), uri: url.pathname + url.search } };
}

function buy(shop: NumbersRest, form: URLSearchParams): RestAnswer {
  const areaCode = form.get('AreaCode');
  const phoneNumber = form.get('PhoneNumber') ?? (areaCode ? firstOf(shop, areaCode) : '');
  if (phoneNumber === null) return refused({ status: 400, code: 21452, message: `No phone numbers found in area code ${areaCode}` });
  if (!/^\+[1-9]\d{6,14}$/.test(phoneNumber)) return refused({ status: 400, code: 21421, message: `PhoneNumber ${phoneNumber} is invalid` });
  const offer = onSale(phoneNumber);
  if (!offer || shop.sold.at(phoneNumber)) return refused({ status: 400, code: 21422, message: `${phoneNumber} is not available.` });
  if (offer.needs === 'address' && !form.has('AddressSid')) return refused({ status: 400, code: 21631, message: 'Phone Number Requires an Address' });
  if (offer.needs === 'papers' && !form.has('BundleSid')) return refused({ status: 400, code: 21649, message: 'Bundle required' });
  const wrong = unreachable(form);
  if (wrong) return wrong;
  const number: SoldNumber = {
    sid: newSid('PN'),
    phoneNumber,
    label: form.get('FriendlyName') ?? phoneNumber,
    voiceUrl: form.get('VoiceUrl') ?? '',
    fallbackUrl: form.get('VoiceFallbackUrl') ?? '',
    statusUrl: form.get('StatusCallback') ?? '',
    boughtAt: shop.exchange.clock.now().toISOString(),
  };
  shop.sold.keep(number);
  return { status: 201, body: inAccount(shop.exchange, number), unknown: unknownOf(form) };
}

function firstOf({ sold }: NumbersRest, areaCode: string): string | null {
  for (const country of ['US', 'CA']) for (const { phoneNumber } of shelf(country, 'Local', areaCode) ?? []) if (!sold.at(phoneNumber)) return phoneNumber;
  return null;
}

const COUNTRIES: readonly [prefix: string, countries: readonly string[]][] = [
  ['+1', ['US', 'CA']],
  ['+44', ['GB']],
  ['+61', ['AU']],
  ['+49', ['DE']],
  ['+33', ['FR']],
];

function onSale(phoneNumber: string): Offer | null {
  const countries = COUNTRIES.find(([prefix]) => phoneNumber.startsWith(prefix))?.[1] ?? [];
  for (const country of countries)
    for (const kind of ['Local', 'TollFree', 'Mobile'] as const)
      for (const offer of shelf(country, kind, phoneNumber.slice(2, 5)) ?? []) if (offer.phoneNumber === phoneNumber) return offer;
  return null;
}

function update(shop: NumbersRest, number: SoldNumber, form: URLSearchParams): RestAnswer {
  const wrong = unreachable(form);
  if (wrong) return wrong;
  const changed: SoldNumber = {
    ...number,
    label: form.get('FriendlyName') ?? number.label,
    voiceUrl: form.get('VoiceUrl') ?? number.voiceUrl,
    fallbackUrl: form.get('VoiceFallbackUrl') ?? number.fallbackUrl,
    statusUrl: form.get('StatusCallback') ?? number.statusUrl,
  };
  shop.sold.keep(changed);
  return { status: 200, body: inAccount(shop.exchange, changed), unknown: unknownOf(form) };
}

function unreachable(form: URLSearchParams): RestAnswer | null {
  for (const name of ['VoiceUrl', 'VoiceFallbackUrl', 'StatusCallback']) {
    const url = form.get(name);
    if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return refused({ status: 400, code: 21502, message: `Invalid ${name} ${url}` });
  }
  return null;
}

const unknownOf = (form: URLSearchParams): string[] => [...form.keys()].filter((name) => !WRITABLE.has(name));

function list(shop: NumbersRest, url: URL): RestAnswer {
  const query = url.searchParams;
  const [name, phoneNumber] = [query.get('FriendlyName'), query.get('PhoneNumber')];
  const found = shop.sold.list().filter((number) => (!name || number.label === name) && (!phoneNumber || number.phoneNumber.includes(phoneNumber)));
  const size = Math.min(Number(query.get('PageSize') ?? 50) || 50, LARGEST_PAGE);
  const page = Number(query.get('Page') ?? 0) || 0;
  const at = (number: number) => `${url.pathname}?${new URLSearchParams({ ...Object.fromEntries(query), PageSize: String(size), Page: String(number) })}`;
  const shown = found.slice(page * size, (page + 1) * size);
  return {
    status: 200,
    body: {
      incoming_phone_numbers: shown.map((number) => inAccount(shop.exchange, number)),
      first_page_uri: at(0),
      next_page_uri: (page + 1) * size < found.length ? at(page + 1) : null,
      previous_page_uri: page > 0 ? at(page - 1) : null,
      page,
      page_size: size,
      start: page * size,
      end: page * size + shown.length - 1,
      uri: at(page),
    },
  };
}
