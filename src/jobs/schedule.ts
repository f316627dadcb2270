import { syncCalendarsJob } from './calendar.ts';
import { reapCallsJob } from './calls.ts';
import { recoverPaymentsJob, syncPaymentsJob } from './payments.ts';

/** What runs by the clock, in UTC, once over all processes. */
export const schedules: readonly { readonly job: string; readonly cron: string }[] = [
  { job: reapCallsJob.name, cron: '* * * * *' },
  { job: syncCalendarsJob.name, cron: '* * * * *' },
  { job: syncPaymentsJob.name, cron: '17 * * * *' },
  { job: recoverPaymentsJob.name, cron: '41 3 * * *' },
];
