import type { TenantDb } from '../../db/tenant.ts';
import type { ConsentBasis } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Problem, type Result, refused } from '../../kit/errors.ts';
import { readContactNumber } from './contact-number.ts';
import { type Attribute, type NewContact, saveContacts } from './save-contacts.ts';

export interface AddContact {
  readonly name?: string | null;
  /** As people write it; read with the workspace's country. */
  readonly phoneNumber: string;
  readonly email?: string | null;
  /** IANA name. */
  readonly timeZone?: string | null;
  readonly consent?: ConsentBasis | null;
  readonly attributes?: readonly Attribute[] | null;
}

/**
 * Adds people by hand: all of them or, where a number is wrong, none.
 *
 * @returns their ids in order; `INVALID` for each number that is none, with its path.
 */
export async function addContacts({ db, clock }: { db: TenantDb; clock: Clock }, input: { contacts: readonly AddContact[] }): Promise<Result<string[]>> {
  const { country } = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } });
  const problems: Problem[] = [];
  const people: NewContact[] = [];
  for (const [index, given] of input.contacts.entries()) {
    const number = readContactNumber([given.phoneNumber], country);
    if (!number.ok) {
      problems.push({ code: 'INVALID', message: 'This is not a telephone number.', path: ['input', 'contacts', String(index), 'phoneNumber'] });
      continue;
    }
    people.push({
      name: given.name?.trim() || null,
      phoneNumber: number.phoneNumber,
      email: given.email ?? null,
      timeZone: given.timeZone ?? null,
      consent: given.consent ?? 'NONE',
      attributes: given.attributes ?? [],
    });
  }
  if (problems.length > 0) return refused(...problems);
  return ok((await saveContacts({ db, clock }, people)).ids);
}
