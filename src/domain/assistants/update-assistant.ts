import type { TenantDb } from '../../db/tenant.ts';
import type { Assistant, Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { parseInput } from '../../kit/parse.ts';
import { type AssistantChange, assistantChange } from './assistant.ts';
import { type BookingPolicyChange, bookingPolicyChange } from './booking-policy.ts';
import { readTransfer } from './read-transfer.ts';

const noSuchAssistant = (...path: string[]) => refuse('NOT_FOUND', 'There is no such assistant.', ['input', ...path]);

/**
 * Changes an assistant. What is left out stays; null clears what may be empty. Calls that are running keep the
 * assistant as it was when they began, and bookings keep their times.
 *
 * @returns the changed assistant, or NOT_FOUND, or one INVALID problem for each field that cannot be taken.
 */
export async function updateAssistant(app: { db: TenantDb; clock: Clock }, { id, ...input }: { id: string } & AssistantChange): Promise<Result<Assistant>> {
  const parsed = parseInput(assistantChange, input);
  if (!parsed.ok) return parsed;
  const transfer = await readTransfer(app.db, parsed.value.transferTo);
  if (!transfer.ok) return transfer;
  return (await change(app, id, { ...parsed.value, transferTo: transfer.value })) ?? noSuchAssistant('id');
}

/**
 * Changes how an assistant's appointments are cut and how many may share a time. Bookings that stand are kept, also
 * where there are now more of them than the policy allows.
 *
 * @returns the changed assistant, or NOT_FOUND, or one INVALID problem for each field that cannot be taken.
 */
export async function updateBookingPolicy(
  app: { db: TenantDb; clock: Clock },
  { assistantId, ...input }: { assistantId: string } & BookingPolicyChange,
): Promise<Result<Assistant>> {
  const parsed = parseInput(bookingPolicyChange, input);
  if (!parsed.ok) return parsed;
  const { mode, ...numbers } = parsed.value;
  return (await change(app, assistantId, { ...numbers, bookingMode: mode })) ?? noSuchAssistant('assistantId');
}

async function change({ db, clock }: { db: TenantDb; clock: Clock }, id: string, data: Prisma.AssistantUncheckedUpdateManyInput) {
  const [row] = await db.assistant.updateManyAndReturn({ where: { id, deletedAt: null }, data: { ...data, updatedAt: clock.now() } });
  return row ? ok(row) : null;
}
