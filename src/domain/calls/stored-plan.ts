import type { Prisma } from '../../generated/prisma/client.ts';
import type { CallPlan } from './plan.ts';

/** A plan as the JSON that a call's row keeps. */
export const storedPlan = (plan: CallPlan): Prisma.InputJsonObject => JSON.parse(JSON.stringify(plan));
