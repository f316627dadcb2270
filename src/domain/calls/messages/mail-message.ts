import { transact } from '../../../db/transaction.ts';
import type { Mailer } from '../../../ports/mailer.ts';
import type { CallScope } from '../advance-call.ts';
import type { TokenScope } from '../media-token.ts';
import { recordingLink, SPOKEN_MESSAGE } from '../recording/recording-link.ts';
import { messageMail } from './message-letters.ts';

export interface MailMessageScope extends CallScope {
  readonly mailer: Mailer;
  readonly config: { readonly frontendUrl: string; readonly publicUrl: string; readonly secretKeys: TokenScope['secretKeys'] };
}

/**
 * Tells the owners of the workspace of a message, each by one mail. That they were told is noted in the transaction in
 * which the mails are sent: two that run at once send them once, and one that fails is tried again under the same keys.
 */
export async function mailMessage(scope: MailMessageScope, { messageId }: { messageId: string }): Promise<void> {
  const { db, clock, mailer, config } = scope;
  const message = await db.message.findFirst({
    where: { id: messageId, mailedAt: null },
    include: { workspace: true, call: { include: { assistant: { select: { businessName: true, timeZone: true } } } } },
  });
  if (!message) return;
  const { workspace, call } = message;
  const owners = await db.membership.findMany({ where: { role: 'OWNER' }, include: { user: true }, orderBy: { createdAt: 'asc' } });
  const spoken = { recordingId: SPOKEN_MESSAGE + message.id, workspaceId: workspace.id };
  const place = {
    business: call.assistant?.businessName ?? workspace.name,
    timeZone: call.assistant?.timeZone ?? workspace.timeZone,
    frontendUrl: config.frontendUrl,
    audioUrl: message.audioBlobKey === null ? null : await recordingLink({ config, clock }, spoken),
  };
  await transact(scope, async (tx) => {
    const { count } = await tx.message.updateMany({ where: { id: messageId, mailedAt: null }, data: { mailedAt: clock.now() } });
    if (count === 0) return;
    for (const { userId, user } of owners) await mailer.send(messageMail(message, place, { userId, address: user.email, name: user.name }));
  });
}
