import { z } from 'zod';
import { checkLines } from '../domain/phone-lines/check-lines.ts';
import { giveBackNumber } from '../domain/phone-lines/give-back-number.ts';
import { reconcilePurchases } from '../domain/phone-lines/reconcile-purchases.ts';
import type { Job } from './job.ts';

/** Every minute: orders of numbers whose answer was lost. */
export const reconcilePurchasesJob: Job<unknown> = {
  name: 'reconcile-purchases',
  data: z.unknown(),
  run: (app, _data, signal) => reconcilePurchases(app, signal),
};

/** Every hour: whether our lines are what the carrier holds for us. */
export const checkLinesJob: Job<unknown> = { name: 'check-lines', data: z.unknown(), run: (app) => checkLines(app) };

const numberData = z.object({ carrierNumberId: z.string() });

export const giveBackNumberJob: Job<z.infer<typeof numberData>> = {
  name: 'give-back-number',
  data: numberData,
  run: (app, data) => giveBackNumber(app, data),
};

export const numberKey = (carrierNumberId: string): string => `number:${carrierNumberId}`;
