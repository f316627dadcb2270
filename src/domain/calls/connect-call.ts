import type { Call } from '../../generated/prisma/client.ts';
import type { CarrierReply } from '../../ports/carrier-webhook.ts';
import { carrierUrls } from './carrier-urls.ts';
import { beginGather } from './gather/begin-gather.ts';
import type { GatherScope } from './gather/gather-scope.ts';
import { signMediaToken } from './media-token.ts';
import { carrierSentence } from './sentences.ts';

export interface ConnectScope extends GatherScope {
  readonly config: GatherScope['config'] & { readonly mediaPublicUrl: string; readonly secretKeys: readonly [string, ...string[]] };
}

/** Said where we cannot go on; by the carrier's own voice, because no assistant is there to say it. */
export const APOLOGY = carrierSentence('en-US', ({ apology }) => apology);

/**
 * The reply that joins a call to a bridge; or the next turn of one that goes by the carrier's own speech.
 *
 * @param attempt how many times in a row no bridge was had, this one included if it fails.
 */
export async function connectCall(scope: ConnectScope, call: Call, attempt: number): Promise<CarrierReply> {
  if (call.engine === 'GATHER') return beginGather(scope, call);
  const { clock, carrier, config } = scope;
  const grant = { callId: call.id, workspaceId: call.workspaceId, bridgeCount: call.bridgeCount };
  const token = await signMediaToken({ secretKeys: config.secretKeys, clock }, grant);
  const mediaUrl = `${config.mediaPublicUrl}/media/${carrier.path}`;
  return carrier.connectReply({ mediaUrl, token, resumeUrl: carrierUrls(config.publicUrl, carrier.path, call.id).resume(attempt, call.bridgeCount) });
}
