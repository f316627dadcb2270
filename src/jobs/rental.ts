import { z } from 'zod';
import { shareRental } from '../domain/calls/costs/share-rental.ts';
import type { Job } from './job.ts';

/** Once a day: what the numbers cost, shared out among their calls. */
export const shareRentalJob: Job<unknown> = {
  name: 'share-rental',
  data: z.unknown(),
  async run(app, _data, signal) {
    const count = await shareRental(app, signal);
    if (count > 0) app.logger.info({ count }, 'shared out what numbers cost among their calls');
  },
};
