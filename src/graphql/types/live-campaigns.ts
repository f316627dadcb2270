import { campaignProgress, type CampaignProgress as ProgressShape } from '../../domain/campaigns/campaign-progress.ts';
import { isCampaignOver } from '../../domain/campaigns/campaign-state.ts';
import type { CampaignContact as CampaignContactRow, Campaign as CampaignRow } from '../../generated/prisma/client.ts';
import { createClock } from '../../kit/clock.ts';
import { Fault } from '../../kit/errors.ts';
import { SECOND } from '../../kit/time.ts';
import { followLatest } from '../../realtime/follow-latest.ts';
import { followRows } from '../../realtime/follow-rows.ts';
import { listen, type Wake } from '../../realtime/replay.ts';
import { campaignContactsTopic, campaignTopic, type IdsMessage } from '../../realtime/topics.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { live } from '../live.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { CampaignProgress } from './campaign-progress.ts';
import { CampaignContact } from './campaigns.ts';

/** Four a second at most, of real time: it is a client that reads along. */
const PAUSE_MS = SECOND / 4;
const realTime = createClock();
/** So many rows make the present state at most. */
const PRESENT = 1_000;

builder.subscriptionFields((t) => ({
  campaignProgress: t.field({
    type: CampaignProgress,
    description:
      'How far a campaign is: first as it is, then as it moves on, at most four a second, the last one always delivered. Ends when the campaign is over. NOT_FOUND where the workspace has no such campaign.',
    args: { campaignId: t.arg.globalID({ required: true, description: 'The campaign to follow.' }) },
    subscribe: async (_root, { campaignId }, context) => followProgress(context, await campaignOf(context, campaignId)),
    resolve: (progress: ProgressShape) => progress,
  }),
  campaignContact: t.field({
    type: CampaignContact,
    description:
      'Each person of the campaign as their state changes. First as they are: those being called and those who changed last, 1,000 at most. NOT_FOUND where the workspace has no such campaign.',
    args: { campaignId: t.arg.globalID({ required: true, description: 'The campaign to follow.' }) },
    subscribe: async (_root, { campaignId }, context) => followContacts(context, await campaignOf(context, campaignId)),
    resolve: (contact: CampaignContactRow) => contact,
  }),
}));

async function campaignOf({ scope }: Context, nodeId: NodeId): Promise<CampaignRow> {
  const campaign = await scope.db.campaign.findFirst({ where: { id: idOf('Campaign', nodeId) } });
  if (!campaign) throw new Fault('NOT_FOUND', 'There is no such campaign.');
  return campaign;
}

function followProgress(context: Context, { id: campaignId }: CampaignRow) {
  const { scope } = context;
  return live(context, async function* (signal) {
    yield* followLatest(await listen(scope.bus, [campaignTopic(campaignId)], signal), {
      read: () => campaignProgress(scope, { campaignId }),
      version: ({ status, sequence }) => `${status} ${sequence}`,
      isLast: ({ status }) => isCampaignOver(status),
      pause: () => realTime.sleep(PAUSE_MS),
    });
  });
}

function followContacts(context: Context, { id: campaignId }: CampaignRow) {
  const { db, bus } = context.scope;
  return live(context, async function* (signal) {
    yield* followRows(single(await listen(bus, [campaignContactsTopic(campaignId)], signal)), ({ id }) => id, {
      present: () => db.campaignContact.findMany({ where: { campaignId }, orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }], take: PRESENT }),
      one: (id) => db.campaignContact.findFirst({ where: { id, campaignId } }),
      id: ({ id }) => id,
      version: ({ version }) => version,
    });
  });
}

/** Where many have changed at once, all are looked at again. */
async function* single(wakes: AsyncIterable<Wake<IdsMessage>>): AsyncGenerator<Wake<{ id: string }>, void> {
  for await (const wake of wakes) {
    if (wake.type === 'resync' || wake.payload.id === null) yield { type: 'resync' };
    else yield { type: 'message', payload: { id: wake.payload.id } };
  }
}
