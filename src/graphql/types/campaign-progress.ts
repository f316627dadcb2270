import type { CampaignProgress as ProgressShape } from '../../domain/campaigns/campaign-progress.ts';
import type { CampaignStatus as CampaignStatusName } from '../../generated/prisma/client.ts';
import { dollars } from '../../kit/money.ts';
import { builder } from '../builder.ts';
import { encodeNodeId } from '../node-ids.ts';
import { Money } from './money.ts';

export const CampaignStatus = builder.enumType('CampaignStatus', {
  description: 'Where a campaign stands: SCHEDULED → RUNNING ⇄ PAUSED → COMPLETED, or by CANCELING to CANCELED.',
  values: {
    DRAFT: { description: 'It is being put together.' },
    READY: { description: 'It can be launched.' },
    SCHEDULED: { description: 'It begins at its time.' },
    RUNNING: { description: 'People are called as their time comes.' },
    PAUSED: { description: 'Nobody else is called until it is resumed; see `pauseReason`.' },
    CANCELING: { description: 'Nobody else is called any more; live calls finish.' },
    CANCELED: { description: 'It was canceled, and no call is live.' },
    COMPLETED: { description: 'Everybody is over with.' },
    FAILED: { description: 'It could not begin; see `pauseReason`.' },
  } satisfies Record<CampaignStatusName, { description: string }>,
});

export const CampaignProgress = builder.objectRef<ProgressShape>('CampaignProgress').implement({
  description: 'How far a campaign is. The total is the sum of completed, inProgress, failed, pending, retrying and suppressed, always.',
  fields: (t) => ({
    campaignId: t.id({ description: 'The global id of the campaign.', resolve: ({ campaignId }) => encodeNodeId('Campaign', campaignId) }),
    status: t.expose('status', { type: CampaignStatus, description: 'Where it stands.' }),
    sequence: t.exposeInt('sequence', { description: 'Grows with every change: of two, the one with the higher is the later.' }),
    at: t.expose('at', { type: 'DateTime', description: 'The instant that it tells of.' }),
    total: t.exposeInt('total', { description: 'The people of the campaign.' }),
    completed: t.exposeInt('completed', { description: 'Who answered, or did not want to.' }),
    inProgress: t.exposeInt('inProgress', { description: 'Who is being called.' }),
    failed: t.exposeInt('failed', { description: 'Who was not reached, cannot be, or was not called before the end.' }),
    pending: t.exposeInt('pending', { description: 'Who has not been called.' }),
    retrying: t.exposeInt('retrying', { description: 'Who is called again.' }),
    suppressed: t.exposeInt('suppressed', { description: 'Who must not be called.' }),
    percent: t.exposeFloat('percent', { description: 'Of all people, those who are over with: 0 to 100.' }),
    answered: t.exposeInt('answered', { description: 'Calls that a person answered.' }),
    attempts: t.exposeInt('attempts', { description: 'Calls that were placed.' }),
    cost: t.field({ type: Money, description: 'What all its calls cost so far.', resolve: ({ costMicros }) => dollars(costMicros) }),
    etaSeconds: t.exposeInt('etaSeconds', {
      nullable: true,
      description: 'Seconds to the end at the pace of the last minutes; null where there is none yet, or it does not run.',
    }),
  }),
});
