import { z } from 'zod';

export const BOOKING_MODES = ['STRICT', 'FLEXIBLE', 'UNLIMITED'] as const;

/** How an assistant's appointments are cut and how many may share a time. */
export interface BookingPolicy {
  readonly mode: (typeof BOOKING_MODES)[number];
  readonly employeeCount: number;
  readonly maxConcurrentBookings: number;
  /** People may book a full slot; the assistant on the phone never does. */
  readonly allowOverbooking: boolean;
  readonly slotMinutes: number;
  /** Kept free after each appointment. */
  readonly bufferMinutes: number;
  readonly minimumNoticeMinutes: number;
  readonly maximumDaysAhead: number;
}

/** The part of an assistant's row that a policy is. */
export type BookingPolicyColumns = Omit<BookingPolicy, 'mode'> & { readonly bookingMode: BookingPolicy['mode'] };

export const policyOf = (row: BookingPolicyColumns): BookingPolicy => ({
  mode: row.bookingMode,
  employeeCount: row.employeeCount,
  maxConcurrentBookings: row.maxConcurrentBookings,
  allowOverbooking: row.allowOverbooking,
  slotMinutes: row.slotMinutes,
  bufferMinutes: row.bufferMinutes,
  minimumNoticeMinutes: row.minimumNoticeMinutes,
  maximumDaysAhead: row.maximumDaysAhead,
});

/** How many appointments may run at one time; null where there is no limit. */
export function capacityOf(policy: Pick<BookingPolicy, 'mode' | 'employeeCount' | 'maxConcurrentBookings'>): number | null {
  if (policy.mode === 'UNLIMITED') return null;
  return policy.mode === 'STRICT' ? 1 : Math.min(policy.employeeCount, policy.maxConcurrentBookings);
}

const whole = (what: string, least: number, most: number, unit = '') => {
  const message = `${what} is a whole number from ${least} to ${most}${unit}.`;
  return z
    .int(message)
    .min(least, message)
    .max(most, message)
    .nullish()
    .transform((value) => value ?? undefined);
};

/** A change of a policy: what is not given, or null, stays as it is. */
export const bookingPolicyChange = z.object({
  mode: z
    .enum(BOOKING_MODES, 'The mode is STRICT, FLEXIBLE or UNLIMITED.')
    .nullish()
    .transform((value) => value ?? undefined),
  employeeCount: whole('The number of employees', 1, 50),
  maxConcurrentBookings: whole('The number of bookings at one time', 1, 50),
  allowOverbooking: z
    .boolean()
    .nullish()
    .transform((value) => value ?? undefined),
  slotMinutes: whole('The length of an appointment', 5, 480, ' minutes'),
  bufferMinutes: whole('The pause after an appointment', 0, 240, ' minutes'),
  minimumNoticeMinutes: whole('The minimum notice', 0, 43_200, ' minutes (30 days)'),
  maximumDaysAhead: whole('How far ahead appointments can be made', 1, 365, ' days'),
});

export type BookingPolicyChange = z.input<typeof bookingPolicyChange>;
