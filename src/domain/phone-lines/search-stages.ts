import { areaCodeAt } from './area-codes.ts';

/** Where a number is looked for. Narrower than the port's search by what decides nothing here. */
export interface SearchStage {
  readonly country: string;
  readonly kind: 'LOCAL' | 'MOBILE';
  readonly areaCode?: string;
  readonly region?: string;
}

const MOST_NEIGHBOURS = 4;

/**
 * Where to look for a number, one after the other until there is one: the wished area code, its neighbours, the state
 * or province, the country; where it sells no local numbers, its mobile ones.
 *
 * @param wish.country ISO 3166-1 alpha-2; an area code is of the US or Canada and decides between the two.
 */
export function searchStages({ country, areaCode }: { country: string; areaCode?: string | null }): SearchStage[] {
  const place = areaCode ? areaCodeAt(areaCode) : null;
  const wished = place?.country ?? country;
  const local = { country: wished, kind: 'LOCAL' as const };
  return [
    ...(areaCode ? [{ ...local, areaCode }] : []),
    ...(place?.neighbours ?? []).slice(0, MOST_NEIGHBOURS).map((neighbour) => ({ ...local, areaCode: neighbour })),
    ...(place ? [{ ...local, region: place.region }] : []),
    local,
    { country: wished, kind: 'MOBILE' as const },
  ];
}
