import { type Exchange, rfc2822 } from '../exchange.ts';
import type { Offer } from './shelf.ts';
import type { SoldNumber } from './sold.ts';

/** An available number in the vendor's words. */
export const onShelf = (offer: Offer): Record<string, unknown> => ({
  friendly_name: offer.phoneNumber,
  phone_number: offer.phoneNumber,
  lata: null,
  locality: offer.locality,
  rate_center: null,
  latitude: null,
  longitude: null,
  region: offer.region,
  postal_code: null,
  iso_country: offer.country,
  address_requirements: offer.needs === 'address' ? 'local' : 'none',
  beta: false,
  capabilities: { voice: true, SMS: offer.sms, MMS: offer.sms, fax: false },
});

/** A number that the account holds, in the vendor's words. */
export function inAccount({ accountSid }: Exchange, number: SoldNumber): Record<string, unknown> {
  const boughtAt = rfc2822(new Date(number.boughtAt));
  return {
    sid: number.sid,
    account_sid: accountSid,
    phone_number: number.phoneNumber,
    friendly_name: number.label,
    address_requirements: 'none',
    address_sid: null,
    api_version: '2010-04-01',
    beta: false,
    bundle_sid: null,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    date_created: boughtAt,
    date_updated: boughtAt,
    origin: 'twilio',
    sms_url: null,
    status: 'in-use',
    status_callback: number.statusUrl || null,
    status_callback_method: 'POST',
    trunk_sid: null,
    uri: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${number.sid}.json`,
    voice_application_sid: null,
    voice_caller_id_lookup: false,
    voice_fallback_method: 'POST',
    voice_fallback_url: number.fallbackUrl || null,
    voice_method: 'POST',
    voice_receive_mode: 'voice',
    voice_url: number.voiceUrl || null,
  };
}

/** The account itself. */
export function accountResource({ accountSid, clock }: Exchange): Record<string, unknown> {
  const now = rfc2822(clock.now());
  return {
    sid: accountSid,
    owner_account_sid: accountSid,
    friendly_name: 'The call lab',
    status: 'active',
    type: 'Full',
    date_created: now,
    date_updated: now,
    uri: `/2010-04-01/Accounts/${accountSid}.json`,
    subresource_uris: {},
  };
}
