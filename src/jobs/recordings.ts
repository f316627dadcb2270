import { z } from 'zod';
import { fetchRecording } from '../domain/calls/recording/fetch-recording.ts';
import { sweepRecordings } from '../domain/calls/recording/sweep-recordings.ts';
import { MINUTE, SECOND } from '../kit/time.ts';
import type { Job } from './job.ts';

const fetchData = z.object({ workspaceId: z.string(), recordingId: z.string(), attempt: z.int().min(1).default(1) });

/** After this the sweep goes on asking. */
const MOST_ATTEMPTS = 8;

/** Brings a recording from the carrier, which may tell of it before it can be had. */
export const fetchRecordingJob: Job<z.infer<typeof fetchData>> = {
  name: 'fetch-recording',
  data: fetchData,
  async run(app, { attempt, ...recording }, signal) {
    if ((await fetchRecording(app, recording, signal)) === 'done' || attempt >= MOST_ATTEMPTS) return;
    const startAfter = new Date(app.clock.now().getTime() + Math.min(2 ** attempt * 2 * SECOND, 5 * MINUTE));
    await app.jobs.enqueue(fetchRecordingJob.name, { ...recording, attempt: attempt + 1 }, { key: recordingKey(recording.recordingId), startAfter });
  },
};

export const recordingKey = (recordingId: string): string => `recording:${recordingId}`;

/** Every few minutes: recordings of which nobody has told. */
export const sweepRecordingsJob: Job<unknown> = {
  name: 'sweep-recordings',
  data: z.unknown(),
  async run(app, _data, signal) {
    const count = await sweepRecordings(app, signal);
    if (count > 0) app.logger.info({ count }, 'looked after recordings of which nobody had told');
  },
};
