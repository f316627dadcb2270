/** A number that is on sale. All are from the ranges that are set aside for fiction. */
export interface Offer {
  readonly phoneNumber: string;
  readonly country: string;
  readonly kind: OfferKind;
  readonly locality: string | null;
  readonly region: string | null;
  /** What the country wants before it is sold. */
  readonly needs: 'nothing' | 'address' | 'papers';
  readonly sms: boolean;
}

export type OfferKind = 'Local' | 'TollFree' | 'Mobile';

/** Towns by area code. Others are sold too, without a town. */
const TOWNS: Readonly<Record<string, readonly [locality: string, region: string]>> = {
  206: ['Seattle', 'WA'],
  303: ['Denver', 'CO'],
  305: ['Miami', 'FL'],
  312: ['Chicago', 'IL'],
  404: ['Atlanta', 'GA'],
  415: ['San Francisco', 'CA'],
  512: ['Austin', 'TX'],
  617: ['Boston', 'MA'],
  628: ['San Francisco', 'CA'],
  646: ['New York', 'NY'],
  702: ['Las Vegas', 'NV'],
};
const CANADIAN_TOWNS: typeof TOWNS = { 416: ['Toronto', 'ON'], 514: ['Montreal', 'QC'], 604: ['Vancouver', 'BC'] };

/** Nobody sells numbers of Manhattan any more, and Washington's belong to the people of the lab. */
const SOLD_OUT = ['212', '202'];
const AREA_CODE = /^[2-9](?!11)[0-8]\d$/;
const TOLL_FREE_CODES = ['833', '844', '855'];

const digits = (count: number, width: number): string[] => Array.from({ length: count }, (_, index) => String(index).padStart(width, '0'));

function* northAmerica(country: string, areaCodes: readonly string[], towns: typeof TOWNS): Generator<Offer> {
  for (const areaCode of areaCodes) {
    const [locality, region] = towns[areaCode] ?? [null, null];
    for (const last of digits(100, 2))
      yield { phoneNumber: `+1${areaCode}55501${last}`, country, kind: 'Local', locality, region, needs: 'nothing', sms: true };
  }
}

const plain = (country: string, kind: OfferKind, prefix: string, width: number, more: Partial<Offer> = {}): Offer[] =>
  digits(100, width).map((last) => ({
    phoneNumber: prefix + last,
    country,
    kind,
    locality: null,
    region: null,
    needs: 'nothing',
    sms: kind === 'Mobile',
    ...more,
  }));

/**
 * What a country sells of a kind; null where it sells none.
 *
 * @param areaCode of the US and Canada: only its numbers.
 */
export function shelf(country: string, kind: OfferKind, areaCode: string | null): Iterable<Offer> | null {
  switch (`${country} ${kind}`) {
    case 'US Local':
      return northAmerica(country, areaCode ? sellable(areaCode, CANADIAN_TOWNS) : Object.keys(TOWNS), TOWNS);
    case 'CA Local':
      return northAmerica(country, areaCode ? sellable(areaCode, TOWNS) : Object.keys(CANADIAN_TOWNS), CANADIAN_TOWNS);
    case 'US TollFree':
    case 'CA TollFree':
      return TOLL_FREE_CODES.flatMap((code) => plain(country, 'TollFree', `+1${code}55501`, 2));
    case 'GB Local':
      return plain(country, kind, '+442079460', 3, { locality: 'London' });
    case 'GB Mobile':
      return plain(country, kind, '+447700900', 3);
    case 'AU Local':
      return plain(country, kind, '+61255501', 3, { locality: 'Sydney' });
    case 'DE Local':
      return plain(country, kind, '+493023125', 3, { locality: 'Berlin', needs: 'address' });
    case 'FR Local':
      return plain(country, kind, '+331990012', 2, { locality: 'Paris', needs: 'papers' });
    default:
      return null;
  }
}

const sellable = (areaCode: string, others: typeof TOWNS): string[] =>
  AREA_CODE.test(areaCode) && !SOLD_OUT.includes(areaCode) && !(areaCode in others) ? [areaCode] : [];
