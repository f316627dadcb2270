import { syncCalendarsJob } from './calendar.ts';
import { reapCallsJob } from './calls.ts';
import { lookAfterCampaignsJob } from './campaigns.ts';
import { recoverPaymentsJob, syncPaymentsJob } from './payments.ts';
import { checkLinesJob, reconcilePurchasesJob } from './phone-lines.ts';
import { sweepRecordingsJob } from './recordings.ts';
import { shareRentalJob } from './rental.ts';
import { sweepScheduledCallsJob } from './scheduled-calls.ts';

/** What runs by the clock, in UTC, once over all processes. */
export const schedules: readonly { readonly job: string; readonly cron: string }[] = [
  { job: reapCallsJob.name, cron: '* * * * *' },
  { job: sweepRecordingsJob.name, cron: '*/3 * * * *' },
  { job: syncCalendarsJob.name, cron: '* * * * *' },
  { job: sweepScheduledCallsJob.name, cron: '* * * * *' },
  { job: lookAfterCampaignsJob.name, cron: '* * * * *' },
  { job: reconcilePurchasesJob.name, cron: '* * * * *' },
  { job: checkLinesJob.name, cron: '17 * * * *' },
  { job: syncPaymentsJob.name, cron: '17 * * * *' },
  { job: shareRentalJob.name, cron: '23 2 * * *' },
  { job: recoverPaymentsJob.name, cron: '41 3 * * *' },
];
