import { z } from 'zod';
import type { TenantDb } from '../../db/tenant.ts';
import type { ConsentBasis, Contact } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';

export interface NewContact {
  readonly name: string | null;
  /** E.164. */
  readonly phoneNumber: string;
  readonly email: string | null;
  readonly timeZone: string | null;
  readonly consent: ConsentBasis;
  readonly attributes: readonly Attribute[];
}

export type Attribute = z.infer<typeof attribute>;
const attribute = z.object({ key: z.string(), value: z.string() });
/** As the row has them. */
export const attributes = z.array(attribute);

const RANK: Readonly<Record<ConsentBasis, number>> = { NONE: 0, EXPRESS: 1, EXPRESS_WRITTEN: 2 };

/**
 * Keeps people: new ones are made, of known numbers the empty fields are filled and the attributes added. A consent is
 * never lowered by it.
 *
 * @returns the ids in the order of the people, and how many are new.
 */
export async function saveContacts({ db, clock }: { db: TenantDb; clock: Clock }, people: readonly NewContact[]): Promise<{ ids: string[]; created: number }> {
  const now = clock.now();
  const workspaceId = db.$workspaceId;
  return db.$transaction(async (tx) => {
    // In one order for everybody, so that two imports at once wait for each other and never in a circle.
    const sorted = people.toSorted((one, other) => (one.phoneNumber < other.phoneNumber ? -1 : 1));
    const rows = sorted.map(({ name, phoneNumber, email, timeZone, consent, attributes: extra }) => ({
      id: newId(),
      workspaceId,
      name,
      phoneNumber,
      email,
      timeZone,
      consent,
      attributes: extra.map(({ key, value }) => ({ key, value })),
      createdAt: now,
      updatedAt: now,
    }));
    // The number is unique in the workspace: of two imports at once, one makes the row and both find it.
    const { count } = await tx.contact.createMany({ data: rows, skipDuplicates: true });
    const made = new Set(rows.map(({ id }) => id));
    const found = await tx.contact.findMany({ where: { workspaceId, phoneNumber: { in: people.map(({ phoneNumber }) => phoneNumber) } } });
    const byNumber = new Map(found.map((contact) => [contact.phoneNumber, contact]));
    for (const person of sorted) {
      const contact = byNumber.get(person.phoneNumber);
      const change = contact && !made.has(contact.id) ? filled(contact, person) : {};
      if (contact && Object.keys(change).length > 0) await tx.contact.update({ where: { id: contact.id, workspaceId }, data: { ...change, updatedAt: now } });
    }
    return { ids: people.flatMap(({ phoneNumber }) => byNumber.get(phoneNumber)?.id ?? []), created: count };
  });
}

/** What a person adds to the row that is there. */
function filled(contact: Contact, person: NewContact) {
  const known = attributes.parse(contact.attributes);
  const added = person.attributes.filter(({ key }) => !known.some((each) => each.key === key));
  return {
    ...(!contact.name && person.name && { name: person.name }),
    ...(!contact.email && person.email && { email: person.email }),
    ...(!contact.timeZone && person.timeZone && { timeZone: person.timeZone }),
    ...(RANK[person.consent] > RANK[contact.consent] && { consent: person.consent }),
    ...(added.length > 0 && { attributes: [...known, ...added] }),
  };
}
