import { DAY } from '../../../kit/time.ts';

/** A day of UTC. */
export interface RentDay {
  readonly from: Date;
  readonly to: Date;
}

/** The days before this instant, the newest first. */
export function daysBefore(now: Date, count: number): RentDay[] {
  const today = Math.floor(now.getTime() / DAY) * DAY;
  return Array.from({ length: count }, (_, back) => ({ from: new Date(today - (back + 1) * DAY), to: new Date(today - back * DAY) }));
}

/** What a number costs a day: a twelfth of a year each month, in millionths. */
export const rentOfDay = (monthlyMicros: number): bigint => BigInt(Math.round((monthlyMicros * 12) / 365));

/** An amount in parts that differ by one millionth at most, and add up to it. */
export function evenShares(micros: bigint, among: number): bigint[] {
  const [share, left] = [micros / BigInt(among), Number(micros % BigInt(among))];
  return Array.from({ length: among }, (_, index) => (index < left ? share + 1n : share));
}
