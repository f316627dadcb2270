import type { RootDb } from '../../../db/client.ts';
import { tenantDb } from '../../../db/tenant.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import { HOUR, SECOND } from '../../../kit/time.ts';
import type { Carrier } from '../../../ports/carrier.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { carrierUrls } from '../carrier-urls.ts';
import { callPlan } from '../plan.ts';
import { carrierSentence } from '../sentences.ts';
import { openTransfer } from './begin-transfer.ts';

export interface RingScope {
  readonly root: RootDb;
  readonly carrier: Carrier;
  readonly config: { readonly publicUrl: string };
}

const RING_MS = 25 * SECOND;
const LONGEST_TALK_MS = 2 * HOUR;

/**
 * The reply that puts a call through, where somebody has asked for it: what follows is in offer-call.ts.
 *
 * @param say what the caller hears before it rings; left out, that they are put through, unless the assistant has told them.
 * @returns null where nobody has asked for it.
 */
export async function ringPerson({ root, carrier, config }: RingScope, call: Call, say?: { say: string; language: string }): Promise<CarrierReply | null> {
  const db = tenantDb(root, call.workspaceId);
  const transfer = await openTransfer({ db }, { callId: call.id });
  if (!transfer) return null;
  await db.callTransfer.updateMany({ where: { id: transfer.id, status: { in: ['REQUESTED', 'ANNOUNCED'] } }, data: { status: 'RINGING' } });
  const urls = carrierUrls(config.publicUrl, carrier.path, call.id).transfer(transfer.id, call.bridgeCount);
  const { language } = callPlan.parse(call.plan);
  const untold = transfer.status === 'REQUESTED' ? carrierSentence(language, ({ puttingThrough }) => puttingThrough) : null;
  return carrier.transfers.transferReply({
    say: say ?? untold,
    to: transfer.to,
    callerId: call.direction === 'INBOUND' ? call.to : call.from,
    ringSeconds: RING_MS / SECOND,
    maximumSeconds: LONGEST_TALK_MS / SECOND,
    offerUrl: transfer.announced ? urls.offer : null,
    answeredUrl: urls.answered,
    doneUrl: urls.done,
  });
}
