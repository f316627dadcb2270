import { z } from 'zod';
import type { CallingHours } from '../contacts/quiet-hours.ts';

const days = z.array(z.enum(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']));

/** The hours of a campaign's row. */
export const hoursOf = (row: { readonly callingFrom: string; readonly callingTo: string; readonly callingDays: unknown }): CallingHours => ({
  from: row.callingFrom,
  to: row.callingTo,
  days: days.parse(row.callingDays),
});
