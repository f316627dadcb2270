import { areaCodeAt } from '../phone-lines/area-codes.ts';

/** A number that may be called from. */
export interface PoolLine {
  readonly id: string;
  /** E.164 */
  readonly phoneNumber: string;
  readonly isPrimary: boolean;
  /** How many calls were placed from it within a day. */
  readonly callsToday: number;
}

const areaOf = (phoneNumber: string): string | null => /^\+1([2-9]\d{2})[2-9]\d{6}$/.exec(phoneNumber)?.[1] ?? null;
const regionOf = (phoneNumber: string): string | null => {
  const area = areaOf(phoneNumber);
  return (area && areaCodeAt(area)?.region) || null;
};

/** How near a line is to a number: the same area code, the same state or province, the same country, none of these. */
function distance(line: string, to: string): number {
  const [area, region] = [areaOf(to), regionOf(to)];
  if (area !== null && areaOf(line) === area) return 0;
  if (region !== null && regionOf(line) === region) return 1;
  return (area !== null) === (areaOf(line) !== null) ? 2 : 3;
}

/**
 * The number that somebody is called from: of those that have not been used up for the day the nearest to theirs, then
 * the campaign's own, the primary one, and the one that was used least.
 *
 * @param most calls a day from one number; 0: no limit.
 * @returns null where all are used up, or there is none.
 */
export function chooseLine(
  lines: readonly PoolLine[],
  { to, campaignLineId, most }: { to: string; campaignLineId: string | null; most: number },
): PoolLine | null {
  const free = lines.filter(({ callsToday }) => most === 0 || callsToday < most);
  const rank = (line: PoolLine) => [distance(line.phoneNumber, to), line.id === campaignLineId ? 0 : 1, line.isPrimary ? 0 : 1, line.callsToday];
  const [best] = free.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    const at = a.findIndex((value, index) => value !== b[index]);
    return at === -1 ? (one.id < other.id ? -1 : 1) : (a[at] ?? 0) - (b[at] ?? 0);
  });
  return best ?? null;
}
