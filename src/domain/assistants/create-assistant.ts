import type { TenantDb } from '../../db/tenant.ts';
import type { Assistant } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { parseInput } from '../../kit/parse.ts';
import { DEFAULT_HOURS, DEFAULT_LANGUAGE, defaultGreeting, type NewAssistant, newAssistant } from './assistant.ts';
import { readTransfer } from './read-transfer.ts';
import { DEFAULT_VOICE } from './voices.ts';

/**
 * Makes an assistant. What is left out has a default: the workspace's time zone, Monday to Friday from nine to five,
 * a greeting with the business's name.
 *
 * @returns the assistant, or one INVALID problem for each field that cannot be taken.
 */
export async function createAssistant({ db, clock }: { db: TenantDb; clock: Clock }, input: NewAssistant): Promise<Result<Assistant>> {
  const parsed = parseInput(newAssistant, input);
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const now = clock.now();
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { name: true, timeZone: true } });
  const transfer = await readTransfer(db, given.transferTo);
  if (!transfer.ok) return transfer;
  const row = await db.assistant.create({
    data: {
      id: newId(),
      workspaceId: db.$workspaceId,
      name: given.name,
      businessName: given.businessName ?? null,
      description: given.description ?? null,
      greeting: given.greeting ?? defaultGreeting(given.businessName ?? workspace.name),
      instructions: given.instructions ?? null,
      voice: given.voice ?? DEFAULT_VOICE,
      tone: given.tone ?? 'FRIENDLY',
      language: given.language ?? DEFAULT_LANGUAGE,
      timeZone: given.timeZone ?? workspace.timeZone,
      hours: [...(given.hours ?? DEFAULT_HOURS)].map((span) => ({ ...span })),
      closedDates: given.closedDates ?? [],
      specialHours: given.specialHours ?? [],
      faqs: given.faqs ?? [],
      otherLanguages: given.otherLanguages ?? [],
      engine: given.engine ?? 'REALTIME',
      transferTo: transfer.value ?? null,
      recordCalls: given.recordCalls ?? false,
      recordingConsent: given.recordingConsent ?? 'SPOKEN',
      voicemailMessage: given.voicemailMessage ?? null,
      createdAt: now,
      updatedAt: now,
    },
  });
  return ok(row);
}
