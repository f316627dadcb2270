import { chargeCallJob, keepRecordedMessageJob, mailMessageJob, summarizeCallJob } from './after-call.ts';
import { followBookingJob, mailLostCalendarJob, revokeConsentJob, syncCalendarJob, syncCalendarsJob } from './calendar.ts';
import { reapCallsJob, reconcileCallJob } from './calls.ts';
import { lookAfterCampaignsJob, runCampaignJob, settleAttemptJob } from './campaigns.ts';
import { type RegisteredJob, registered, type WorkerApp } from './job.ts';
import { applyPaymentsJob, recoverPaymentsJob, refreshPurchaseJob, refreshSubscriptionJob, reportSecondsJob, syncPaymentsJob } from './payments.ts';
import { checkLinesJob, giveBackNumberJob, reconcilePurchasesJob } from './phone-lines.ts';
import { openSubscriptionJob } from './plans.ts';
import { fetchRecordingJob, sweepRecordingsJob } from './recordings.ts';
import { shareRentalJob } from './rental.ts';
import { schedules } from './schedule.ts';
import { placeScheduledCallJob, sweepScheduledCallsJob } from './scheduled-calls.ts';

/** Every job that a worker runs. */
export const jobs: readonly RegisteredJob[] = [
  registered(openSubscriptionJob),
  registered(reapCallsJob),
  registered(reconcileCallJob),
  registered(summarizeCallJob),
  registered(chargeCallJob),
  registered(keepRecordedMessageJob),
  registered(mailMessageJob),
  registered(fetchRecordingJob),
  registered(sweepRecordingsJob),
  registered(shareRentalJob),
  registered(syncCalendarsJob),
  registered(syncCalendarJob),
  registered(followBookingJob),
  registered(mailLostCalendarJob),
  registered(revokeConsentJob),
  registered(reconcilePurchasesJob),
  registered(checkLinesJob),
  registered(giveBackNumberJob),
  registered(placeScheduledCallJob),
  registered(sweepScheduledCallsJob),
  registered(applyPaymentsJob),
  registered(refreshSubscriptionJob),
  registered(refreshPurchaseJob),
  registered(syncPaymentsJob),
  registered(recoverPaymentsJob),
  registered(reportSecondsJob),
  registered(runCampaignJob),
  registered(settleAttemptJob),
  registered(lookAfterCampaignsJob),
];

/** Takes on all jobs and puts the recurring ones on the clock; both end when the queue is disposed of. */
export async function startWorker(app: WorkerApp): Promise<void> {
  for (const job of jobs) await app.jobs.work(job.name, (data, signal) => job.run(app, data, signal));
  for (const { job, cron } of schedules) await app.jobs.schedule(job, cron);
}
