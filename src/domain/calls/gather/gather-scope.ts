import type { RootDb } from '../../../db/client.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import type { Logger } from '../../../kit/logger.ts';
import type { Carrier } from '../../../ports/carrier.ts';
import type { TextModel } from '../../../ports/text-model.ts';
import type { KeptTimes } from '../../bookings/taken-times.ts';
import type { PriceList } from '../costs/pricing.ts';

/** What a call needs that goes by the carrier's own speech, in turns. */
export interface GatherScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly carrier: Carrier;
  readonly config: { readonly publicUrl: string; readonly prices: PriceList };
  /** Null: messages are recorded, and nothing is answered. */
  readonly textModel: TextModel | null;
  readonly keptTimes?: KeptTimes;
}

/** Somebody works on the call just now: a bridge, or a process that thinks about the next answer. */
export const isHeld = ({ bridgeId, bridgeAliveUntil }: Pick<Call, 'bridgeId' | 'bridgeAliveUntil'>, now: Date): boolean =>
  bridgeId !== null && bridgeAliveUntil !== null && bridgeAliveUntil > now;
