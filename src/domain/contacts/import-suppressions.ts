import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { BrokenFile, openContactFile } from './contact-file.ts';
import { ContactList } from './contact-list.ts';
import type { RejectedLine } from './import-contacts.ts';
import { suppress } from './suppress-number.ts';

const LARGEST_FILE = 20 * 1024 * 1024;
const BATCH = 5_000;

export interface ImportedSuppressions {
  readonly suppressed: number;
  readonly alreadySuppressed: number;
  readonly rejected: readonly RejectedLine[];
}

/**
 * Reads a list of numbers that must not be called, as another program exports it. Every number that can be read counts,
 * also where the rest of the file is broken.
 *
 * @param input.source what the list is called, e.g. its file name.
 * @returns what came of it; `FILE_REJECTED` where no column holds numbers.
 */
export async function importSuppressions(
  { db, clock }: { db: TenantDb; clock: Clock },
  input: { bytes: Uint8Array; source: string },
): Promise<Result<ImportedSuppressions>> {
  if (input.bytes.length > LARGEST_FILE) return refuse('FILE_REJECTED', 'The file is larger than 20 MiB.', ['input', 'csv']);
  const { country } = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } });
  const list = new ContactList({ country });
  const numbers: string[] = [];
  const rejected: RejectedLine[] = [];
  try {
    for await (const line of list.read(openContactFile(input.bytes).records())) {
      if (line.type === 'contact') numbers.push(line.contact.phoneNumber);
      else if (line.type === 'rejected') rejected.push({ line: line.line, reason: line.reason, value: line.value });
    }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    rejected.push({ line: error.line, reason: 'UNREADABLE', value: error.message });
  }
  if (list.columns.phone.length === 0) return refuse('FILE_REJECTED', 'No column of the file holds telephone numbers.', ['input', 'csv']);
  let suppressed = 0;
  for (let at = 0; at < numbers.length; at += BATCH) {
    const batch = numbers.slice(at, at + BATCH);
    suppressed += await suppress(db, { workspaceId: db.$workspaceId, numbers: batch, reason: 'IMPORTED', source: input.source, at: clock.now() });
  }
  return ok({ suppressed, alreadySuppressed: numbers.length - suppressed, rejected });
}
