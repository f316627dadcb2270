import type { TenantDb } from '../../db/tenant.ts';
import type { ConsentBasis } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import type { ContactColumns } from './contact-columns.ts';
import { BrokenFile, type Delimiter, type Encoding, openContactFile } from './contact-file.ts';
import { ContactList, type ListedContact, type ListLine } from './contact-list.ts';
import { saveContacts } from './save-contacts.ts';

export interface ImportContacts {
  readonly bytes: Uint8Array;
  /** What the columns mean, by their names in the file; guessed where it is not told. */
  readonly columns?: Partial<ContactColumns> | null;
  /** To what the people of the list have agreed. */
  readonly consent?: ConsentBasis | null;
  /** A column that says it line by line: `EXPRESS`, `EXPRESS_WRITTEN`, `NONE`; yes and no are EXPRESS and NONE. */
  readonly consentColumn?: string | null;
  /** Reads and tells, and keeps nothing: to look at the columns first. */
  readonly dryRun?: boolean | null;
}

export interface RejectedLine {
  readonly line: number;
  readonly reason: 'MISSING_NUMBER' | 'NOT_A_NUMBER' | 'INVALID_NUMBER' | 'UNREADABLE';
  /** The cell as it stands; of a line that cannot be read, why. */
  readonly value: string;
}

export interface ImportedContacts {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly header: readonly string[];
  readonly columns: ContactColumns;
  /** Contacts that are new, and those of which the workspace knew the number. */
  readonly created: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly rejected: readonly RejectedLine[];
  /** Of all that were accepted, in the file's order. */
  readonly contactIds: readonly string[];
}

const LARGEST_FILE = 20 * 1024 * 1024;
const MOST_LINES = 100_000;
const BATCH = 1_000;

/**
 * Reads a list of contacts into the workspace: good lines are kept, each bad one is told with its number and reason. A
 * number that the workspace knows is the same person, whose empty fields are filled.
 *
 * @returns what came of it; `FILE_REJECTED` where the file as a whole cannot be used (too large, empty, no column of
 *   numbers), `INVALID` where a named column is not in it.
 */
export async function importContacts({ db, clock }: { db: TenantDb; clock: Clock }, input: ImportContacts): Promise<Result<ImportedContacts>> {
  if (input.bytes.length > LARGEST_FILE) return refuse('FILE_REJECTED', 'The file is larger than 20 MiB.', ['input', 'csv']);
  const { country } = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } });
  const file = openContactFile(input.bytes);
  const list = new ContactList({ country, columns: input.columns ?? null });
  const kept: ListedContact[] = [];
  const merged: ListedContact[] = [];
  const rejected: RejectedLine[] = [];
  let ignored = 0;
  const take = (line: ListLine) => {
    if (line.type === 'contact') kept.push(line.contact);
    else if (line.type === 'duplicate') merged.push(line.contact);
    else if (line.type === 'ignored') ignored += 1;
    else rejected.push({ line: line.line, reason: line.reason, value: line.value });
  };
  try {
    for await (const line of list.read(file.records())) {
      if (kept.length + merged.length + rejected.length >= MOST_LINES) {
        return refuse('FILE_REJECTED', `The file has more than ${MOST_LINES} lines; please divide it.`, ['input', 'csv']);
      }
      take(line);
    }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    rejected.push({ line: error.line, reason: 'UNREADABLE', value: error.message });
  }
  if (list.header.length === 0) return refuse('FILE_REJECTED', 'The file is empty.', ['input', 'csv']);
  if (list.columns.phone.length === 0) {
    return refuse('FILE_REJECTED', `No column holds telephone numbers. Its columns are: ${list.header.join(', ')}.`, ['input', 'csv']);
  }
  const unknown = [...(input.columns?.phone ?? []), ...(input.columns?.name ?? []), input.columns?.email, input.consentColumn].find(
    (name) => name && !list.header.includes(name),
  );
  if (unknown) return refuse('INVALID', `The file has no column “${unknown}”. Its columns are: ${list.header.join(', ')}.`, ['input', 'columns']);

  const consentOf = (contact: ListedContact): ConsentBasis => {
    const said = input.consentColumn && contact.attributes.find(({ key }) => key === input.consentColumn?.trim())?.value;
    return said ? consentSaid(said) : (input.consent ?? 'NONE');
  };
  let created = 0;
  const contactIds: string[] = [];
  if (!input.dryRun) {
    const all = [...kept, ...merged].map((contact) => ({ ...contact, consent: consentOf(contact) }));
    const first = all.slice(0, kept.length);
    for (let at = 0; at < first.length; at += BATCH) {
      const saved = await saveContacts({ db, clock }, first.slice(at, at + BATCH));
      created += saved.created;
      contactIds.push(...saved.ids);
    }
    // What an earlier line lacks is taken from a later one of the same number.
    for (let at = kept.length; at < all.length; at += BATCH) await saveContacts({ db, clock }, all.slice(at, at + BATCH));
  }
  return ok({
    encoding: file.encoding,
    delimiter: file.delimiter,
    header: list.header,
    columns: list.columns,
    created,
    updated: contactIds.length - created,
    duplicates: merged.length,
    ignored,
    rejected,
    contactIds,
  });
}

function consentSaid(text: string): ConsentBasis {
  const plain = text
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  if (plain === 'EXPRESS_WRITTEN' || plain === 'WRITTEN') return 'EXPRESS_WRITTEN';
  return /^(?:EXPRESS|ORAL|YES|Y|TRUE|1|X|JA|J|OUI|SI|SÍ|SIM)$/.test(plain) ? 'EXPRESS' : 'NONE';
}
