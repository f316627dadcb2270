import { createHash } from 'node:crypto';
import type { ValidateFunction } from 'ajv';
import { type Answered, notFound, type Parameters, page, refusal, rfc2822, type TwinResource, textOf, twilioSpec } from './twilio-spec.ts';

/** A number that the twin sells. */
export interface TwinOffer {
  readonly phoneNumber: string;
  readonly country: string;
  readonly kind: 'Local' | 'TollFree' | 'Mobile';
  readonly region?: string;
  readonly locality?: string;
  readonly addressRequirements?: 'none' | 'any' | 'local' | 'foreign';
  readonly sms?: boolean;
}

/** A number that the account holds. */
export interface TwinNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  label: string;
  voiceUrl: string;
  fallbackUrl: string;
  statusUrl: string;
}

const SCHEMAS = { Local: 'local', TollFree: 'toll_free', Mobile: 'mobile' } as const;

/** Twilio's AvailablePhoneNumbers, IncomingPhoneNumbers and Accounts resources. What is sold is no longer offered. */
export class TwinNumbers implements TwinResource {
  readonly offers: TwinOffer[] = [];
  /** In the order in which they were bought; a test may add and remove some. */
  readonly owned: TwinNumber[] = [];
  accountStatus: 'active' | 'suspended' | 'closed' = 'active';
  readonly #spec = twilioSpec('twilio-numbers-api.json', 'PN');
  readonly #number = this.#spec.resource('api.v2010.account.incoming_phone_number');
  readonly #account = this.#spec.resource('api.v2010.account');
  readonly #offer = (kind: TwinOffer['kind']) =>
    this.#spec.resource(`api.v2010.account.available_phone_number_country.available_phone_number_${SCHEMAS[kind]}`);
  readonly #accountSid: string;
  readonly #violations: string[];
  #sold = 0;

  constructor(accountSid: string, violations: string[]) {
    this.#accountSid = accountSid;
    this.#violations = violations;
  }

  get operations() {
    return this.#spec.operations;
  }

  act(method: string, url: URL, parameters: Parameters): Answered {
    const [, country, kind] = /\/AvailablePhoneNumbers\/([A-Z]{2})\/(Local|TollFree|Mobile)\.json$/.exec(url.pathname) ?? [];
    if (country) return this.#search(url, country, kind === 'Local' || kind === 'TollFree' ? kind : 'Mobile', parameters);
    const sid = /\/IncomingPhoneNumbers\/(PN[0-9a-f]{32})\.json$/.exec(url.pathname)?.[1];
    if (sid) return this.#one(method, url, sid, parameters);
    if (!url.pathname.endsWith('/IncomingPhoneNumbers.json')) return [200, this.#describeAccount()];
    if (method === 'POST') return this.#buy(parameters);
    const [name, phoneNumber] = [textOf(parameters, 'FriendlyName'), textOf(parameters, 'PhoneNumber')];
    const listed = this.owned.filter((number) => (!name || number.label === name) && (!phoneNumber || number.phoneNumber.includes(phoneNumber)));
    return page(
      'incoming_phone_numbers',
      url,
      listed.map((number) => this.#describe(number)),
      parameters,
    );
  }

  #search(url: URL, country: string, kind: TwinOffer['kind'], parameters: Parameters): Answered {
    const shelf = this.offers.filter((offer) => offer.country === country && offer.kind === kind);
    if (shelf.length === 0) return notFound(url);
    const [areaCode, region, contains] = ['AreaCode', 'InRegion', 'Contains'].map((name) => textOf(parameters, name));
    const matching = shelf.filter(
      ({ phoneNumber, region: place }) =>
        (!areaCode || phoneNumber.startsWith(`+1${areaCode}`)) && (!region || place === region) && (!contains || phoneNumber.includes(contains)),
    );
    const conforms = this.#offer(kind);
    const told = matching.map((offer) =>
      this.#checked(conforms, {
        friendly_name: offer.phoneNumber,
        phone_number: offer.phoneNumber,
        locality: offer.locality ?? null,
        region: offer.region ?? null,
        iso_country: country,
        address_requirements: offer.addressRequirements ?? 'none',
        beta: false,
        capabilities: { voice: true, sms: offer.sms ?? true, mms: false, fax: false },
      }),
    );
    const [status, body] = page('available_phone_numbers', url, told.slice(0, Number(textOf(parameters, 'PageSize') || 50)), parameters);
    return [status, body];
  }

  #buy(parameters: Parameters): Answered {
    const text = (name: string) => textOf(parameters, name);
    const phoneNumber = text('PhoneNumber');
    const at = this.offers.findIndex((offer) => offer.phoneNumber === phoneNumber);
    const offer = this.offers[at];
    if (!offer) return refusal(400, 21422, `${phoneNumber} is not available.`);
    if (offer.addressRequirements && offer.addressRequirements !== 'none') return refusal(400, 21631, 'Phone Number Requires an Address');
    this.offers.splice(at, 1);
    const number: TwinNumber = {
      sid: `PN${createHash('md5')
        .update(`${phoneNumber}:${++this.#sold}`)
        .digest('hex')}`,
      phoneNumber,
      label: text('FriendlyName') || phoneNumber,
      voiceUrl: text('VoiceUrl'),
      fallbackUrl: text('VoiceFallbackUrl'),
      statusUrl: text('StatusCallback'),
    };
    this.owned.push(number);
    return [201, this.#describe(number)];
  }

  #one(method: string, url: URL, sid: string, parameters: Parameters): Answered {
    const number = this.owned.find((candidate) => candidate.sid === sid);
    if (!number) return notFound(url);
    if (method === 'DELETE') {
      this.owned.splice(this.owned.indexOf(number), 1);
      return [204, null];
    }
    if (method === 'POST') {
      number.voiceUrl = textOf(parameters, 'VoiceUrl') || number.voiceUrl;
      number.fallbackUrl = textOf(parameters, 'VoiceFallbackUrl') || number.fallbackUrl;
      number.statusUrl = textOf(parameters, 'StatusCallback') || number.statusUrl;
    }
    return [200, this.#describe(number)];
  }

  #describe({ sid, phoneNumber, label, voiceUrl, fallbackUrl, statusUrl }: TwinNumber): object {
    const now = rfc2822(new Date());
    const capabilities = { voice: true, sms: true, mms: false, fax: false };
    return this.#checked(this.#number, {
      sid,
      account_sid: this.#accountSid,
      phone_number: phoneNumber,
      friendly_name: label,
      address_requirements: 'none',
      api_version: '2010-04-01',
      beta: false,
      capabilities,
      date_created: now,
      date_updated: now,
      voice_url: voiceUrl,
      voice_method: 'POST',
      voice_fallback_url: fallbackUrl,
      voice_fallback_method: 'POST',
      status_callback: statusUrl,
      status_callback_method: 'POST',
      uri: `/2010-04-01/Accounts/${this.#accountSid}/IncomingPhoneNumbers/${sid}.json`,
    });
  }

  #describeAccount(): object {
    const now = rfc2822(new Date());
    const account = { sid: this.#accountSid, friendly_name: 'A test account', status: this.accountStatus, type: 'Full', date_created: now, date_updated: now };
    return this.#checked(this.#account, account);
  }

  #checked(conforms: ValidateFunction, told: object): object {
    if (!conforms(told)) this.#violations.push(`an answer of the twin's own: ${JSON.stringify(conforms.errors)}`);
    return told;
  }
}
