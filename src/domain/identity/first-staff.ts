import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';
import { hashPassword } from './password.ts';

/**
 * Makes the first of the platform's staff, who can make others; nothing where there is one. An account that somebody
 * else has opened under the address becomes staff's with the password given here alone: its sign-ins are ended.
 *
 * @param person.email lower case
 */
export async function makeFirstStaff(app: {
  root: RootDb;
  clock: Clock;
  events: EventSink;
  config: { readonly staff: { readonly email: string; readonly password: string } | null };
}): Promise<void> {
  const { staff } = app.config;
  if (!staff || (await app.root.user.findFirst({ where: { isStaff: true }, select: { id: true } }))) return;
  const now = app.clock.now();
  const data = { passwordHash: await hashPassword(staff.password), isStaff: true };
  await transact({ db: app.root, events: app.events }, async (tx, emit) => {
    // Of processes that start together one makes it, and the others find it made.
    const { count } = await tx.user.createMany({ data: [{ id: newId(), email: staff.email, createdAt: now, ...data }], skipDuplicates: true });
    if (count === 1) return;
    const { id } = await tx.user.update({ where: { email: staff.email }, data, select: { id: true } });
    const signIns = await tx.session.findMany({ where: { userId: id, endedAt: null }, select: { id: true } });
    await tx.session.updateMany({ where: { userId: id, endedAt: null }, data: { endedAt: now, endReason: 'made-staff' } });
    for (const signIn of signIns) emit({ type: 'SessionEnded', sessionId: signIn.id });
  });
}
