/** What we know of somebody on the telephone, and what they say of the appointment they mean. */
export interface Claimant {
  readonly callId: string;
  /** The number they call from, E.164; null where it is withheld. */
  readonly number: string | null;
  /** When they say that the appointment is. */
  readonly startsAt: Date | null;
  /** The name that they say it is under. */
  readonly name: string | null;
}

/** The part of a booking that tells whose it is. */
interface Owned {
  readonly callId: string | null;
  readonly customerPhone: string | null;
  readonly customerName: string;
  readonly startsAt: Date;
}

export type OwnBooking<T> =
  | { readonly found: T }
  /** All of them theirs: one has to be named. */
  | { readonly several: readonly T[] }
  /** `WHO_AND_WHEN`: they have not said enough. `NO_MATCH`: nothing is under that name at that time, or it is not for them to know. */
  | { readonly none: 'WHO_AND_WHEN' | 'NO_MATCH' };

/**
 * Which booking somebody on the telephone may move or cancel. It is theirs when they call from the number that stands in
 * it, or booked it in this very call; else they must name both its time and the name it is under. A name alone opens
 * nothing, so that nobody learns from us who comes when.
 *
 * @param bookings those of the assistant that are still to come.
 */
export function ownBooking<T extends Owned>(bookings: readonly T[], claimant: Claimant): OwnBooking<T> {
  const { callId, number, startsAt, name } = claimant;
  const at = startsAt ? bookings.filter((booking) => booking.startsAt.getTime() === startsAt.getTime()) : bookings;
  const theirs = at.filter((booking) => booking.callId === callId || (number !== null && booking.customerPhone === number));
  const [first] = theirs;
  if (first && theirs.length === 1) return { found: first };
  if (first) {
    const named = theirs.filter((booking) => name !== null && isNamed(name, booking.customerName));
    const [only] = named;
    return only && named.length === 1 ? { found: only } : { several: theirs };
  }
  if (!startsAt || name === null) return { none: 'WHO_AND_WHEN' };
  const named = at.filter((booking) => isNamed(name, booking.customerName));
  const [only] = named;
  return only && named.length === 1 ? { found: only } : { none: 'NO_MATCH' };
}

/**
 * Whether a name that was said is the one that was booked: all of what was booked, in any order, or at least two parts
 * of it. Case, accents, titles and punctuation do not count.
 */
export function isNamed(said: string, booked: string): boolean {
  const [these, those] = [nameParts(said), nameParts(booked)];
  if (these.size === 0 || those.size === 0) return false;
  return isWithin(those, these) || (these.size >= 2 && isWithin(these, those));
}

const isWithin = (part: ReadonlySet<string>, whole: ReadonlySet<string>) => [...part].every((word) => whole.has(word));

const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'prof', 'herr', 'frau']);

function nameParts(name: string): Set<string> {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return new Set((plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((part) => !TITLES.has(part)));
}
