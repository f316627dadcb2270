import { isTimeZone } from '../../kit/time-zone.ts';
import { AUSTRALIA, ONE_ZONE, SEVERAL_ZONES, TOLL_FREE_CODES, TOLL_FREE_ZONES, WHOLE_COUNTRY } from './number-zones.ts';

/**
 * Every time zone in which the person with this number may be.
 *
 * A zone that is known of the person stands alone. Else the number tells: in the US and Canada its area code, and never
 * the exchange behind it, for mobiles too, because numbers are ported.
 *
 * @param phoneNumber E.164
 * @param contactTimeZone IANA name, aliases included; null where it is not known. A name that the database does not have
 *   leaves no zone.
 * @returns IANA names; none where nothing is known, and then nobody may be called.
 */
export function possibleZones(phoneNumber: string, contactTimeZone: string | null): readonly string[] {
  if (contactTimeZone !== null) return isTimeZone(contactTimeZone) ? [contactTimeZone] : [];
  const [, areaCode] = /^\+1([2-9]\d{2})[2-9]\d{6}$/.exec(phoneNumber) ?? [];
  if (areaCode) return northAmerica(areaCode);
  const [, firstDigit] = /^\+61(\d)\d{8}$/.exec(phoneNumber) ?? [];
  if (firstDigit) return AUSTRALIA[firstDigit] ?? [];
  const [, country] = /^\+(\d{2})\d{5,13}$/.exec(phoneNumber) ?? [];
  return (country && WHOLE_COUNTRY[country]) || [];
}

function northAmerica(areaCode: string): readonly string[] {
  if (TOLL_FREE_CODES.includes(areaCode)) return TOLL_FREE_ZONES;
  const zone = ONE_ZONE[areaCode];
  return zone ? [zone] : (SEVERAL_ZONES[areaCode] ?? []);
}
