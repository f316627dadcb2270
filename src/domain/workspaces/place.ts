/** Where a workspace is: its country as ISO 3166-1 alpha-2, its time zone as an IANA name. */
export interface Place {
  readonly country: string;
  readonly timeZone: string;
}

/** Where a new workspace is unless it says otherwise. */
const DEFAULT_PLACE: Place = { country: 'US', timeZone: 'America/New_York' };

/**
 * The place of a workspace that told us its time zone at most. The country is the one that the zone belongs to
 * (Unicode CLDR, as the runtime carries it); a zone of no country, such as UTC, keeps the default.
 */
export function placeOf(timeZone: string | null | undefined): Place {
  if (!timeZone) return DEFAULT_PLACE;
  return { timeZone, country: countryOfZone().get(canonicalZone(timeZone)) ?? DEFAULT_PLACE.country };
}

const canonicalZone = (timeZone: string) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;

let countries: ReadonlyMap<string, string> | undefined;

/** Asked for at registration alone, so the 676 possible regions are read when first needed. */
function countryOfZone(): ReadonlyMap<string, string> {
  if (countries) return countries;
  const found = new Map<string, string>();
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  for (const pair of letters.flatMap((first) => letters.map((second) => first + second))) {
    // ECMA-402 Locale Info: in Node 26 and not yet in its types.
    const locale = new Intl.Locale(`und-${pair}`) as Intl.Locale & { getTimeZones(): string[] | undefined };
    // A withdrawn code such as DD comes back as its successor.
    if (locale.region === pair) for (const zone of locale.getTimeZones() ?? []) found.set(canonicalZone(zone), pair);
  }
  countries = found;
  return found;
}
